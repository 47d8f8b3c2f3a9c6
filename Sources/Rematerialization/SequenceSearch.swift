/// The recomputations of a sequence within the budget, and what they cost.
typealias FoundSequence = (cost: Int, insertions: [Insertion])

/// A local search for the cheapest sequence within a budget of live bytes.
///
/// - Source: simulated annealing (Kirkpatrick, Gelatt, Vecchi, 1983) over sequences, with a penalty for excess that rises
///   while the search is outside of the budget and falls while it is inside (strategic oscillation; Glover, 1977).
struct SequenceSearch {

  var evaluator: SequenceEvaluator

  let budget: Int

  var random: SolverRandom

  /// The moves that may still be tried.
  var moves: Int

  /// The cheapest sequence within the budget so far.
  private(set) var best: FoundSequence?

  /// Sequences within the budget to go on from.
  private var collected: [FoundSequence] = []

  /// The sequence with the least excess so far, where none is within the budget.
  private(set) var nearest: (excess: Int, insertions: [Insertion])?

  /// The probability that an operand that is not at hand is recomputed, too, rather than kept longer.
  private var depthBias = 0.6

  /// The probability that a value that may be fetched is, rather than made again.
  private var fetchBias = 0.5

  /// The part of its copy's duration that a fetch begins before the use.
  private var lead = 1.0

  /// How likely all fetches are, and their `lead`, or `nil` where chance decides.
  var fixedFetches: (bias: Double, lead: Double)?

  /// How much a costly value is less likely to be evicted than a cheap one.
  private let aversion: Double

  var clock: SolverClock

  /// No sequence costs less.
  var target = 0

  init(_ p: RematerializationProblem, budget: Int, moves: Int, seed: UInt64, clock: SolverClock) {
    evaluator = .init(p)
    self.budget = budget
    self.moves = moves
    random = .init(seed: seed)
    aversion = 40 / Double(max(p.cost, 1))
    self.clock = clock
  }

  /// `true` iff no more moves may be tried, or none is worth it.
  var isOver: Bool { moves <= 0 || isClosed || clock.isOver }

  /// `true` iff no sequence costs less than the best.
  private var isClosed: Bool { best.map { $0.cost <= target } ?? false }

  /// Returns the score of `insertions`.
  mutating func score(_ insertions: [Insertion]) -> SequenceScore {
    moves -= 1
    return evaluator.score(insertions, budget: budget)
  }

  /// Remembers `insertions` if they are the best so far.
  mutating func offer(_ insertions: [Insertion], _ s: SequenceScore) {
    if s.excess == 0, best.map({ s.cost < $0.cost }) ?? true { best = (s.cost, insertions) }
    if best == nil, nearest.map({ s.excess < $0.excess }) ?? true { nearest = (s.excess, insertions) }
  }

  /// Remembers `insertions` as something to go on from, if they are within the budget.
  mutating func collect(_ insertions: [Insertion]) {
    let s = score(insertions)
    offer(insertions, s)
    if s.excess == 0 { collected.append((s.cost, insertions)) }
  }

  /// Returns the cheapest of the collected sequences, at most `count`, and the best.
  func startingPoints(_ count: Int) -> [FoundSequence] {
    var (points, seen) = ([FoundSequence](), Set<[Insertion]>())
    for p in ([best].compactMap(\.self) + collected).sorted(by: { $0.cost < $1.cost }) {
      if points.count < count, seen.insert(p.insertions).inserted { points.append(p) }
    }
    return points
  }

  /// Goes on from `start` instead of the best sequence.
  mutating func restart(from start: FoundSequence) { (best, collected) = (start, []) }

  /// Inserts `new` at its place in `insertions`; returns `false` if it was there.
  @discardableResult
  func inserting(_ new: Insertion, into insertions: inout [Insertion]) -> Bool {
    var (low, high) = (0, insertions.count)
    while low < high {
      let middle = (low + high) / 2
      if insertions[middle] < new { low = middle + 1 } else { high = middle }
    }
    if low < insertions.count, insertions[low] == new { return false }
    insertions.insert(new, at: low)
    return true
  }

