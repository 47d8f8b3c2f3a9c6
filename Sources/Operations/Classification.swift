/// Softmax and losses. All work on f32 rows along the last axis; losses are means over all rows, giving a scalar.
package enum Classification: OperationFamily {

  /// `exp(x − max x) / Σ exp(x − max x)` along the last axis.
  case softmax

  /// `dx = y · (dy − Σ y·dy)` of operands `y, dy`, where `y` is softmax's result.
  case softmaxGradient

  /// `x − log Σ exp(x)` along the last axis.
  case logSoftmax

  /// `dx = dy − exp(y)·Σ dy` of operands `y, dy`, where `y` is log-softmax's result.
  case logSoftmaxGradient

  /// Mean over the rows of `Σ −t·log softmax(x)` of operands `x[.., C]` and targets `t`: labels `i32[..]`, or `f32[.., C]`.
  case entropy(Targets)

  /// `dx = g · (softmax(x)·Σ t − t) / rows` of operands `x, targets, g`.
  case entropyGradient(Targets)

  /// A loss of two operands of one type.
  case pairLoss(PairLoss)

  /// `g` times the derivative with respect to `x`, of operands `x, y, g`.
  case pairLossGradient(PairLoss)

  /// Cross-entropy with labels.
  package static let crossEntropy = Classification.entropy(.labels(smoothing: 0))

  /// The gradient of `crossEntropy`.
  package static let crossEntropyGradient = Classification.entropyGradient(.labels(smoothing: 0))

  /// The mean of the squared differences.
  package static let mse = Classification.pairLoss(.mse)

  /// The gradient of `mse`.
  package static let mseGradient = Classification.pairLossGradient(.mse)

  package var mnemonic: String {
    switch self {
    case .softmax: "softmax"
    case .softmaxGradient: "softmax_grad"
    case .logSoftmax: "log_softmax"
    case .logSoftmaxGradient: "log_softmax_grad"
    case .entropy(.labels): "cross_entropy"
    case .entropyGradient(.labels): "cross_entropy_grad"
    case .entropy(.probabilities): "soft_cross_entropy"
    case .entropyGradient(.probabilities): "soft_cross_entropy_grad"
    case .pairLoss(let f): f.rawValue
    case .pairLossGradient(let f): f.rawValue + "_grad"
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .entropy(.labels(let smoothing)), .entropyGradient(.labels(let smoothing)):
      smoothing == 0 ? [] : [.init("smoothing", .number(smoothing))]
    case .softmax, .softmaxGradient, .logSoftmax, .logSoftmaxGradient, .entropy(.probabilities),
      .entropyGradient(.probabilities), .pairLoss, .pairLossGradient:
      []
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    switch mnemonic {
    case "softmax": self = .softmax
    case "softmax_grad": self = .softmaxGradient
    case "log_softmax": self = .logSoftmax
    case "log_softmax_grad": self = .logSoftmaxGradient
    case "cross_entropy": self = .entropy(.labels(smoothing: reader.optionalNumber("smoothing") ?? 0))
    case "cross_entropy_grad": self = .entropyGradient(.labels(smoothing: reader.optionalNumber("smoothing") ?? 0))
    case "soft_cross_entropy": self = .entropy(.probabilities)
    case "soft_cross_entropy_grad": self = .entropyGradient(.probabilities)
    case _:
      if let f = PairLoss(rawValue: mnemonic) {
        self = .pairLoss(f)
      } else if mnemonic.hasSuffix("_grad"), let f = PairLoss(rawValue: String(mnemonic.dropLast(5))) {
        self = .pairLossGradient(f)
      } else {
        return nil
      }
    }
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .softmax, .logSoftmax: .reads(operands: [], readsResult: true)
    case .entropy, .pairLoss: .reads(operands: [0, 1], readsResult: false)
    case .softmaxGradient, .logSoftmaxGradient, .entropyGradient, .pairLossGradient:
      .none(reason: "second derivatives are not taken")
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    switch self {
    case .softmax, .logSoftmax:
      try operands.require(1, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      try requireRows(operands[0])
      return operands
    case .softmaxGradient, .logSoftmaxGradient:
      try operands.require(2, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      try operands.requireSame(for: mnemonic)
      try requireRows(operands[0])
      return [operands[0]]
    case .entropy(let targets):
      try operands.require(2, for: mnemonic)
      try requireTargets(targets, operands[0], operands[1])
      return [.init(.f32)]
    case .entropyGradient(let targets):
      try operands.require(3, for: mnemonic)
      try requireTargets(targets, operands[0], operands[1])
      try requireScalar(operands[2])
      return [operands[0]]
    case .pairLoss:
      try operands.require(2, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      try operands.requireSame(for: mnemonic)
      return [.init(.f32)]
    case .pairLossGradient:
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

  private func requireTargets(_ targets: Targets, _ x: TensorType, _ t: TensorType) throws(ShapeError) {
    guard x.element == .f32 else { throw .init("\(mnemonic) takes f32 scores, not \(x)") }
    try requireRows(x)
    let (kind, expected) =
      switch targets {
      case .labels: ("labels", TensorType(.i32, Array(x.extents.dropLast())))
      case .probabilities: ("targets", x)
      }
    guard t == expected else { throw .init("\(mnemonic) of scores \(x) takes \(kind) \(expected), not \(t)") }
    if case .labels(let smoothing) = targets, !(smoothing >= 0 && smoothing <= 1) {
      throw .init("\(mnemonic) takes a smoothing in [0, 1], not \(smoothing)")
    }
  }

  private func requireScalar(_ g: TensorType) throws(ShapeError) {
    guard g == .init(.f32) else { throw .init("\(mnemonic) takes a gradient f32[], not \(g)") }
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .softmax, .logSoftmax: 16 * operands[0].count
    case .softmaxGradient: 4 * operands[0].count
    case .logSoftmaxGradient: 15 * operands[0].count
    case .entropy: 15 * operands[0].count
    case .entropyGradient: 18 * operands[0].count
    case .pairLoss(let f), .pairLossGradient(let f): f.flopsPerPair * operands[0].count
    }
  }

}
