import IR
import Operations

extension StepAnalysis {

  /// The most instructions whose ancestors are looked for.
  private static let countedDescendants = 8192

  /// Returns for each instruction of the forward part how many others of it depend on its results.
  ///
  /// The counts are true ones up to 8,192 instructions. Above, every *k*-th instruction is looked for, with the least *k*
  /// that leaves no more than 8,192, and the numbers found are multiplied by *k*.
  ///
  /// - Complexity: O(min(*n*, 8,192) / 64 · *m*) where *m* is the number of operands.
  package func forwardDescendants() -> [Int] {
    let stride = max(1, (forwardCount + Self.countedDescendants - 1) / Self.countedDescendants)
    var counts = [Int](repeating: 0, count: forwardCount)
    var first = 0
    while first < forwardCount {
      add(targets: first, stride: stride, to: &counts)
      first += 64 * stride
    }
    return counts.map { $0 * stride }
  }

  /// Adds to `counts` how many of 64 instructions, `stride` apart from `first` on, depend on each instruction.
  private func add(targets first: Int, stride: Int, to counts: inout [Int]) {
    // bit j of reaching[i]: target j depends on instruction i, or is it
    var reaching = [UInt64](repeating: 0, count: forwardCount)
    let last = min(forwardCount - 1, first + 63 * stride)
    for i in (0...last).reversed() {
      counts[i] += reaching[i].nonzeroBitCount
      if i >= first, (i - first) % stride == 0 { reaching[i] |= 1 << UInt64((i - first) / stride) }
      if reaching[i] == 0 { continue }
      for o in function.instructions[i].operands {
        if let d = definition(of: o) { reaching[d.index] |= reaching[i] }
      }
    }
  }

}
