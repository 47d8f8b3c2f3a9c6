extension SequenceSearch {

  /// The most that a sequence may cost more than the best and be gone on from.
  private static let tolerance = 0.03

  /// Improves on the best sequence with `limit` moves: leaves out many recomputations that are near each other, and mends
  /// what is then beyond the budget.
  ///
  /// - Source: large neighbourhood search (Shaw, 1998) with the greedy repair of the first sequences.
  mutating func rebuild(moves limit: Int) {
    let end = moves - limit
    guard var current = best, current.cost > 0 else { return }
    while moves > end, !isOver, !current.insertions.isEmpty {
      var insertions = ruined(current.insertions)
      guard repair(&insertions, tries: 8) else { continue }
      clean(&insertions)
      let cost = score(insertions).cost
      guard let best else { return }
      if Double(cost) <= Double(best.cost) * (1 + Self.tolerance * random.unit()) { current = (cost, insertions) }
    }
  }

  /// Returns `insertions` without some that are executed in a row, or whose operations are in a row.
  private mutating func ruined(_ insertions: [Insertion]) -> [Insertion] {
    let count = 1 + random.below(max(1, insertions.count / 2))
    let start = random.below(insertions.count - count + 1)
    if random.unit() < 0.5 { return Array(insertions[..<start] + insertions[(start + count)...]) }
    let order = insertions.sorted { ($0.operation, $0.position) < ($1.operation, $1.position) }
    let gone = Set(order[start..<start + count])
    return insertions.filter { !gone.contains($0) }
  }

}
