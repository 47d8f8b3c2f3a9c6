import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Normalization, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    let (x, y) = (operands[0], results[0])
    let (pool, rows, columns, input, out) = (pool, x.rows, x.columns, x.f32, y.f32)
    switch f {
    case .layer(let epsilon):
      return { (_) in cgad_layer_norm(pool, rows, columns, epsilon, input, out) }
    case .rms(let epsilon):
      return { (_) in cgad_rms_norm(pool, rows, columns, epsilon, input, out) }
    case .layerGradient(let epsilon):
      let dy = operands[1].f32
      return { (_) in cgad_layer_norm_gradient(pool, rows, columns, epsilon, input, dy, out) }
    case .rmsGradient(let epsilon):
      let dy = operands[1].f32
      return { (_) in cgad_rms_norm_gradient(pool, rows, columns, epsilon, input, dy, out) }
    }
  }

}
