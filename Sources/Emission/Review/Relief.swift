package import PlanFormat

/// What it would bring at the peak to delete a saved value and compute it again.
package struct Relief: Hashable, Sendable {

  package let value: PlanValueIndex

  /// The bytes that it would free at the peak.
  package let bytes: Int

  /// The least that the most live bytes of the arena could then be: what is computed again needs room, too.
  package let liveBytes: Int

  /// What would have to be executed; `nil` if that is a long chain or cannot be repeated.
  package let recomputation: Recomputation?

}

extension ProgramReview {

  /// The saved values that are live at the peak and not read by it, those that bring most first.
  ///
  /// - Complexity: O(*n* log *n*) where *n* is the number of operands.
  package var reliefs: [Relief] {
    if program.instructions.isEmpty { return [] }
    let candidates = live(at: peak).filter {
      $0.category == .saved && !program.instructions[peak].operands.contains($0.value)
    }
    let gaps = gaps(around: peak)
    let most = RangeMaximum(liveBytes)
    let all = candidates.compactMap { (v) -> Relief? in
      let gap = gaps.last[v.value] + 1..<gaps.next[v.value]
      guard gap.upperBound < liveBytes.count else { return nil }
      let inside = most(in: gap) - v.bytes
      let outside = max(most(in: 0..<gap.lowerBound), most(in: gap.upperBound..<liveBytes.count))
      let again = recomputation(of: v.value, at: gap.upperBound)
      return .init(value: v.value, bytes: v.bytes, liveBytes: max(inside, outside), recomputation: again)
    }
    return all.sorted { ($0.liveBytes, -$0.bytes, $0.value) < ($1.liveBytes, -$1.bytes, $1.value) }
  }

  /// Returns for each version the last instruction before `position` and the first behind it that define, read or delete
  /// it; the number of instructions where there is none.
  func gaps(around position: Int) -> (last: [Int], next: [Int]) {
    let count = program.instructions.count
    var (last, next) = ([Int](repeating: -1, count: versions.count), [Int](repeating: count, count: versions.count))
    for t in 0..<position {
      let i = program.instructions[t]
      for v in i.operands + i.results { last[v] = t }
    }
    for t in stride(from: count - 1, to: position, by: -1) {
      for v in program.instructions[t].operands { next[v] = t }
    }
    return (last, next)
  }

}
