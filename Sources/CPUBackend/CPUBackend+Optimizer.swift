import CKernels
import Operations
import Runtime

/// What an update works on: a parameter, its slots and its gradient, all of one length, and the factor that clips.
private struct UpdateOperands {

  let count: Int

  let parameter: UnsafeMutablePointer<Float>

  let slots: [UnsafeMutablePointer<Float>]

  let gradient: UnsafeMutablePointer<Float>

  private let factor: UnsafeMutablePointer<Float>?

  init(_ f: Optimizer, _ operands: [Buffer]) {
    let written = f.writtenCount
    count = operands[0].count
    parameter = operands[0].f32
    slots = operands[1..<written].map(\.f32)
    gradient = operands[written].f32
    factor = operands.count > written + 1 ? operands[written + 1].f32 : nil
  }

  /// What the gradient is multiplied by in this step.
  var scale: Float { factor?.pointee ?? 1 }

}

extension CPUBackend {

  /// Returns the kernel of an update, which computes its rate once a step.
  func kernel(_ f: Optimizer, _ operands: [Buffer]) -> Kernel {
    let u = UpdateOperands(f, operands)
    let rate = { (keys: StepKeys) in f.rate.value(atStep: Int(keys.step)) }
    switch f {
    case .sgd(_, let momentum, let nesterov, let decay, let decoupled):
      let options = cgad_sgd_options(
        lr: 0, momentum: momentum, nesterov: nesterov, decay: decay, decoupled: decoupled)
      return sgd(u, rate, options)
    case .adam(_, let beta1, let beta2, let epsilon, let decay, let decoupled):
      let options = cgad_adam_options(
        lr: 0, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay, decoupled: decoupled)
      return adam(u, rate, options, operands)
    case .rmsprop(_, let alpha, let epsilon, let momentum, let decay):
      let options = cgad_rmsprop_options(lr: 0, alpha: alpha, epsilon: epsilon, momentum: momentum, decay: decay)
      return rmsprop(u, rate, options)
    case .lion(_, let beta1, let beta2, let decay):
      let pool = pool
      return { (keys) in
        cgad_lion(pool, u.count, u.parameter, u.slots[0], u.gradient, u.scale, rate(keys), beta1, beta2, decay)
      }
    }
  }

  private func sgd(
    _ u: UpdateOperands, _ rate: @escaping (StepKeys) -> Double, _ options: cgad_sgd_options
  ) -> Kernel {
    let (pool, velocity) = (pool, u.slots.first)
    return { (keys) in
      var options = options
      options.lr = rate(keys)
      cgad_sgd(pool, u.count, u.parameter, velocity, u.gradient, u.scale, options)
    }
  }

  private func adam(
    _ u: UpdateOperands, _ rate: @escaping (StepKeys) -> Double, _ options: cgad_adam_options, _ operands: [Buffer]
  ) -> Kernel {
    let pool = pool
    return { (keys) throws(KernelFailure) in
      var options = options
      options.lr = rate(keys)
      let status = cgad_adam(
        pool, u.count, u.parameter, u.slots[0], u.slots[1], u.gradient, u.scale, options, UInt64(keys.step) + 1)
      try check(status, "adam", [operands[0]])
    }
  }

  private func rmsprop(
    _ u: UpdateOperands, _ rate: @escaping (StepKeys) -> Double, _ options: cgad_rmsprop_options
  ) -> Kernel {
    let (pool, velocity) = (pool, u.slots.count > 1 ? u.slots[1] : nil)
    return { (keys) in
      var options = options
      options.lr = rate(keys)
      cgad_rmsprop(pool, u.count, u.parameter, u.slots[0], velocity, u.gradient, u.scale, options)
    }
  }

}
