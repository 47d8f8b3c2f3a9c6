import Operations
import Support

/// The bytes of the arena that live values take.
///
/// All values are known beforehand, so they are ranked by offset once, and what is live is a set of ranks. As long as no
/// two live spans overlap, a new one overlaps some live span iff it overlaps the one before or after it in that order:
/// the one before ends last of all before, the one after starts first of all after. Two look-ups a definition therefore
/// prove the whole arena, for any number of live values; a sorted array would move all entries above the new one.
struct LiveSpans {

  private struct Span {

    let start: Int

    let end: Int

    let value: PlanValueIndex

  }

  /// In order of offset.
  private let spans: [Span]

  /// The position in `spans` by value; -1 for values without bytes and for those in storage.
  private var ranks: [Int]

  private var live: PositionSet

  /// - Complexity: O(*n* log *n*) in the number of values.
  init(_ values: [PlanValue]) {
    spans = values.enumerated().compactMap { (i, v) in Self.span(i, v) }
      .sorted { ($0.start, $0.value) < ($1.start, $1.value) }
    ranks = .init(repeating: -1, count: values.count)
    for (rank, s) in spans.enumerated() { ranks[s.value] = rank }
    live = .init(bound: spans.count + 1)
  }

  /// Returns a live value that overlaps `range`, or `nil` if there is none.
  ///
  /// - Complexity: O(log *n*).
  func overlap(with range: Range<Int>) -> PlanValueIndex? {
    // the first span that starts at or behind the end; the one before it among the live ones ends last
    var (low, high) = (0, spans.count)
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].start < range.upperBound { low = middle + 1 } else { high = middle }
    }
    guard !range.isEmpty, let before = live.last(before: low), spans[before].end > range.lowerBound else { return nil }
    return spans[before].value
  }

  private static func span(_ index: Int, _ value: PlanValue) -> Span? {
    switch value.place {
    case .storage: return nil
    case .arena(let offset):
      let size = value.type.size.value
      return size == 0 ? nil : .init(start: offset, end: offset.addedSaturating(to: size), value: index)
    }
  }

  /// Makes `value` live unless it overlaps a live value, which is returned.
  mutating func insert(_ value: PlanValueIndex) -> PlanValueIndex? {
    let rank = ranks[value]
    if rank < 0 { return nil }
    if let before = live.last(before: rank), spans[before].end > spans[rank].start { return spans[before].value }
    if let after = live.first(after: rank), spans[after].start < spans[rank].end { return spans[after].value }
    live.insert(rank)
    return nil
  }

  /// Ends the life of `value`.
  mutating func remove(_ value: PlanValueIndex) {
    if ranks[value] >= 0 { live.remove(ranks[value]) }
  }

}
