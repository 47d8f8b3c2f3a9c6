/// Updates of a parameter from its gradient. Operands: parameter, slots, gradient, all of one type; and, where gradients
/// are clipped, the factor f32[] that the gradient is multiplied by.
///
/// There are no results: parameter and slots are written in place, once per step. The factor is an operand, so that
/// clipping needs no second copy of any gradient.
package enum Optimizer: OperationFamily {

  /// `g ← g + decay·w; v ← momentum·v + g; w ← w − lr·v` (or `lr·(g + momentum·v)` if `nesterov`); if `decoupled`, decay does
  /// not pass through gradient and velocity: `w ← w − lr·decay·w; v ← momentum·v + g; w ← w − lr·v`.
  ///
  /// Without momentum there is no slot and `v` is `g`; the two decays are the same then, but for rounding. Source: PyTorch's
  /// `torch.optim.SGD`; decoupled, SGDW of Loshchilov & Hutter, Decoupled weight decay regularization, 2019, algorithm 1,
  /// with the decay multiplied by the rate, as PyTorch's `AdamW` has it.
  case sgd(rate: LearningRate, momentum: Double, nesterov: Bool, decay: Double, decoupled: Bool)

  /// Adam with bias correction (Kingma & Ba 2015); `decoupled` decay as in AdamW (Loshchilov & Hutter 2019).
  case adam(rate: LearningRate, beta1: Double, beta2: Double, epsilon: Double, decay: Double, decoupled: Bool)

  /// `g ← g + decay·w; v ← alpha·v + (1 − alpha)·g²; u ← momentum·u + g / (√v + epsilon); w ← w − rate·u`.
  ///
  /// Without momentum `u` has no slot. Source: PyTorch's `torch.optim.RMSprop`, not centered.
  case rmsprop(rate: LearningRate, alpha: Double, epsilon: Double, momentum: Double, decay: Double)

  /// `w ← w − rate·(sign(beta1·m + (1 − beta1)·g) + decay·w); m ← beta2·m + (1 − beta2)·g`.
  ///
  /// Source: Chen et al., Symbolic discovery of optimization algorithms, 2023.
  case lion(rate: LearningRate, beta1: Double, beta2: Double, decay: Double)

  /// The names of the optimizer's slots, in the order of the operands; all start at zero.
  package var slots: [String] {
    switch self {
    case .sgd(_, let momentum, _, _, _): momentum == 0 ? [] : ["velocity"]
    case .adam: ["moment1", "moment2"]
    case .rmsprop(_, _, _, let momentum, _): momentum == 0 ? ["moment2"] : ["moment2", "velocity"]
    case .lion: ["moment1"]
    }
  }

  package var mnemonic: String {
    switch self {
    case .sgd(_, _, _, _, let decoupled): decoupled ? "sgdw" : "sgd"
    case .adam(_, _, _, _, _, let decoupled): decoupled ? "adamw" : "adam"
    case .rmsprop: "rmsprop"
    case .lion: "lion"
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .sgd(let rate, let momentum, let nesterov, let decay, _):
      [.init("lr", rate.attributeValue), .init("momentum", .number(momentum))]
        + (nesterov ? [.init("nesterov", .boolean(true))] : []) + [.init("decay", .number(decay))]
    case .adam(let rate, let beta1, let beta2, let epsilon, let decay, _):
      [
        .init("lr", rate.attributeValue), .init("beta1", .number(beta1)), .init("beta2", .number(beta2)),
        .init("eps", .number(epsilon)), .init("decay", .number(decay)),
      ]
    case .rmsprop(let rate, let alpha, let epsilon, let momentum, let decay):
      [
        .init("lr", rate.attributeValue), .init("alpha", .number(alpha)), .init("eps", .number(epsilon)),
        .init("momentum", .number(momentum)), .init("decay", .number(decay)),
      ]
    case .lion(let rate, let beta1, let beta2, let decay):
      [
        .init("lr", rate.attributeValue), .init("beta1", .number(beta1)), .init("beta2", .number(beta2)),
        .init("decay", .number(decay)),
      ]
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    if mnemonic == "sgd" || mnemonic == "sgdw" {
      let (rate, momentum) = (reader.rate("lr"), reader.number("momentum"))
      self = .sgd(
        rate: rate, momentum: momentum, nesterov: reader.flag("nesterov"), decay: reader.number("decay"),
        decoupled: mnemonic == "sgdw")
    } else if mnemonic == "adam" || mnemonic == "adamw" {
      let (rate, beta1, beta2) = (reader.rate("lr"), reader.number("beta1"), reader.number("beta2"))
      self = .adam(
        rate: rate, beta1: beta1, beta2: beta2, epsilon: reader.number("eps"), decay: reader.number("decay"),
        decoupled: mnemonic == "adamw")
    } else if mnemonic == "rmsprop" {
      let (rate, alpha, epsilon) = (reader.rate("lr"), reader.number("alpha"), reader.number("eps"))
      self = .rmsprop(
        rate: rate, alpha: alpha, epsilon: epsilon, momentum: reader.number("momentum"), decay: reader.number("decay"))
    } else if mnemonic == "lion" {
      let (rate, beta1, beta2) = (reader.rate("lr"), reader.number("beta1"), reader.number("beta2"))
      self = .lion(rate: rate, beta1: beta1, beta2: beta2, decay: reader.number("decay"))
    } else {
      return nil
    }
  }

  /// The rate, which is a function of the step.
  package var rate: LearningRate {
    switch self {
    case .sgd(let rate, _, _, _, _), .adam(let rate, _, _, _, _, _), .rmsprop(let rate, _, _, _, _),
      .lion(let rate, _, _, _):
      rate
    }
  }

  /// The number of operands that are written: the parameter and its slots, which come first.
  package var writtenCount: Int { slots.count + 1 }

  package var effect: Effect { .update }

  package var adjoint: AdjointRule { .none(reason: "an update is not differentiated") }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    let count = writtenCount + 1
    if operands.count != count + 1 { try operands.require(count, for: mnemonic) }
    try operands.require(.f32, for: mnemonic)
    try Array(operands.prefix(count)).requireSame(for: mnemonic)
    if operands.count > count, operands[count] != .init(.f32) {
      throw .init("\(mnemonic) takes a factor f32[], not \(operands[count])")
    }
    return []
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .sgd: 4 * operands[0].count
    case .adam: 16 * operands[0].count
    case .rmsprop: 12 * operands[0].count
    case .lion: 9 * operands[0].count
    }
  }

}
