import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// The values and what they are computed from, for Graphviz: what is saved in solid lines, what is computed again in
  /// dashed ones, what is offloaded in dotted ones, what is deleted before the backward part grey; storage is round. With layers folded if `isFolded`.
  ///
  /// - Complexity: O(*n*) on average where *n* is the number of operands.
  package func dot(isFolded: Bool = false) -> String {
    let nodes = nodes(isFolded: isFolded)
    var nodeOfValue = [Int](repeating: 0, count: values.count)
    for (n, node) in nodes.enumerated() { for v in node.members { nodeOfValue[v] = n } }
    var s = "digraph \(Self.quoted(plan.header.source)) {\n"
    s +=
      "  graph [rankdir=TB, nslimit=1, nslimit1=1, splines=line, label=\(Self.quoted("\(plan.header.model)  \(plan.header.policy)")), labelloc=t]\n"
    s += "  node [shape=box, fontname=\"Helvetica\", fontsize=10]\n  edge [color=\"#808080\", arrowsize=0.6]\n"
    for (n, node) in nodes.enumerated() {
      let v = values[node.members[0]]
      let label = "\(node.label)\n\(v.type)  \(ByteCount(v.type.size.value))"
      s += "  n\(n) [label=\(Self.quoted(label)), tooltip=\(Self.quoted("\(v.fate)"))\(style(of: v))]\n"
    }
    for e in edges(nodeOfValue) {
      s += "  n\(e.from) -> n\(e.to)\(e.isUpdate ? " [style=bold, constraint=false]" : "")\n"
    }
    return s + "}\n"
  }

  /// Values that are one node.
  private struct Node {
    let label: String
    let members: [Int]
  }

  private func nodes(isFolded: Bool) -> [Node] {
    if !isFolded { return values.indices.map { .init(label: values[$0].path, members: [$0]) } }
    return values.indices.folded(path: { values[$0].path }) { ["\(values[$0].fate)", "\(values[$0].type)"] }
      .map { .init(label: $0.label, members: $0.members) }
  }

  private struct Edge: Hashable {
    let from: Int
    let to: Int
    let isUpdate: Bool
  }

  /// Returns the edges between nodes, each once, in order of the instructions.
  private func edges(_ nodeOfValue: [Int]) -> [Edge] {
    var (seen, edges) = (Set<Edge>(), [Edge]())
    func node(_ v: PlanValueIndex) -> Int { nodeOfValue[valueOfVersion[v]] }
    func append(_ e: Edge) { if seen.insert(e).inserted { edges.append(e) } }
    for i in program.instructions {
      switch i.action {
      case .compute:
        for o in i.operands { for r in i.results { append(.init(from: node(o), to: node(r), isUpdate: false)) } }
      case .update(let operation):
        for o in i.operands.dropFirst(operation.writtenCount) {
          append(.init(from: node(o), to: node(i.operands[0]), isUpdate: true))
        }
      case .recompute, .delete, .offload, .fetch: continue
      }
    }
    return edges
  }

  private func style(of v: ReviewedValue) -> String {
    switch v.fate {
    case .storage: ", shape=ellipse"
    case .saved: ", style=solid, penwidth=2"
    case .savedAndRecomputed: ", style=\"dashed\", penwidth=2"
    case .recomputed: ", style=dashed"
    case .offloaded: ", style=dotted, penwidth=2"
    case .transient: ", style=solid, color=\"#a0a0a0\", fontcolor=\"#808080\""
    case .backward(let again): again > 0 ? ", style=dashed, color=\"#4060c0\"" : ", style=solid, color=\"#4060c0\""
    }
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }

}
