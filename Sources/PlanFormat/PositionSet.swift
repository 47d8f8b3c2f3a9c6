/// A set of positions below a fixed bound that finds neighbours.
///
/// Level 0 has one bit a position, each level above one bit for each word of the level below that is not 0, so that a
/// neighbour is found by looking at one word a level on the way up and one on the way down.
struct PositionSet {

  /// The words of each level; the last has one.
  private var levels: [[UInt64]] = []

  /// Creates an empty set of positions in `0..<bound`.
  init(bound: Int) {
    var count = bound
    repeat {
      count = (count + 63) / 64
      levels.append(.init(repeating: 0, count: max(1, count)))
    } while count > 1
  }

  /// Adds `position`.
  ///
  /// - Complexity: O(log *bound*), base 64; so for all that follows.
  mutating func insert(_ position: Int) {
    var i = position
    for l in levels.indices {
      levels[l][i >> 6] |= 1 << UInt64(i & 63)
      i >>= 6
    }
  }

  /// Removes `position`.
  mutating func remove(_ position: Int) {
    var i = position
    for l in levels.indices {
      levels[l][i >> 6] &= ~(1 << UInt64(i & 63))
      if levels[l][i >> 6] != 0 { return }
      i >>= 6
    }
  }

  /// Returns the greatest element less than `position`.
  func last(before position: Int) -> Int? {
    var i = position
    for l in levels.indices {
      let word = levels[l][i >> 6] & ((1 << UInt64(i & 63)) - 1)
      if word != 0 { return descend(l, (i & ~63) + 63 - word.leadingZeroBitCount) { 63 - $0.leadingZeroBitCount } }
      i >>= 6
    }
    return nil
  }

  /// Returns the least element greater than `position`.
  func first(after position: Int) -> Int? {
    var i = position
    for l in levels.indices {
      let word = levels[l][i >> 6] & ~(UInt64.max >> UInt64(63 - (i & 63)))
      if word != 0 { return descend(l, (i & ~63) + word.trailingZeroBitCount) { $0.trailingZeroBitCount } }
      i >>= 6
    }
    return nil
  }

  /// Returns the element that `choose` leads to from bit `i` of level `level`.
  private func descend(_ level: Int, _ i: Int, _ choose: (UInt64) -> Int) -> Int {
    var i = i
    for l in (0..<level).reversed() { i = i << 6 + choose(levels[l][i]) }
    return i
  }

}
