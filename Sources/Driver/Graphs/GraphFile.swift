/// The JSON of a computation graph from elsewhere, in one of three forms.
///
/// Node-link with `nodes[].{id, name, cost_cpu, cost_ram}` and `links[].{source, target}`, in the order of the nodes
/// (Checkmate's graphs); node-link with `nodes[].{name, out_cost, duration}`, `links[].{0, 1}` and `graph.order` (random
/// layered graphs); and `nodes[].{id, name, deps, bytes, flops, cost_ns, alias, input}` with `outputs` (joint graphs of
/// PyTorch).
struct GraphFile: Decodable {

  struct Node: Decodable {

    let id: Int?

    let name: NodeName

    let costCPU: Double?

    let costRAM: Double?

    let outCost: Double?

    let duration: Double?

    let deps: [Int]?

    let bytes: Double?

    let flops: Double?

    let nanoseconds: Double?

    let alias: Int?

    let input: Bool?

    private enum CodingKeys: String, CodingKey {
      case id, name, duration, deps, bytes, flops, alias, input
      case costCPU = "cost_cpu"
      case costRAM = "cost_ram"
      case outCost = "out_cost"
      case nanoseconds = "cost_ns"
    }

    /// What executing it costs: time where the file tells it, else floating-point operations.
    var cost: Double { costCPU ?? duration ?? nanoseconds ?? flops ?? 0 }

    /// The bytes of its result.
    var size: Double? { costRAM ?? outCost ?? bytes }

  }

  struct Link: Decodable {

    let source: Int

    let target: Int

    private enum CodingKeys: String, CodingKey {
      case source, target
      case first = "0"
      case second = "1"
    }

    init(from decoder: any Decoder) throws {
      let c = try decoder.container(keyedBy: CodingKeys.self)
      source = try c.decodeIfPresent(Int.self, forKey: .source) ?? c.decode(Int.self, forKey: .first)
      target = try c.decodeIfPresent(Int.self, forKey: .target) ?? c.decode(Int.self, forKey: .second)
    }

  }

  struct Information: Decodable {

    let order: [Int]?

  }

  let nodes: [Node]

  let links: [Link]?

  let graph: Information?

}

/// The name of a node: text or a number, given back as it came.
package enum NodeName: Codable, Hashable, Sendable {

  case text(String)

  case number(Int)

  package init(from decoder: any Decoder) throws {
    let c = try decoder.singleValueContainer()
    self = if let n = try? c.decode(Int.self) { .number(n) } else { .text(try c.decode(String.self)) }
  }

  package func encode(to encoder: any Encoder) throws {
    var c = encoder.singleValueContainer()
    switch self {
    case .text(let s): try c.encode(s)
    case .number(let n): try c.encode(n)
    }
  }

}
