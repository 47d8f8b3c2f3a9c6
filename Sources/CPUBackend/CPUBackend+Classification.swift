import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Classification, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    let y = results[0]
    switch f {
    case .softmax: return rowMap(cgad_softmax, operands[0], y)
    case .softmaxGradient: return rowGradient(cgad_softmax_gradient, operands[0], operands[1], y)
    case .logSoftmax: return rowMap(cgad_log_softmax, operands[0], y)
    case .logSoftmaxGradient: return rowGradient(cgad_log_softmax_gradient, operands[0], operands[1], y)
    case .entropy(.labels(let s)): return crossEntropy(s, operands[0], operands[1], y)
    case .entropyGradient(.labels(let s)): return crossEntropyGradient(s, operands[0], operands[1], operands[2], y)
    case .entropy(.probabilities): return softCrossEntropy(operands[0], operands[1], y)
    case .entropyGradient(.probabilities): return softGradient(operands[0], operands[1], operands[2], y)
    case .pairLoss(let g): return pairLoss(g, operands[0], operands[1], y)
    case .pairLossGradient(let g): return pairLossGradient(g, operands[0], operands[1], operands[2], y)
    }
  }

  private typealias RowMap = (
    OpaquePointer, Int, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>
  ) -> Void

  private func rowMap(_ map: @escaping RowMap, _ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, rows, columns, input, out) = (pool, x.rows, x.columns, x.f32, y.f32)
    return { (_) in map(pool, rows, columns, input, out) }
  }

  private typealias RowGradient = (
    OpaquePointer, Int, Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
  ) -> Void

  private func rowGradient(_ gradient: @escaping RowGradient, _ y: Buffer, _ dy: Buffer, _ dx: Buffer) -> Kernel {
    let (pool, rows, columns, value, g, out) = (pool, y.rows, y.columns, y.f32, dy.f32, dx.f32)
    return { (_) in gradient(pool, rows, columns, value, g, out) }
  }

  private func crossEntropy(_ smoothing: Double, _ x: Buffer, _ labels: Buffer, _ loss: Buffer) -> Kernel {
    let (pool, rows, columns, scores, label, out) = (pool, x.rows, x.columns, x.f32, labels.i32, loss.f32)
    return { (_) throws(KernelFailure) in
      let status = cgad_cross_entropy(pool, rows, columns, scores, label, smoothing, out)
      if status != 0 { throw Self.badLabel(status - 1, label, columns) }
    }
  }

  private func crossEntropyGradient(
    _ smoothing: Double, _ x: Buffer, _ labels: Buffer, _ g: Buffer, _ dx: Buffer
  ) -> Kernel {
    let (pool, rows, columns, scores, label) = (pool, x.rows, x.columns, x.f32, labels.i32)
    let (scale, out) = (g.f32, dx.f32)
    return { (_) throws(KernelFailure) in
      let status = cgad_cross_entropy_gradient(pool, rows, columns, scores, label, smoothing, scale.pointee, out)
      if status != 0 { throw Self.badLabel(status - 1, label, columns) }
    }
  }

  private static func badLabel(_ i: Int, _ labels: UnsafeMutablePointer<Int32>, _ columns: Int) -> KernelFailure {
    .init("label \(labels[i]) of example \(i) of the batch is outside [0, \(columns))")
  }

  private func softCrossEntropy(_ x: Buffer, _ targets: Buffer, _ loss: Buffer) -> Kernel {
    let (pool, rows, columns, scores, t, out) = (pool, x.rows, x.columns, x.f32, targets.f32, loss.f32)
    return { (_) in cgad_soft_cross_entropy(pool, rows, columns, scores, t, out) }
  }

  private func softGradient(_ x: Buffer, _ targets: Buffer, _ g: Buffer, _ dx: Buffer) -> Kernel {
    let (pool, rows, columns, scores, t) = (pool, x.rows, x.columns, x.f32, targets.f32)
    let (scale, out) = (g.f32, dx.f32)
    return { (_) in cgad_soft_cross_entropy_gradient(pool, rows, columns, scores, t, scale.pointee, out) }
  }

  private func pairLoss(_ f: PairLoss, _ x: Buffer, _ y: Buffer, _ loss: Buffer) -> Kernel {
    let (pool, code, n, divisor, a, b, out) = (pool, f.code, x.count, f.divisor(of: x.type), x.f32, y.f32, loss.f32)
    return { (_) in cgad_pair_loss_apply(pool, code, n, a, b, divisor, out) }
  }

  private func pairLossGradient(_ f: PairLoss, _ x: Buffer, _ y: Buffer, _ g: Buffer, _ dx: Buffer) -> Kernel {
    let (pool, code, n, divisor, a, b) = (pool, f.code, x.count, f.divisor(of: x.type), x.f32, y.f32)
    let (scale, out) = (g.f32, dx.f32)
    return { (_) in cgad_pair_loss_gradient(pool, code, n, a, b, divisor, scale.pointee, out) }
  }

}

extension PairLoss {

  /// The kernel's name for the loss.
  var code: cgad_pair_loss {
    switch self {
    case .mse: .squares
    case .mae: .magnitudes
    case .bceWithLogits: .logits
    case .klDivergence: .divergence
    }
  }

}
