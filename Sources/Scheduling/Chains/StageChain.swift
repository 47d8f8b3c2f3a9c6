/// A chain of stages of different sizes, in units of memory and of cost.
///
/// Stage `i` makes state `i + 1` of state `i`. Memory is counted beside the start, which is always there.
package struct StageChain: Hashable, Sendable {

  package struct Stage: Hashable, Sendable {

    /// The cost of running it forward.
    package var forwardCost: Int

    /// The memory of what backward reads of it, state `i + 1` included.
    package var record: Int

    /// What running it forward takes beside its two states.
    package var forwardWorkspace: Int

    /// What computing its gradient takes beside the gradients of its two states.
    package var backwardWorkspace: Int

    package init(forwardCost: Int, record: Int, forwardWorkspace: Int, backwardWorkspace: Int) {
      self.forwardCost = forwardCost
      self.record = record
      self.forwardWorkspace = forwardWorkspace
      self.backwardWorkspace = backwardWorkspace
    }

  }

  package var stages: [Stage]

  /// The memory of each state, one more than stages; the first is not counted.
  package var states: [Int]

  /// The memory of the gradient of each state.
  package var gradients: [Int]

  package init(stages: [Stage], states: [Int], gradients: [Int]) {
    self.stages = stages
    self.states = states
    self.gradients = gradients
  }

}

/// The cheapest reversals of all parts of a chain in every memory up to a limit, of those that keep what they keep until
/// it is reversed.
///
/// With the states x, their gradients d, the records r and the workspaces f and b, all in memory, and the costs u,
/// *C*(*s*, *t*, *m*) is the least cost of the forward runs that lead from state *s*, which is there beside *m*, and the
/// gradient of state *t* + 1, which is in *m*, to the gradient of state *s*:
///
///     C(s, t, m) = min of
///       u(s) + C(s + 1, t, m − r(s))                         if m ≥ d(t + 1) + r(s) + f(s) and m ≥ d(s + 1) + d(s) + r(s) + b(s)
///       u(s) + … + u(k − 1) + C(k, t, m − x(k)) + C(s, k − 1, m)    over s < k ≤ t,
///                                                            if m ≥ d(t + 1) + x(j)[j > s] + x(j + 1) + f(j) for s ≤ j < k
///
/// where the first has no *C* if *s* = *t*, and gradients cost what they cost anyway. Of equals the first, then the
/// smallest *k*.
///
/// - Source: Beaumont, Eyraud-Dubois, Herrmann, Joly, Shilova: Optimal checkpointing for heterogeneous chains, 2019, whose
///   second condition takes the maximum over all *j* < *t*.
package struct StageChainTable: Sendable {

  private let chain: StageChain

  /// The largest memory of the table.
  package let memory: Int

  /// The number of stages.
  private let count: Int

  private var costs: [Int]

  /// The `k` of the minimum, 0 for recording stage `s`.
  private var choices: [UInt16]

  /// What does not fit.
  private static let never = Int.max / 4

  /// - Requires: the chain has from 1 to 65,535 stages.
  /// - Complexity: O(*n*³·*m*) time and O(*n*²·*m*) memory.
  package init(_ chain: StageChain, memory: Int) {
    self.chain = chain
    self.memory = memory
    count = chain.stages.count
    costs = .init(repeating: Self.never, count: count * count * (memory + 1))
    choices = .init(repeating: 0, count: costs.count)
    for length in 0..<count { for s in 0..<(count - length) { fill(s, s + length) } }
  }

  private func base(_ s: Int, _ t: Int) -> Int { (s * count + t) * (memory + 1) }

  private mutating func fill(_ s: Int, _ t: Int) {
    fillRecording(s, t)
    var (needed, cost) = (0, 0)
    for k in stride(from: s + 1, through: t, by: 1) {
      let j = k - 1
      cost += chain.stages[j].forwardCost
      let source = j > s ? chain.states[j] : 0
      needed = max(
        needed, chain.gradients[t + 1] + source + chain.states[k] + chain.stages[j].forwardWorkspace, chain.states[k])
      if needed > memory { return }
      fillSplit(s, t, at: k, from: needed, cost)
    }
  }

  private mutating func fillRecording(_ s: Int, _ t: Int) {
    let stage = chain.stages[s]
    let forward = chain.gradients[t + 1] + stage.record + stage.forwardWorkspace
    let backward = chain.gradients[s + 1] + chain.gradients[s] + stage.record + stage.backwardWorkspace
    let needed = max(forward, backward)
    if needed > memory { return }
    for m in needed...memory {
      let rest = s == t ? 0 : costs[base(s + 1, t) + m - stage.record]
      costs[base(s, t) + m] = min(Self.never, stage.forwardCost + rest)
    }
  }

  private mutating func fillSplit(_ s: Int, _ t: Int, at k: Int, from needed: Int, _ cost: Int) {
    let (upper, lower, here) = (base(k, t) - chain.states[k], base(s, k - 1), base(s, t))
    for m in needed...memory {
      let total = cost + costs[upper + m] + costs[lower + m]
      if total < costs[here + m] { (costs[here + m], choices[here + m]) = (total, UInt16(k)) }
    }
  }

  /// Returns the least cost of the forward runs of the whole chain in `memory`, or `nil` if nothing fits.
  package func cost(memory: Int) -> Int? {
    let cost = costs[base(0, count - 1) + memory]
    return cost < Self.never ? cost : nil
  }

  /// The least memory that anything fits in, or `nil` if that is beyond the table.
  package var leastMemory: Int? { (0...memory).first { cost(memory: $0) != nil } }

  /// Returns the cheapest reversal in `memory`, or `nil` if nothing fits.
  ///
  /// - Complexity: O(*a*) for *a* actions; recursive to a depth of the number of stages.
  package func actions(memory: Int) -> [ChainAction]? {
    guard cost(memory: memory) != nil else { return nil }
    var all: [ChainAction] = []
    append(0, count - 1, memory, to: &all)
    return all
  }

  private func append(_ s: Int, _ t: Int, _ m: Int, to all: inout [ChainAction]) {
    let k = Int(choices[base(s, t) + m])
    if k == 0 {
      all.append(.record(stage: s, isLast: s == t))
      if s < t { append(s + 1, t, m - chain.stages[s].record, to: &all) }
      all.append(.reverse(stage: s))
      return
    }
    all.append(.keep(state: k))
    append(k, t, m - chain.states[k], to: &all)
    all.append(.release(state: k))
    append(s, k - 1, m, to: &all)
  }

}
