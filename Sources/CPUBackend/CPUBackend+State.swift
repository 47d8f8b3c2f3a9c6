import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: StateUpdate, _ operands: [Buffer]) -> Kernel {
    switch f {
    case .assign:
      let (state, value) = (operands[0], operands[1])
      return { (_) in state.copy(from: value) }
    case .accumulate: return accumulate(operands[0], operands[1])
    }
  }

  private func accumulate(_ sum: Buffer, _ gradient: Buffer) -> Kernel {
    let (pool, n, total, g) = (pool, sum.count, sum.f32, gradient.f32)
    return { (keys) in
      if keys.microBatch == 0 { sum.copy(from: gradient) } else { cgad_accumulate(pool, n, total, g) }
    }
  }

}
