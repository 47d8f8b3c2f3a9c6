/// Proves which sequence of a small problem is the cheapest within a budget, over all orders and repetitions of recomputations.
///
/// A state is how many operations have been executed for the first time, which values are there, and which updates have
/// happened. The next operation is executed for nothing, or an earlier one again for its cost, the cheapest states first by
/// their cost and what is certainly still to come (A*). Nothing is given up before an execution needs its bytes, and then no
/// more than that: a state is never worse than one with fewer values and no less cost, which is cut off (branch and bound),
/// as is any that cannot cost less than a sequence that is known already.
///
/// - Complexity: exponential in the number of values; each state takes O(*s* + *n*) where *s* is the number of states
///   with the same operations and updates behind them.
/// - Source: Hart, Nilsson, Raphael, 1968 (A*); Ibaraki, 1977 (dominance).
struct ExactSearch {

  /// What a search found out.
  enum Outcome: Hashable, Sendable {

    /// The recomputations of the cheapest sequence, in order of execution, and their cost.
    case solved([Insertion], cost: Int)

    /// No sequence within the budget costs less than the `limit` that the search was given, or none is there at all.
    case nothingBelow

    /// The nodes were used up; no sequence costs less than `bound`.
    case unfinished(bound: Int)

  }

  let model: ExactModel

  let budget: Int

  /// Sequences of this cost or more are of no use.
  let limit: Int

  private var nodes: [ExactNode] = []

  private var open = NodeHeap()

  /// The least cost of each state that was made.
  private var costs: [ExactState: Int] = [:]

  /// The states that were expanded, by what is behind them.
  private var expanded: [ExactState.Progress: [(there: UInt64, cost: Int)]] = [:]

  /// What may come after a state.
  private struct Prospect {

    /// The values that may still be used.
    let useful: UInt64

    /// The operations that may be executed again.
    let repeatable: UInt64

  }

  /// What may come, by what is behind a state.
  private var prospects: [ExactState.Progress: Prospect] = [:]

  /// Creates a search for a sequence of `p` with at most `budget` live bytes that costs less than `limit`, or returns `nil`
  /// if `p` has more than 64 operations, values or updates.
  init?(_ p: RematerializationProblem, budget: Int, below limit: Int = .max) {
    guard let model = ExactModel(p) else { return nil }
    self.model = model
    self.budget = budget
    self.limit = limit
  }

  /// Searches until at most `count` states were made.
  mutating func run(nodes count: Int) -> Outcome {
    push(.init(), cost: 0, parent: -1, .start)
    while let i = open.popFirst() {
      let n = nodes[i]
      if costs[n.state] != n.cost || isDominated(n) { continue }
      if model.isComplete(n.state) { return .solved(insertions(upTo: i), cost: n.cost) }
      if nodes.count >= count { return .unfinished(bound: n.estimate) }
      expanded[n.state.progress, default: []].append((n.state.there, n.cost))
      expand(i)
    }
    return .nothingBelow
  }

  /// `true` iff a state was expanded that has all that `n` has and costs no more.
  private func isDominated(_ n: ExactNode) -> Bool {
    let there = n.state.there
    return expanded[n.state.progress]?.contains { there & ~$0.there == 0 && $0.cost <= n.cost } ?? false
  }

  private mutating func expand(_ i: Int) {
    let n = nodes[i]
    let s = n.state
    for u in model.updates.indices where model.mayApply(u, in: s) {
      push(s.applying(u), cost: n.cost, parent: i, .apply)
    }
    if model.waitsAtBoundary(s) { return push(model.crossing(s), cost: n.cost, parent: i, .cross) }
    let prospect = prospect(after: s.progress)
    for o in prospect.repeatable.elements where model.operations[o].results & prospect.useful & ~s.there != 0 {
      execute(o, i, again: true)
    }
    if s.progress.done < model.operations.count { execute(s.progress.done, i, again: false) }
  }

