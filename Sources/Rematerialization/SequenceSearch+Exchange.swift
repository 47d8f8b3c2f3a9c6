extension SequenceSearch {

  /// Improves on the best sequence with `limit` moves, which are not taken from those that are left: evicts one value more,
  /// or one of each of several layers that are alike, and leaves out what that makes needless.
  ///
  /// Where several cheap evictions do what a dear one does for less, annealing would have to pass by sequences that cost
  /// more than any it is likely to accept. Those that move the most bytes are tried first, until none is worth it.
  ///
  /// - Source: an ejection chain (Glover, 1996) of one insertion and any number of removals.
  mutating func exchange(moves limit: Int) {
    let left = moves
    moves = limit
    defer { moves = left }
    var isBetter = true
    while isBetter, !isOver, let start = best, start.cost > 0 {
      isBetter = false
      let lives = SequenceLives(start.insertions, evaluator)
      for group in groups(of: lives, below: start.cost) {
        if isOver { return }
        isBetter = exchange(group, fetching: nil, start, lives)
        for lead in [1.0, 0.0] where !isBetter && evaluator.hasFetches {
          isBetter = exchange(group, fetching: lead, start, lives)
        }
        if isBetter { break }
      }
    }
  }

  /// Evicts `group` from `start`, or lets it be fetched as `lead` says, and leaves out what that makes needless;
  /// returns whether that is better than `start`.
  private mutating func exchange(
    _ group: [SequenceLives.Interval], fetching lead: Double?, _ start: FoundSequence, _ lives: SequenceLives
  ) -> Bool {
    var insertions = evicting(group, fetching: lead, lives, start.insertions)
    let s = score(insertions)
    if s.excess > 0 || insertions.count == start.insertions.count { return false }
    clean(&insertions, but: Set(insertions).subtracting(start.insertions))
    if group.count > 1 { clean(&insertions) }
    guard let found = best else { return false }
    return found.cost < start.cost
  }

  /// What values of layers that are alike have in common.
  private struct Kind: Hashable {
    let bytes: Int
    let cost: Int
    let operands: [Int]
  }

  /// Returns the intervals that may be worth it alone, and those of values of one kind: all of them and each half.
  private func groups(of lives: SequenceLives, below cost: Int) -> [[SequenceLives.Interval]] {
    let e = evaluator
    let single = lives.intervals.filter { $0.to > $0.from + 2 && e.leastCost[$0.value] < cost }
    var groups = single.map { [$0] }
    var kinds: [Kind: Int] = [:]
    var alike: [[SequenceLives.Interval]] = []
    for i in single where i.to - i.from > lives.operations.count / 16 {
      let o = e.definition[i.value]
      let operands = (e.operandStart[o]..<e.operandStart[o + 1]).map { e.bytes[e.operand[$0]] }
      let kind = Kind(bytes: e.bytes[i.value], cost: e.cost[o], operands: operands)
      if let k = kinds[kind] {
        alike[k].append(i)
      } else {
        kinds[kind] = alike.count
        alike.append([i])
      }
    }
    for g in alike where g.count > 1 {
      groups.append(g)
      if g.count > 3 { groups += [Array(g[..<(g.count / 2)]), Array(g[(g.count / 2)...])] }
    }
    func bytes(_ g: [SequenceLives.Interval]) -> Int { g.reduce(0) { $0 + e.bytes[$1.value] } }
    return groups.sorted { (bytes($0), $0[0].from, $0.count) > (bytes($1), $1[0].from, $1.count) }
  }

}
