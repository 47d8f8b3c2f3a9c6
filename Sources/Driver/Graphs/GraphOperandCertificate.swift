import Support

/// A lower bound that counts what recomputations need, and the weights that prove it; values are named by their nodes.
package struct GraphOperandCertificate: Encodable, Sendable {

  /// What a result pays.
  package struct Share: Encodable, Sendable {

    let node: NodeName

    let weight: Int

  }

  /// What it is worth that the operand of a node is there where that is executed again.
  package struct Need: Encodable, Sendable {

    let node: NodeName

    let operand: NodeName

    let weight: Int

  }

  /// The weights of what is absent while a node is executed.
  package struct Stage: Encodable, Sendable {

    let node: NodeName

    /// What a byte is worth: any, and one of each result up to what is missing.
    let bytes: Int
    let cover: Int

    let shares: [Share]

    let needs: [Need]

  }

  /// The least cost of the recomputations.
  package let bound: Int

  /// The number of bits behind the point of a weight.
  package let bits: Int

  /// What a byte beyond the budget is worth at each node, for what is absent there alone.
  package let duals: [Share]

  package let stages: [Stage]

  init(_ c: OperandBoundCertificate, of graph: ComputationGraph) {
    // the value of a number is that of the operation of the same number
    func name(_ o: Int) -> NodeName { graph.nodes[graph.nodeOfOperation[o]].name }
    (bound, bits) = (c.bound, c.bits)
    duals = c.duals.map { .init(node: name($0.step), weight: $0.weight) }
    stages = c.stages.map { (s) in
      .init(
        node: name(s.step), bytes: s.bytes, cover: s.cover,
        shares: s.shares.map { .init(node: name($0.value), weight: $0.weight) },
        needs: s.needs.map { .init(node: name($0.value), operand: name($0.operand), weight: $0.weight) })
    }
  }

}
