import Foundation
package import Rematerialization

/// A computation graph from elsewhere, which can be scheduled.
///
/// Nodes that alias another are no operations of the problem: they take no memory and no time, keep what they alias alive,
/// and come back with it. Inputs are always there.
package struct ComputationGraph: Sendable {

  struct Node: Sendable {

    let name: NodeName

    /// The nodes it reads, by position.
    let operands: [Int]

    /// The node whose memory it shows, or `nil`.
    let alias: Int?

    let isInput: Bool

    /// Its operation, `nil` for inputs and aliases.
    var operation: Int?

  }

  /// The nodes in order.
  private(set) var nodes: [Node] = []

  package private(set) var problem = RematerializationProblem(operations: [], values: [])

  /// The node of each operation.
  private(set) var nodeOfOperation: [Int] = []

  /// The largest file that is read.
  private static let fileLimit = 256 << 20

  /// The most bytes and the greatest cost of all nodes together.
  private static let sumLimit = 0x1p56

  /// Reads the graph at `path`.
  ///
  /// - Throws: `unreadable` if the file is missing, no JSON, in none of the forms, or its order contradicts its edges.
  package init(readingFrom path: String) throws(CompileFailure) {
    let bytes = try Files.bytes(path, limit: Self.fileLimit)
    let file: GraphFile
    do {
      file = try JSONDecoder().decode(GraphFile.self, from: Data(bytes))
    } catch {
      throw .unreadable("\(path): is no graph in JSON: \(Self.reason(error))")
    }
    do throws(GraphFailure) {
      try self.init(file)
    } catch {
      throw .unreadable("\(path): \(error.message)")
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard let e = error as? DecodingError else { return error.localizedDescription }
    switch e {
    case .keyNotFound(let key, let c): return "'\(key.stringValue)' is missing\(place(c))"
    case .typeMismatch(_, let c), .valueNotFound(_, let c), .dataCorrupted(let c): return c.debugDescription + place(c)
    @unknown default: return e.localizedDescription
    }
  }

  private static func place(_ c: DecodingError.Context) -> String {
    c.codingPath.isEmpty
      ? "" : " in " + c.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }

  /// What is wrong with a graph.
  private struct GraphFailure: Error {
    let message: String
  }

  private init(_ file: GraphFile) throws(GraphFailure) {
    var position: [Int: Int] = [:]
    for (i, n) in file.nodes.enumerated() where position.updateValue(i, forKey: n.id ?? i) != nil {
      throw .init(message: "two nodes have the id \(n.id ?? i)")
    }
    func known(_ id: Int) throws(GraphFailure) -> Int {
      guard let p = position[id] else { throw .init(message: "there is no node \(id)") }
      return p
    }
    var operands = [[Int]](repeating: [], count: file.nodes.count)
    for (i, n) in file.nodes.enumerated() { for d in n.deps ?? [] { operands[i].append(try known(d)) } }
    for l in file.links ?? [] { operands[try known(l.target)].append(try known(l.source)) }
    var order: [Int] = []
    if let given = file.graph?.order {
      for o in given { order.append(try known(o)) }
    } else {
      order = .init(file.nodes.indices)
    }
    if Set(order).count != file.nodes.count || order.count != file.nodes.count {
      throw .init(message: "the order does not have every node once")
    }
    var place = [Int](repeating: 0, count: order.count)
    for (p, i) in order.enumerated() { place[i] = p }
    for (p, i) in order.enumerated() {
      let n = file.nodes[i]
      let sources = Set(operands[i].map { place[$0] }).sorted()
      if let late = sources.last, late >= p {
        throw .init(message: "node \(i) comes before node \(order[late]), which it reads")
      }
      let alias = try n.alias.map { (a) throws(GraphFailure) in place[try known(a)] }
      if let alias, alias >= p { throw .init(message: "node \(i) is an alias of a later one") }
      nodes.append(.init(name: n.name, operands: sources, alias: alias, isInput: n.input ?? false))
    }
    try collectOperations(order.map { file.nodes[$0] })
  }

  /// Makes the problem of the nodes that are operations.
  private mutating func collectOperations(_ files: [GraphFile.Node]) throws(GraphFailure) {
    var (cost, bytes) = (0.0, 0.0)
    for (i, f) in files.enumerated() where nodes[i].alias == nil && !nodes[i].isInput {
      guard let size = f.size, size >= 0, f.cost >= 0 else {
        throw .init(message: "node \(i) lacks a size, or its size or cost is negative")
      }
      (cost, bytes) = (cost + f.cost, bytes + size)
      if cost > Self.sumLimit || bytes > Self.sumLimit {
        throw .init(message: "the sizes or costs are too large to add up")
      }
      let o = problem.operations.count
      nodes[i].operation = o
      nodeOfOperation.append(i)
      let operands = Set(nodes[i].operands.compactMap { nodes[root(of: $0)].operation }).sorted()
      problem.operations.append(.init(cost: Int(f.cost.rounded()), operands: operands, results: [o]))
      problem.values.append(.init(bytes: Int(size.rounded(.up)), definition: o))
    }
  }

  /// Returns the node whose memory node `i` shows.
  func root(of i: Int) -> Int {
    var i = i
    while let a = nodes[i].alias { i = a }
    return i
  }

}
