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
    let (pool, y, logSums) = (pool, results[0].f32, results[1].f32)
    let (q, k, v) = shape.parts(operands.map(\.f32))
    return { (_) throws(KernelFailure) in
      let status = withUnsafePointer(to: shape) { cgad_attention(pool, $0, q, k, v, y, logSums) }
      try check(status, f.mnemonic, operands)
    }
  }

  private func attentionGradient(
    _ f: Attention, _ shape: cgad_attention_shape, _ operands: [Buffer], _ results: [Buffer]
  ) -> Kernel {
    let (pool, forward) = (pool, operands.suffix(3).map(\.f32))
    let (q, k, v) = shape.parts(operands.dropLast(3).map(\.f32))
    let values = cgad_attention_values(q: q, k: k, v: v, y: forward[0], log_sums: forward[1], dy: forward[2])
    let (dq, dk, dv) = shape.parts(results.map(\.f32))
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

  /// The kernel's description of attention of the operands `q, k, v`, or of packed operands.
  fileprivate init(_ scores: Attention.Scores, _ operands: [Buffer]) {
    let l = AttentionLayout(scores.heads, operands.map(\.type))
    self.init(
      heads: l.heads, queries: l.queries, keys: l.keys, width: l.width, value_width: l.valueWidth,
      scale: Float(scores.scale), causal: scores.causal, group: l.group, value_group: l.valueGroup,
      q_stride: l.strides.q, k_stride: l.strides.k, v_stride: l.strides.v, y_stride: l.strides.y)
  }

  /// Returns where queries, keys and values begin, in buffers of their own or side by side in one.
  fileprivate func parts(
    _ buffers: [UnsafeMutablePointer<Float>]
  ) -> (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) {
    if buffers.count == 3 { return (buffers[0], buffers[1], buffers[2]) }
    return (buffers[0], buffers[0] + group * width, buffers[0] + 2 * group * width)
  }

}