  /// Returns `insertions` with one value recomputed that is live at `slot` without being touched, or `nil` if there is none.
  ///
  /// Its operands are recomputed, too, with some probability where they are not at hand; else they live longer. What may be
  /// fetched is, with some probability.
  mutating func evicting(at slot: Int, _ lives: SequenceLives, _ insertions: [Insertion]) -> [Insertion]? {
    var total = 0.0
    for i in lives.intervals where i.from < slot && slot < i.to { total += weight(i.value) }
    var rest = random.unit() * total
    for i in lives.intervals where i.from < slot && slot < i.to {
      rest -= weight(i.value)
      if rest > 0 { continue }
      var new = insertions
      depthBias = random.unit() < 0.5 ? 0.6 : random.unit()
      if evaluator.hasFetches { drawFetches() }
      recompute(i.value, at: lives.positions[i.to], slot: i.to, lives, &new, depth: 6, after: lives.positions[i.from])
      return new
    }
    return nil
  }

  /// Lets chance say how likely fetches are, and how early: in time, as late as possible, or in between.
  private mutating func drawFetches() {
    if let fixedFetches {
      (fetchBias, lead) = fixedFetches
      return
    }
    fetchBias = random.unit() < 0.5 ? 0.5 : random.unit()
    let u = random.unit()
    lead = u < 0.4 ? 1 : u < 0.7 ? 0 : random.unit()
  }

  private func weight(_ v: Int) -> Double {
    Double(evaluator.bytes[v]) / (1 + Double(evaluator.leastCost[v]) * aversion)
  }

  /// Returns `insertions` with the values of `intervals` recomputed at their ends, with whatever of their operands is not
  /// there; or fetched, where that may be, `lead` of the duration of a copy before the end, unless that is `nil`.
  mutating func evicting(
    _ intervals: [SequenceLives.Interval], fetching lead: Double? = nil, _ lives: SequenceLives,
    _ insertions: [Insertion]
  ) -> [Insertion] {
    var new = insertions
    (depthBias, fetchBias, self.lead) = (1, lead == nil ? 0 : 1, lead ?? 1)
    for i in intervals {
      recompute(
        i.value, at: lives.positions[i.to], slot: i.to, lives, &new, depth: 16, after: lives.positions[i.from])
    }
    return new
  }

  private mutating func recompute(
    _ v: Int, at position: Int, slot: Int, _ lives: SequenceLives, _ insertions: inout [Insertion], depth: Int,
    after last: Int = -1, fetching isWanted: Bool? = nil
  ) {
    let o = evaluator.definition[v]
    if mayBeFetched(v, at: position), isWanted ?? isToBeFetched(v) {
      let p = fetchPosition(v, at: position, after: last)
      inserting(.init(position: p, operation: evaluator.fetch[v]), into: &insertions)
      return
    }
    if !evaluator.isRecomputable[o] || o >= position || position > evaluator.lastPosition { return }
    let isNew = inserting(.init(position: position, operation: o), into: &insertions)
    // where nothing is left to chance, what was inserted before has its operands, too
    if depth == 0 || !isNew && depthBias == 1 { return }
    for x in evaluator.operandStart[o]..<evaluator.operandStart[o + 1] {
      let w = evaluator.operand[x]
      if lives.isRetained(w, at: slot) || random.unit() > depthBias { continue }
      recompute(w, at: position, slot: slot, lives, &insertions, depth: depth - 1)
    }
  }

  /// `true` iff `v` may be fetched at `position`.
  private func mayBeFetched(_ v: Int, at position: Int) -> Bool {
    evaluator.fetch[v] < 0 && position >= evaluator.fetchStart && position <= evaluator.lastPosition
  }

