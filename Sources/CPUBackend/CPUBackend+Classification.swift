import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Classification, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    let y = results[0]
    switch f {
    case .softmax: return softmax(operands[0], y)
    case .softmaxGradient: return softmaxGradient(operands[0], operands[1], y)
    case .crossEntropy: return crossEntropy(operands[0], operands[1], y)
    case .crossEntropyGradient: return crossEntropyGradient(operands[0], operands[1], operands[2], y)
    case .mse: return mse(operands[0], operands[1], y)
    case .mseGradient: return mseGradient(operands[0], operands[1], operands[2], y)
    }
  }

  private func softmax(_ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, rows, columns, input, out) = (pool, x.rows, x.columns, x.f32, y.f32)
    return { (_) in cgad_softmax(pool, rows, columns, input, out) }
  }

  private func softmaxGradient(_ y: Buffer, _ dy: Buffer, _ dx: Buffer) -> Kernel {
    let (pool, rows, columns, value, gradient, out) = (pool, y.rows, y.columns, y.f32, dy.f32, dx.f32)
    return { (_) in cgad_softmax_gradient(pool, rows, columns, value, gradient, out) }
  }

  private func crossEntropy(_ x: Buffer, _ labels: Buffer, _ loss: Buffer) -> Kernel {
    let (pool, rows, columns, scores, label, out) = (pool, x.rows, x.columns, x.f32, labels.i32, loss.f32)
    return { (_) throws(KernelFailure) in
      let status = cgad_cross_entropy(pool, rows, columns, scores, label, out)
      if status != 0 { throw Self.badLabel(status - 1, label, columns) }
    }
  }

  private func crossEntropyGradient(_ x: Buffer, _ labels: Buffer, _ g: Buffer, _ dx: Buffer) -> Kernel {
    let (pool, rows, columns, scores, label) = (pool, x.rows, x.columns, x.f32, labels.i32)
    let (scale, out) = (g.f32, dx.f32)
    return { (_) throws(KernelFailure) in
      let status = cgad_cross_entropy_gradient(pool, rows, columns, scores, label, scale.pointee, out)
      if status != 0 { throw Self.badLabel(status - 1, label, columns) }
    }
  }

  private static func badLabel(_ i: Int, _ labels: UnsafeMutablePointer<Int32>, _ columns: Int) -> KernelFailure {
    .init("label \(labels[i]) of example \(i) of the batch is outside [0, \(columns))")
  }

  private func mse(_ x: Buffer, _ y: Buffer, _ loss: Buffer) -> Kernel {
    let (pool, n, a, b, out) = (pool, x.count, x.f32, y.f32, loss.f32)
    return { (_) in cgad_mse(pool, n, a, b, out) }
  }

  private func mseGradient(_ x: Buffer, _ y: Buffer, _ g: Buffer, _ dx: Buffer) -> Kernel {
    let (pool, n, a, b, scale, out) = (pool, x.count, x.f32, y.f32, g.f32, dx.f32)
    return { (_) in cgad_mse_gradient(pool, n, a, b, scale.pointee, out) }
  }

}
