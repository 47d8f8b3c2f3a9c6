import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Attention, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    switch f {
    case .attention(let scores): attention(f, .init(scores, operands), operands, results)
    case .gradient(let scores): attentionGradient(f, .init(scores, operands), operands, results)
    case .causalMask: causalMask(-.infinity, operands[0], results[0])
    case .causalMaskGradient: causalMask(0, operands[0], results[0])
    }
  }

  private func attention(
    _ f: Attention, _ shape: cgad_attention_shape, _ operands: [Buffer], _ results: [Buffer]
  ) -> Kernel {
    let (pool, q, k, v) = (pool, operands[0].f32, operands[1].f32, operands[2].f32)
    let (y, logSums) = (results[0].f32, results[1].f32)
    return { (_) throws(KernelFailure) in
      let status = withUnsafePointer(to: shape) { cgad_attention(pool, $0, q, k, v, y, logSums) }
      try check(status, f.mnemonic, operands)
    }
  }

  private func attentionGradient(
    _ f: Attention, _ shape: cgad_attention_shape, _ operands: [Buffer], _ results: [Buffer]
  ) -> Kernel {
    let (pool, all) = (pool, operands.map(\.f32))
    let values = cgad_attention_values(q: all[0], k: all[1], v: all[2], y: all[3], log_sums: all[4], dy: all[5])
    let (dq, dk, dv) = (results[0].f32, results[1].f32, results[2].f32)
    return { (_) throws(KernelFailure) in
      let status = withUnsafePointer(to: shape) { (s) in
        withUnsafePointer(to: values) { cgad_attention_gradient(pool, s, $0, dq, dk, dv) }
      }
      try check(status, f.mnemonic, operands)
    }
  }

  private func causalMask(_ fill: Float, _ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, input, out, matrices) = (pool, x.f32, y.f32, x.planes)
    let (rows, columns) = (x.type.extents[x.type.rank - 2], x.columns)
    return { (_) in cgad_causal_mask(pool, matrices, rows, columns, fill, input, out) }
  }

}

extension cgad_attention_shape {

  /// The kernel's description of attention of the operands `q, k, v`.
  fileprivate init(_ scores: Attention.Scores, _ operands: [Buffer]) {
    let (q, k, v) = (operands[0], operands[1], operands[2])
    self.init(
      heads: q.planes, queries: q.type.extents[q.type.rank - 2], keys: k.type.extents[k.type.rank - 2],
      width: q.columns, value_width: v.columns, scale: Float(scores.scale), causal: scores.causal)
  }

}
