import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Optimizer, _ operands: [Buffer]) -> Kernel {
    let (parameter, gradient) = (operands[0], operands[operands.count - 1])
    switch f {
    case .sgd(let rate, 0, _, let decay): return sgd(parameter, gradient, rate, decay)
    case .sgd(let rate, let momentum, let nesterov, let decay):
      return momentumSGD(parameter, operands[1], gradient, rate, momentum, nesterov, decay)
    case .adam(let rate, let beta1, let beta2, let epsilon, let decay, let decoupled):
      let options = cgad_adam_options(
        lr: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay, decoupled: decoupled)
      return adam(parameter, operands[1], operands[2], gradient, options)
    case .rmsprop(let rate, let alpha, let epsilon, let momentum, let decay):
      let options = cgad_rmsprop_options(
        lr: rate, alpha: alpha, epsilon: epsilon, momentum: momentum, decay: decay)
      return rmsprop(parameter, operands[1], momentum == 0 ? nil : operands[2], gradient, options)
    case .lion(let rate, let beta1, let beta2, let decay):
      let (pool, n, p, m, g) = (pool, parameter.count, parameter.f32, operands[1].f32, gradient.f32)
      return { (_) in cgad_lion(pool, n, p, m, g, rate, beta1, beta2, decay) }
    }
  }

  private func rmsprop(
    _ parameter: Buffer, _ moment2: Buffer, _ velocity: Buffer?, _ gradient: Buffer, _ options: cgad_rmsprop_options
  ) -> Kernel {
    let (pool, n, p, v, u, g) = (pool, parameter.count, parameter.f32, moment2.f32, velocity?.f32, gradient.f32)
    return { (_) in cgad_rmsprop(pool, n, p, v, u, g, options) }
  }

  private func sgd(_ parameter: Buffer, _ gradient: Buffer, _ rate: Double, _ decay: Double) -> Kernel {
    let (pool, n, p, g) = (pool, parameter.count, parameter.f32, gradient.f32)
    return { (_) in cgad_sgd(pool, n, p, g, rate, decay) }
  }

  private func momentumSGD(
    _ parameter: Buffer, _ velocity: Buffer, _ gradient: Buffer, _ rate: Double, _ momentum: Double, _ nesterov: Bool,
    _ decay: Double
  ) -> Kernel {
    let (pool, n, p, v, g) = (pool, parameter.count, parameter.f32, velocity.f32, gradient.f32)
    return { (_) in cgad_sgd_momentum(pool, n, p, v, g, rate, momentum, nesterov, decay) }
  }

  private func adam(
    _ parameter: Buffer, _ moment1: Buffer, _ moment2: Buffer, _ gradient: Buffer, _ options: cgad_adam_options
  ) -> Kernel {
    let (pool, n, p, m, v, g) = (pool, parameter.count, parameter.f32, moment1.f32, moment2.f32, gradient.f32)
    return { (keys) throws(KernelFailure) in
      try check(cgad_adam(pool, n, p, m, v, g, options, UInt64(keys.step) + 1), "adam", [parameter])
    }
  }

}
