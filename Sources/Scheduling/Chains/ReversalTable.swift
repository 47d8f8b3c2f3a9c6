/// What is done to reverse a chain, step by step.
///
/// State `k` is what stage `k` starts from: the input for 0, what stage `k - 1` ends with for others. Stages are run
/// forward as far as `keep` and `record` need.
package enum ChainAction: Hashable, Sendable {

  /// State `k` is computed from the nearest state below that is there, and kept.
  case keep(state: Int)

  /// State `k` is no longer needed.
  case release(state: Int)

  /// Stage `s` is run and all that backward reads of it is kept; `isLast` iff its gradient is computed next.
  case record(stage: Int, isLast: Bool)

  /// The gradient of stage `s` is computed, and what was recorded of the stage is no longer needed.
  case reverse(stage: Int)

}

/// The optimal reversals of chains of equal stages with a number of slots, each for one state.
///
/// The start takes a slot too. *T*(*n*, *s*) is the least number of stages run forward, each stage's recording included:
///
///     T(1, s) = 1,  T(n, 0) = ∞,  T(n, s) = min over 0 < k < n of k + T(n − k, s − 1) + T(k, s)
///
/// Of equals the smallest `k`. Where `holdsRecords`, a slot may also hold what was recorded of one stage:
/// *T*(*n*, *s*) is at most 1 + *T*(*n* − 1, *s* − 1).
///
/// - Source: Griewank, Walther: Algorithm 799: Revolve, 2000. Mixed slots: Maddison: Step-based checkpointing with
///   high-level algorithmic differentiation, 2024.
package struct ReversalTable: Sendable {

  private let slots: Int

  /// *T*(*n*, *s*) at `n * (slots + 1) + s`.
  private var steps: [Int]

  /// The `k` of the minimum, 0 for recording the first stage.
  private var choices: [Int]

  /// What cannot be done.
  private static let never = Int.max / 4

  /// - Requires: `stages` is at least 1; `slots` at least 1.
  /// - Complexity: O(*n*²·*s*).
  package init(stages: Int, slots: Int, holdsRecords: Bool) {
    self.slots = slots
    steps = .init(repeating: Self.never, count: (stages + 1) * (slots + 1))
    choices = .init(repeating: 0, count: steps.count)
    for s in 0...slots { steps[index(1, s)] = 1 }
    if stages == 1 { return }
    for n in 2...stages { for s in 1...slots { fill(n, s, holdsRecords) } }
  }

  private func index(_ n: Int, _ s: Int) -> Int { n * (slots + 1) + s }

  private mutating func fill(_ n: Int, _ s: Int, _ holdsRecords: Bool) {
    var best = (steps: Self.never, choice: n - 1)
    if holdsRecords { best = (1 + steps[index(n - 1, s - 1)], 0) }
    for k in 1..<n {
      let total = k + steps[index(n - k, s - 1)] + steps[index(k, s)]
      if total < best.steps { best = (total, k) }
    }
    (steps[index(n, s)], choices[index(n, s)]) = best
  }

  /// Returns *T*(*n*, *s*).
  ///
  /// - Requires: the table has as many stages and slots.
  package func forwardSteps(stages n: Int, slots s: Int) -> Int { steps[index(n, s)] }

  /// Returns how the chain of `stages` is reversed with all slots.
  ///
  /// - Complexity: O(*T*(*n*, *s*)); recursive to a depth of *n*.
  package func actions(stages: Int) -> [ChainAction] {
    var all: [ChainAction] = []
    append(0, stages, slots, to: &all)
    return all
  }

  /// Appends the reversal of the stages from `a` up to `b`, whose start is there.
  private func append(_ a: Int, _ b: Int, _ s: Int, to all: inout [ChainAction]) {
    if b - a == 1 {
      all += [.record(stage: a, isLast: true), .reverse(stage: a)]
      return
    }
    let k = choices[index(b - a, s)]
    if k == 0 {
      all.append(.record(stage: a, isLast: false))
      append(a + 1, b, s - 1, to: &all)
      all.append(.reverse(stage: a))
      return
    }
    all.append(.keep(state: a + k))
    append(a + k, b, s - 1, to: &all)
    all.append(.release(state: a + k))
    append(a, a + k, s, to: &all)
  }

  /// Returns the least number of stages that are run forward beside the recording of each, where slots hold states:
  /// with *r* = min { *r* : C(*s* + *r*, *s*) ≥ *n* }, *r*·*n* − C(*s* + *r*, *s* + 1).
  ///
  /// - Requires: both are at least 1.
  /// - Complexity: O(*r*).
  package static func extraSteps(stages n: Int, slots s: Int) -> Int {
    // c = C(s + r, s), below = C(s + r, s + 1) = c · r / (s + 1)
    var (r, c) = (0, 1)
    while c < n {
      r += 1
      c = c * (s + r) / r
    }
    return r * n - c * r / (s + 1)
  }

}
