/// Updates that take place once per micro-batch. Operands: what is written, and a value of the same type.
///
/// There are no results: the first operand is written in place.
package enum StateUpdate: OperationFamily {

  /// `state ← value`, by the model itself.
  case assign

  /// `sum ← gradient` in the first micro-batch of a step, `sum ← sum + gradient` in those that follow.
  case accumulate

  package var mnemonic: String {
    switch self {
    case .assign: "assign"
    case .accumulate: "accumulate"
    }
  }

  package var attributes: [Attribute] { [] }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    switch mnemonic {
    case "assign": self = .assign
    case "accumulate": self = .accumulate
    case _: return nil
    }
  }

  package var effect: Effect { .update }

  package var adjoint: AdjointRule { .none(reason: "an update is not differentiated") }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try operands.require(2, for: mnemonic)
    try operands.require(.f32, for: mnemonic)
    try operands.requireSame(for: mnemonic)
    return []
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .assign: 0
    case .accumulate: operands[0].count
    }
  }

}

extension Operation {

  /// Writes a state.
  package static var assign: Operation { .state(.assign) }

  /// Adds a gradient to those of the micro-batches before.
  package static var accumulate: Operation { .state(.accumulate) }

  /// The number of operands that it writes in place, which come first; 0 for what has no effect.
  package var writtenCount: Int {
    switch self {
    case .update(let optimizer): optimizer.writtenCount
    case .state: 1
    case .elementwise, .reduction, .layout, .indexing, .linear, .classification, .convolution, .pooling, .attention,
      .normalization, .random:
      0
    }
  }

}