  /// Makes the states after the execution of `o` in the state of node `i`.
  private mutating func execute(_ o: Int, _ i: Int, again: Bool) {
    let (s, operation) = (nodes[i].state, model.operations[o])
    if operation.operands & ~s.there != 0 { return }
    let cost = nodes[i].cost + (again ? operation.cost : 0)
    let others = s.there & ~operation.results
    var excess = model.bytes(of: others | operation.results) + operation.workspace - budget
    var next = s
    next.there = others | operation.results
    if !again { next.progress.done += 1 }
    func reach(without gone: UInt64) {
      var state = next
      state.there &= ~gone
      push(state, cost: cost, parent: i, .execute(o))
    }
    var takable = operation.overwritable
    let unused = takable & ~prospect(after: next.progress).useful
    if unused != 0 {  // nothing is lost with its bytes
      excess -= model.bytes[unused.trailingZeroBitCount]
      takable = 0
    }
    if excess <= 0 { return reach(without: 0) }
    let free = others & ~operation.operands
    for gone in model.evictions(from: free, of: excess) { reach(without: gone) }
    for v in takable.elements {
      for gone in model.evictions(from: free, of: excess - model.bytes[v]) { reach(without: gone | 1 << v) }
    }
  }

  /// Makes a node of `state`, without values of no use, unless something as good is known.
  private mutating func push(_ state: ExactState, cost: Int, parent: Int, _ action: ExactNode.Action) {
    var state = state
    let again = prospect(after: state.progress).repeatable
    for u in model.updates.indices where model.updates[u].forbidden & again == 0 && model.mayApply(u, in: state) {
      state.progress.updated |= 1 << u  // nothing is lost with it
    }
    state.there &= prospect(after: state.progress).useful
    if let known = costs[state], known <= cost { return }
    guard let rest = model.costToCome(in: state), cost + rest < limit else { return }
    costs[state] = cost
    nodes.append(.init(state: state, cost: cost, estimate: cost + rest, parent: parent, action: action))
    open.insert(nodes.count - 1, nodes[nodes.count - 1])
  }

  private mutating func prospect(after progress: ExactState.Progress) -> Prospect {
    if let known = prospects[progress] { return known }
    let prospect = Prospect(useful: model.useful(after: progress), repeatable: model.repeatable(after: progress))
    prospects[progress] = prospect
    return prospect
  }

  /// Returns the recomputations on the way to node `i`, in order of execution.
  private func insertions(upTo i: Int) -> [Insertion] {
    var (all, i) = ([Insertion](), i)
    while nodes[i].parent >= 0 {
      let before = nodes[nodes[i].parent].state.progress.done
      if case .execute(let o) = nodes[i].action, o < before { all.append(.init(position: before, operation: o)) }
      i = nodes[i].parent
    }
    return all.reversed()
  }

}

/// Where a sequence stands.
struct ExactState: Hashable, Sendable {

  /// What is behind a state.
  struct Progress: Hashable, Sendable {

    /// The number of operations that were executed.
    var done = 0

    /// The updates that happened, as bits.
    var updated: UInt64 = 0

    /// `true` iff the backward part has begun.
    var isBackward = false

  }

  var progress = Progress()

  /// The values that are there, as bits.
  var there: UInt64 = 0

  /// Returns the state after update `u`.
  func applying(_ u: Int) -> ExactState {
    var next = self
    next.progress.updated |= 1 << u
    return next
  }

}

/// A state with the cheapest known way to it.
struct ExactNode: Sendable {

  /// What led to the state.
  enum Action: Sendable { case start, apply, cross, execute(Int) }

  let state: ExactState

  /// The cost of the recomputations so far.
  let cost: Int

  /// The cost with what must certainly still be recomputed.
  let estimate: Int

  /// The position of the node before, -1 at the start.
  let parent: Int

  let action: Action

}

/// Nodes, the one with the least estimate first; of equals the one that has come furthest, then the first made.
private struct NodeHeap {

  private struct Entry {
    let estimate: Int
    let done: Int
    let node: Int

    static func < (a: Entry, b: Entry) -> Bool {
      (a.estimate, -a.done, a.node) < (b.estimate, -b.done, b.node)
    }
  }

  private var entries: [Entry] = []

  mutating func insert(_ node: Int, _ n: ExactNode) {
    entries.append(.init(estimate: n.estimate, done: n.state.progress.done, node: node))
    var i = entries.count - 1
    while i > 0, entries[i] < entries[(i - 1) / 2] {
      entries.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  mutating func popFirst() -> Int? {
    guard let first = entries.first else { return nil }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var i = 0
    while true {
      var least = i
      for c in [2 * i + 1, 2 * i + 2] where c < entries.count && entries[c] < entries[least] { least = c }
      if least == i { return first.node }
      entries.swapAt(i, least)
      i = least
    }
  }

}
