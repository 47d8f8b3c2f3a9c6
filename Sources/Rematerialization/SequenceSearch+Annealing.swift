import Glibc

extension SequenceSearch {

  /// Where the annealing stands.
  private struct State {
    var insertions: [Insertion]
    var score: SequenceScore
    var lives: SequenceLives?

    /// The cost that a byte of excess counts as much as.
    var penalty: Double

    /// The number of states in a row within the budget, negative for those outside.
    var streak = 0
  }

  /// Improves on the best sequence with `limit` moves, or until the clock ends, from hot to cold.
  ///
  /// Where none is within the budget it starts from the one with the least excess.
  mutating func anneal(moves limit: Int) {
    let insertions = best?.insertions ?? nearest?.insertions ?? []
    let start = score(insertions)
    if start.cost == 0, start.excess == 0 { return }
    let plain = evaluator.score([], budget: budget)
    var state = State(
      insertions: insertions, score: start,
      penalty: (best == nil ? 30 : 3) * Double(max(1, start.cost)) / Double(max(1, plain.excess)))
    let end = moves - limit
    while moves > end, !isOver {
      let progress = max(1 - Double(moves - end) / Double(limit), clock.progress)
      let temperature = Double(start.cost) * 0.03 * exp2(-6 * progress)
      step(&state, temperature)
    }
  }

  private mutating func step(_ state: inout State, _ temperature: Double) {
    guard let new = neighbour(of: &state) else {
      moves -= 1
      return
    }
    let s = score(new)
    let change = Double(s.cost - state.score.cost) + state.penalty * Double(s.excess - state.score.excess)
    guard change <= 0 || random.unit() < exp(-change / temperature) else { return }
    (state.insertions, state.score, state.lives) = (new, s, nil)
    offer(new, s)
    oscillate(&state)
  }

  /// Lets the penalty follow on which side of the budget the search stays.
  private func oscillate(_ state: inout State) {
    if state.score.excess == 0 {
      state.streak = max(1, state.streak + 1)
      if state.streak % 400 == 0 { state.penalty *= 0.97 }
    } else {
      state.streak = min(-1, state.streak - 1)
      if state.streak % 400 == 0 { state.penalty *= 1.05 }
    }
  }

  private mutating func neighbour(of state: inout State) -> [Insertion]? {
    let u = random.unit()
    if u < 0.4 || state.insertions.isEmpty {
      let lives = state.lives ?? SequenceLives(state.insertions, evaluator)
      state.lives = lives
      let isAtPeak = state.score.excess > 0 && random.unit() < 0.8
      return evicting(
        at: isAtPeak ? state.score.peakSlot : random.below(lives.operations.count), lives, state.insertions)
    }
    if evaluator.hasFetches, random.unit() < 0.2 { return choosingAgain(state.insertions) }
    var new = state.insertions
    let old = new.remove(at: random.below(new.count))
    if u < 0.72 {
      if random.unit() < 0.3, !new.isEmpty { new.remove(at: random.below(new.count)) }
      return new
    }
    if u < 0.88 {
      let reach = 1 + random.below(8)
      let position = random.unit() < 0.5 ? old.position - reach : old.position + reach
      let first = old.operation < 0 ? evaluator.fetchStart : old.operation + 1
      inserting(
        .init(position: min(max(position, first), evaluator.lastPosition), operation: old.operation), into: &new)
      return new
    }
    let s = score(new)
    return s.excess == 0 ? new : evicting(at: s.peakSlot, SequenceLives(new, evaluator), new)
  }

}
