/// The orders in which first fit places buffers.
package enum GreedyOrder: CaseIterable, Sendable {

  /// Largest first.
  case size

  /// Largest product of size and lifetime first.
  case area

  /// Longest-lived first.
  case lifetime

}

extension PlanningProblem {

  /// Returns the layout that places buffers one by one in `order`, each at the lowest offset that is free for its whole
  /// life.
  ///
  /// - Complexity: O(*n*²) in the number of buffers, and a sort of the conflicts of each.
  /// - Source: greedy by size, Pisarchyk & Lee, Efficient Memory Management for Deep Neural Net Inference, 2020.
  package func firstFit(in order: GreedyOrder) -> ArenaLayout {
    var offsets = [Int](repeating: 0, count: buffers.count)
    var placed: [Int] = []
    for i in sorted(by: order) where buffers[i].size > 0 {
      offsets[i] = lowestFit(of: i, among: placed, offsets)
      placed.append(i)
    }
    return .init(offsets: offsets, of: self)
  }

  func sorted(by order: GreedyOrder) -> [Int] {
    func key(_ b: PlannedBuffer) -> (Int, Int) {
      switch order {
      case .size: (b.size, b.death - b.birth)
      case .area:
        (b.size.multipliedFullWidth(by: b.death - b.birth).high == 0 ? b.size &* (b.death - b.birth) : .max, b.size)
      case .lifetime: (b.death - b.birth, b.size)
      }
    }
    return buffers.indices.sorted { (l, r) in
      let (a, b) = (key(buffers[l]), key(buffers[r]))
      return a != b ? a > b : l < r
    }
  }

  private func lowestFit(of i: Int, among placed: [Int], _ offsets: [Int]) -> Int {
    let b = buffers[i]
    let conflicts = placed.filter { buffers[$0].birth < b.death && b.birth < buffers[$0].death }
    var offset = 0
    for c in conflicts.sorted(by: { (offsets[$0], $0) < (offsets[$1], $1) }) {
      if offset + b.size <= offsets[c] { break }
      offset = max(offset, offsets[c] + rounded(buffers[c].size))
    }
    return offset
  }

}
