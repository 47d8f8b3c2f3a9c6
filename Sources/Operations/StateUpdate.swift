/// Updates of state by the model itself. Operands: the state and its new content, both of one type.
///
/// There are no results: the state is written in place, once per step.
package enum StateUpdate: OperationFamily {

  /// `state ← value`.
  case assign

  package var mnemonic: String {
    switch self {
    case .assign: "assign"
    }
  }

  package var attributes: [Attribute] { [] }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    if mnemonic != "assign" { return nil }
    self = .assign
  }

  package var effect: Effect { .update }

  package var adjoint: AdjointRule { .none(reason: "an update is not differentiated") }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try operands.require(2, for: mnemonic)
    try operands.require(.f32, for: mnemonic)
    try operands.requireSame(for: mnemonic)
    return []
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int { 0 }

}

extension Operation {

  /// Writes a state.
  package static var assign: Operation { .state(.assign) }

}
