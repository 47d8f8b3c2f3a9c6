/// Softmax and losses. All work on f32 rows along the last axis; losses are means over all rows, giving a scalar.
package enum Classification: OperationFamily {

  /// `exp(x − max x) / Σ exp(x − max x)` along the last axis.
  case softmax

  /// `dx = y · (dy − Σ y·dy)` of operands `y, dy`, where `y` is softmax's result.
  case softmaxGradient

  /// Mean of `log Σ exp(x) − x[label]` of operands `x[.., C]` and labels `i32[..]`; labels outside `[0, C)` end the run.
  case crossEntropy

  /// `dx = g · (softmax(x) − onehot(label)) / rows` of operands `x, labels, g`.
  case crossEntropyGradient

  /// Mean of `(x − y)²` of two operands of one type.
  case mse

  /// `g · 2 (x − y) / n` of operands `x, y, g`: the gradient of `x`.
  case mseGradient

  package var mnemonic: String {
    switch self {
    case .softmax: "softmax"
    case .softmaxGradient: "softmax_grad"
    case .crossEntropy: "cross_entropy"
    case .crossEntropyGradient: "cross_entropy_grad"
    case .mse: "mse"
    case .mseGradient: "mse_grad"
    }
  }

  package var attributes: [Attribute] { [] }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    switch mnemonic {
    case "softmax": self = .softmax
    case "softmax_grad": self = .softmaxGradient
    case "cross_entropy": self = .crossEntropy
    case "cross_entropy_grad": self = .crossEntropyGradient
    case "mse": self = .mse
    case "mse_grad": self = .mseGradient
    case _: return nil
    }
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .softmax: .reads(operands: [], readsResult: true)
    case .crossEntropy, .mse: .reads(operands: [0, 1], readsResult: false)
    case .softmaxGradient, .crossEntropyGradient, .mseGradient: .none(reason: "second derivatives are not taken")
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    switch self {
    case .softmax:
      try operands.require(1, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      try requireRows(operands[0])
      return operands
    case .softmaxGradient:
      try operands.require(2, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      try operands.requireSame(for: mnemonic)
      try requireRows(operands[0])
      return [operands[0]]
    case .crossEntropy:
      try operands.require(2, for: mnemonic)
      try requireLabels(operands[0], operands[1])
      return [.init(.f32)]
    case .crossEntropyGradient:
      try operands.require(3, for: mnemonic)
      try requireLabels(operands[0], operands[1])
      try requireScalar(operands[2])
      return [operands[0]]
    case .mse:
      try operands.require(2, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      try operands.requireSame(for: mnemonic)
      return [.init(.f32)]
    case .mseGradient:
      try operands.require(3, for: mnemonic)
      try Array(operands[0..<2]).require(.f32, for: mnemonic)
      try Array(operands[0..<2]).requireSame(for: mnemonic)
      try requireScalar(operands[2])
      return [operands[0]]
    }
  }

  private func requireRows(_ x: TensorType) throws(ShapeError) {
    guard let last = x.extents.last, last > 0 else {
      throw .init("\(mnemonic) takes a last axis that is not empty, not \(x)")
    }
  }

  private func requireLabels(_ x: TensorType, _ labels: TensorType) throws(ShapeError) {
    guard x.element == .f32 else { throw .init("\(mnemonic) takes f32 scores, not \(x)") }
    try requireRows(x)
    let expected = TensorType(.i32, Array(x.extents.dropLast()))
    guard labels == expected else { throw .init("\(mnemonic) of scores \(x) takes labels \(expected), not \(labels)") }
  }

  private func requireScalar(_ g: TensorType) throws(ShapeError) {
    guard g == .init(.f32) else { throw .init("\(mnemonic) takes a gradient f32[], not \(g)") }
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .softmax: 16 * operands[0].count
    case .softmaxGradient: 4 * operands[0].count
    case .crossEntropy: 15 * operands[0].count
    case .crossEntropyGradient: 18 * operands[0].count
    case .mse, .mseGradient: 3 * operands[0].count
    }
  }

}
