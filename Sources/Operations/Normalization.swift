/// Normalisation of f32 rows along the last axis, without gain and bias.
package enum Normalization: OperationFamily {

  /// `y = (x − mean) / √(variance + epsilon)`, the variance being the mean of the squared differences.
  case layer(epsilon: Double)

  /// `dx = (dy − mean(dy) − y·mean(y·dy)) / √(variance + epsilon)` of operands `x, dy`; `y` is computed again.
  ///
  /// It reads the input, since the output alone does not tell the variance.
  case layerGradient(epsilon: Double)

  /// `y = x / √(mean(x²) + epsilon)`.
  case rms(epsilon: Double)

  /// `dx = (dy − y·mean(y·dy)) / √(mean(x²) + epsilon)` of operands `x, dy`.
  case rmsGradient(epsilon: Double)

  package var mnemonic: String {
    switch self {
    case .layer: "layer_norm"
    case .layerGradient: "layer_norm_grad"
    case .rms: "rms_norm"
    case .rmsGradient: "rms_norm_grad"
    }
  }

  private var epsilon: Double {
    switch self {
    case .layer(let e), .layerGradient(let e), .rms(let e), .rmsGradient(let e): e
    }
  }

  package var attributes: [Attribute] { [.init("epsilon", .number(epsilon))] }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    switch mnemonic {
    case "layer_norm": self = .layer(epsilon: reader.number("epsilon"))
    case "layer_norm_grad": self = .layerGradient(epsilon: reader.number("epsilon"))
    case "rms_norm": self = .rms(epsilon: reader.number("epsilon"))
    case "rms_norm_grad": self = .rmsGradient(epsilon: reader.number("epsilon"))
    case _: return nil
    }
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .layer, .rms: .reads(operands: [0], readsResult: false)
    case .layerGradient, .rmsGradient: .none(reason: "second derivatives are not taken")
    }
  }

  /// The operands are of the result's type: the input, and for a gradient that of the result.
  private var operandCount: Int {
    switch self {
    case .layer, .rms: 1
    case .layerGradient, .rmsGradient: 2
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try operands.require(operandCount, for: mnemonic)
    try operands.require(.f32, for: mnemonic)
    try operands.requireSame(for: mnemonic)
    guard let last = operands[0].extents.last, last > 0 else {
      throw .init("\(mnemonic) takes a last axis that is not empty, not \(operands[0])")
    }
    guard epsilon.isFinite, epsilon >= 0 else {
      throw .init("\(mnemonic) takes an epsilon that is not negative, not \(epsilon)")
    }
    return [operands[0]]
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .layer: 7 * operands[0].count
    case .layerGradient: 16 * operands[0].count
    case .rms: 3 * operands[0].count
    case .rmsGradient: 10 * operands[0].count
    }
  }

}
