import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: LinearAlgebra, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    switch f {
    case .matmul(let l, let r): matmul(l, r, operands[0], operands[1], results[0])
    }
  }

  private func matmul(
    _ transposeLeft: Bool, _ transposeRight: Bool, _ a: Buffer, _ b: Buffer, _ c: Buffer
  ) -> Kernel {
    let (pool, m, n) = (pool, c.type.extents[0], c.type.extents[1])
    let (k, left, right, out) = (a.type.extents[transposeLeft ? 0 : 1], a.f32, b.f32, c.f32)
    return { (_) throws(KernelFailure) in
      try check(cgad_gemm(pool, transposeLeft, transposeRight, m, n, k, left, right, out), "matmul", [a, b])
    }
  }

}
