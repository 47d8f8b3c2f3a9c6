/// Operations that draw random numbers, as pure functions of (seed, step, micro-batch, replica, key, element).
package enum RandomOperation: OperationFamily {

  /// Zeroes each element with probability `rate` and scales the others by `1 / (1 − rate)`; `key` is the instance's path.
  case dropout(rate: Double, key: String)

  /// The adjoint: the same draw, applied to the gradient. It draws nothing new, so it shares the key.
  case dropoutGradient(rate: Double, key: String)

  package var mnemonic: String {
    switch self {
    case .dropout: "dropout"
    case .dropoutGradient: "dropout_grad"
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .dropout(let rate, let key), .dropoutGradient(let rate, let key):
      [.init("rate", .number(rate)), .init("key", .string(key))]
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    guard mnemonic == "dropout" || mnemonic == "dropout_grad" else { return nil }
    let rate = reader.number("rate")
    let key = reader.string("key")
    self = mnemonic == "dropout" ? .dropout(rate: rate, key: key) : .dropoutGradient(rate: rate, key: key)
  }

  package var effect: Effect { .random }

  package var adjoint: AdjointRule {
    switch self {
    case .dropout: .reads(operands: [], readsResult: false)
    case .dropoutGradient: .none(reason: "second derivatives are not taken")
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try operands.require(1, for: mnemonic)
    try operands.require(.f32, for: mnemonic)
    switch self {
    case .dropout(let rate, _), .dropoutGradient(let rate, _):
      guard rate >= 0, rate < 1 else { throw .init("\(mnemonic) takes a rate in [0, 1), not \(rate)") }
    }
    return operands
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int { 12 * operands[0].count }

}
