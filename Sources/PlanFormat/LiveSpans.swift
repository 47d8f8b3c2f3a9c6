import Operations
import Support

/// The bytes of the arena that live values take.
///
/// All values are known beforehand, so they are ranked by offset once, and what is live is a set of ranks. As long as no
/// two live spans overlap, a new one overlaps some live span iff it overlaps the one before or after it in that order:
/// the one before ends last of all before, the one after starts first of all after. Two look-ups a definition therefore
/// prove the whole arena, for any number of live values; a sorted array would move all entries above the new one.
struct LiveSpans {

  private let values: [PlanValue]

  /// The values with bytes in the arena, in order of offset.
  private let order: [Int32]

  /// The position in `order` by value; -1 for values without bytes and for those in storage.
  private var ranks: [Int32]

  private var live: PositionSet

  /// - Complexity: O(*n* log *n*) in the number of values.
  init(_ values: [PlanValue]) {
    self.values = values
    var order: [Int32] = []
    order.reserveCapacity(values.count)
    for (i, v) in values.enumerated() where v.isInArena && v.type.size.value > 0 { order.append(Int32(i)) }
    order.sort { (values[Int($0)].start, $0) < (values[Int($1)].start, $1) }
    ranks = .init(repeating: -1, count: values.count)
    for (rank, v) in order.enumerated() { ranks[Int(v)] = Int32(rank) }
    live = .init(bound: order.count + 1)
    self.order = order
  }

  /// Returns a live value that overlaps `range`, or `nil` if there is none.
  ///
  /// - Complexity: O(log *n*).
  func overlap(with range: Range<Int>) -> PlanValueIndex? {
    // the first span that starts at or behind the end; the one before it among the live ones ends last
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if value(at: middle).start < range.upperBound { low = middle + 1 } else { high = middle }
    }
    guard !range.isEmpty, let before = live.last(before: low), value(at: before).end > range.lowerBound else {
      return nil
    }
    return Int(order[before])
  }

  private func value(at rank: Int) -> PlanValue { values[Int(order[rank])] }

  /// Makes `value` live unless it overlaps a live value, which is returned.
  mutating func insert(_ value: PlanValueIndex) -> PlanValueIndex? {
    let (rank, own) = (Int(ranks[value]), values[value])
    if rank < 0 { return nil }
    if let before = live.last(before: rank), self.value(at: before).end > own.start { return Int(order[before]) }
    if let after = live.first(after: rank), self.value(at: after).start < own.end { return Int(order[after]) }
    live.insert(rank)
    return nil
  }

  /// Ends the life of `value`.
  mutating func remove(_ value: PlanValueIndex) {
    if ranks[value] >= 0 { live.remove(Int(ranks[value])) }
  }

}

extension PlanValue {

  /// The offset of its first byte in the arena; 0 in storage.
  fileprivate var start: Int {
    switch place {
    case .arena(let offset): offset
    case .storage: 0
    }
  }

  /// The offset of the first byte behind it.
  fileprivate var end: Int { start.addedSaturating(to: type.size.value) }

}