  /// `true` iff `v` cannot be made again, or chance has it fetched.
  private mutating func isToBeFetched(_ v: Int) -> Bool {
    if !evaluator.isRecomputable[evaluator.definition[v]] || fetchBias == 1 { return true }
    return fetchBias > 0 && random.unit() < fetchBias
  }

  /// Returns `insertions` with something fetched instead of made again, or the other way round; `nil` if what was taken can
  /// only be one of both.
  mutating func choosingAgain(_ insertions: [Insertion]) -> [Insertion]? {
    var new = insertions
    let old = new.remove(at: random.below(new.count))
    let o = evaluator.index(old.operation)
    let results = evaluator.resultStart[o]..<evaluator.resultStart[o + 1]
    guard let v = results.map({ evaluator.result[$0] }).first(where: { evaluator.fetch[$0] < 0 }) else { return nil }
    let lives = SequenceLives(new, evaluator)
    let gap = lives.intervals.first { (i) in
      i.value == v && lives.positions[i.from] <= old.position && old.position <= lives.positions[i.to]
    }
    guard let gap else { return new }
    depthBias = random.unit() < 0.5 ? 1 : random.unit()
    drawFetches()
    recompute(
      v, at: lives.positions[gap.to], slot: gap.to, lives, &new, depth: 6, after: lives.positions[gap.from],
      fetching: old.operation >= 0)
    return new
  }

  /// Returns where the fetch of `v` is inserted for its use at `position`: behind `last`, where it was used before, and by
  /// the `lead` earlier than it is used.
  private func fetchPosition(_ v: Int, at position: Int, after last: Int) -> Int {
    var time = Int(Double(evaluator.duration[v]) * lead)
    var p = position
    let first = max(evaluator.fetchStart, last + 1)
    while p > first, time > 0 {
      p -= 1
      time -= evaluator.cost[p]
    }
    return p
  }

  /// Makes `insertions` fit the budget, greedily: of `tries` evictions where the budget is exceeded, the one that frees
  /// most for its cost, again and again. Returns `false` if it does not get there.
  mutating func repair(_ insertions: inout [Insertion], tries: Int) -> Bool {
    var s = score(insertions)
    while s.excess > 0 {
      let lives = SequenceLives(insertions, evaluator)
      var found: (value: Double, insertions: [Insertion], score: SequenceScore)?
      for t in 0..<tries {
        if isOver { return false }
        let slot = t % 2 == 0 ? s.peakSlot : slotOverBudget(s, lives, insertions)
        guard let new = evicting(at: slot, lives, insertions) else { continue }
        let after = score(new)
        if after.excess >= s.excess { continue }
        let value = Double(s.excess - after.excess) / Double(max(1, after.cost - s.cost))
        if found.map({ value > $0.value }) ?? true { found = (value, new, after) }
      }
      guard let found else {
        offer(insertions, s)
        return false
      }
      (insertions, s) = (found.insertions, found.score)
    }
    offer(insertions, s)
    return true
  }

  /// Returns a random execution near the peak.
  private mutating func slotOverBudget(_ s: SequenceScore, _ lives: SequenceLives, _ insertions: [Insertion]) -> Int {
    let reach = max(2, lives.operations.count / 8)
    return min(max(0, s.peakSlot - reach / 2 + random.below(reach)), lives.operations.count - 1)
  }

  /// Leaves out every recomputation but those of `kept`, the costliest first, without which `insertions` still fit.
  mutating func clean(_ insertions: inout [Insertion], but kept: Set<Insertion> = []) {
    let order = insertions.filter { !kept.contains($0) }.sorted { (a, b) in
      let (c, d) = (evaluator.cost[evaluator.index(a.operation)], evaluator.cost[evaluator.index(b.operation)])
      return c != d ? c > d : a < b
    }
    for i in order {
      if isOver { return }
      let without = insertions.filter { $0 != i }
      let s = score(without)
      if s.excess > 0 { continue }
      insertions = without
      offer(without, s)
    }
  }

}
