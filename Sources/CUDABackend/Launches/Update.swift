import Operations
import Runtime
import Support

extension Work {

  init(_ f: Optimizer, _ operands: [Buffer]) {
    let (n, written) = (operands[0].count, f.writtenCount)
    let rate = { (keys: StepKeys) in f.rate.value(atStep: Int(keys.step)) }
    let factor = operands.count > written + 1 ? operands[written + 1].argument() : .address(0)
    let tensors = operands[...written].map { $0.argument() }
    let numbers: [Argument] =
      switch f {
      case .sgd(_, let momentum, let nesterov, let decay, let decoupled):
        [.scalar(rate), .scalar { decoupled ? 1 - rate($0) * decay : 1 }]
          + (momentum == 0 ? [] : [.float(Float(momentum)), .flag(nesterov)]) + [.float(decoupled ? 0 : Float(decay))]
      case .adam(_, let beta1, let beta2, let epsilon, let decay, let decoupled):
        [
          .scalar { rate($0) / (1 - Self.power(beta1, $0)) }, .scalar { decoupled ? 1 - rate($0) * decay : 1 },
          .scalar { 1 / (1 - Self.power(beta2, $0)).squareRoot() }, .float(decoupled ? 0 : Float(decay)),
          .float(Float(1 - beta1)), .float(Float(beta2)), .float(Float(1 - beta2)), .float(Float(epsilon)),
        ]
      case .rmsprop(_, let alpha, let epsilon, let momentum, let decay):
        [.scalar(rate)]
          + [alpha, 1 - alpha, epsilon, momentum, decay].map { .float(Float($0)) }
      case .lion(_, let beta1, let beta2, let decay):
        [
          .scalar(rate), .scalar { 1 - rate($0) * decay }, .float(Float(1 - beta1)), .float(Float(1 - beta2)),
        ]
      }
    self.init(
      Launch.loop(f.kernel, over: n, each: 2, [.count(n)] + f.withMissingSlot(tensors) + [factor] + numbers))
  }

  /// Returns `x` to the power of the number of steps up to that of `keys`, by squaring.
  private static func power(_ x: Double, _ keys: StepKeys) -> Double {
    var (y, square, n) = (1.0, x, UInt64(keys.step) + 1)
    while n != 0 {
      if n & 1 == 1 { y *= square }
      square *= square
      n >>= 1
    }
    return y
  }

  init(_ f: StateUpdate, _ operands: [Buffer]) {
    let (state, value) = (operands[0], operands[1])
    switch f {
    case .assign: self.init(Self.copy(value, to: state))
    case .accumulate:
      self.init(
        Launch.loop(
          "cgad_cuda_accumulate", over: state.count,
          [.count(state.count), state.argument(), value.argument(), .keys]))
    }
  }

  init(_ f: RandomOperation, _ operands: [Buffer], _ results: [Buffer]) {
    let (x, y) = (operands[0], results[0])
    switch f {
    case .dropout(let rate, let key), .dropoutGradient(let rate, let key):
      let constants = DropoutConstants(rate: rate)
      let path = Int64(bitPattern: StableHash.fnv1a(key))
      self.init(
        Launch.loop(
          "cgad_cuda_dropout", over: x.count,
          [
            .count(x.count), x.argument(), y.argument(), .float(constants.rate), .float(constants.factor),
            .integer(path), .keys,
          ]))
    }
  }

}

extension Optimizer {

  fileprivate var kernel: String {
    switch self {
    case .sgd(_, let momentum, _, _, _): momentum == 0 ? "cgad_cuda_sgd" : "cgad_cuda_sgd_momentum"
    case .adam: "cgad_cuda_adam"
    case .rmsprop: "cgad_cuda_rmsprop"
    case .lion: "cgad_cuda_lion"
    }
  }

  /// Parameter, slots and gradient, with a null in the place of the velocity that RMSprop lacks.
  fileprivate func withMissingSlot(_ tensors: [Argument]) -> [Argument] {
    guard case .rmsprop(_, _, _, let momentum, _) = self, momentum == 0 else { return tensors }
    return tensors[..<2] + [.address(0)] + tensors[2...]
  }

}
