package import Rematerialization

/// An entry of a schedule of a graph: a node that is executed, or the name of one whose result is deleted.
package enum GraphStep: Encodable, Hashable, Sendable {

  case execute(NodeName)

  case delete(NodeName)

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .execute(let n):
      var c = encoder.singleValueContainer()
      try c.encode(n)
    case .delete(let n):
      var c = encoder.unkeyedContainer()
      try c.encode("delete")
      try c.encode(n)
    }
  }

}

extension ComputationGraph {

  /// Returns what is executed and deleted, in order, with `insertions`; a name that comes again is a recomputation.
  ///
  /// A result is deleted right after its last use before the next time it is made. An alias comes right before its first
  /// use after what it shows was made, and goes with it; one without uses comes in its place in the order.
  package func steps(with insertions: [Insertion]) -> [GraphStep] {
    var writer = GraphStepWriter(self)
    let order = problem.executions(with: insertions)
    var lastUse = [Int](repeating: -1, count: order.count)  // of the result that each execution makes
    var made = [Int](repeating: -1, count: problem.operations.count)
    for (t, o) in order.enumerated() {
      for v in problem.operations[o].operands { lastUse[made[v]] = t }
      made[o] = t
      lastUse[t] = t
    }
    made = .init(repeating: -1, count: problem.operations.count)
    for (t, o) in order.enumerated() {
      writer.execute(nodeOfOperation[o])
      made[o] = t
      for v in problem.operations[o].operands + [o] where lastUse[made[v]] == t { writer.delete(nodeOfOperation[v]) }
    }
    return writer.steps
  }

}

/// Writes the steps of a graph, with the aliases where they belong.
private struct GraphStepWriter {

  private let graph: ComputationGraph

  private(set) var steps: [GraphStep] = []

  /// The aliases of each node that are there, in order.
  private var aliases: [Int: [Int]] = [:]

  private var isThere: [Bool]

  /// `true` iff some node reads it, directly or through an alias.
  private let isRead: [Bool]

  /// The aliases that nothing reads, by the node they show.
  private var idle: [Int: [Int]] = [:]

  init(_ graph: ComputationGraph) {
    self.graph = graph
    isThere = graph.nodes.map(\.isInput)
    var isRead = [Bool](repeating: false, count: graph.nodes.count)
    for n in graph.nodes { for o in n.operands { isRead[o] = true } }
    self.isRead = isRead
    for (i, n) in graph.nodes.enumerated() where n.alias != nil && !isRead[i] {
      idle[graph.root(of: i), default: []].append(i)
    }
  }

  /// Executes node `i`, after the aliases that it reads.
  mutating func execute(_ i: Int) {
    for o in graph.nodes[i].operands { show(o) }
    steps.append(.execute(graph.nodes[i].name))
    isThere[i] = true
    for a in idle.removeValue(forKey: i) ?? [] { show(a) }
  }

  /// Makes an alias, and what it is an alias of in turn, unless it is there.
  private mutating func show(_ i: Int) {
    var chain: [Int] = []
    var next: Int? = i
    while let n = next, !isThere[n], graph.nodes[n].alias != nil {
      chain.append(n)
      next = graph.nodes[n].alias
    }
    for n in chain.reversed() {
      steps.append(.execute(graph.nodes[n].name))
      isThere[n] = true
      aliases[graph.root(of: n), default: []].append(n)
    }
  }

  /// Deletes node `i` and its aliases.
  mutating func delete(_ i: Int) {
    for a in (aliases.removeValue(forKey: i) ?? []).reversed() { drop(a) }
    drop(i)
  }

  private mutating func drop(_ i: Int) {
    steps.append(.delete(graph.nodes[i].name))
    isThere[i] = false
  }

}
