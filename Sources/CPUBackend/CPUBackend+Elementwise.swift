import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Elementwise, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    let y = results[0]
    switch f {
    case .constant(let value): return constant(Float(value), y)
    case .unary(let g): return unary(g.code, operands[0], y)
    case .unaryGradient(let g): return unaryGradient(g.code, operands[0], operands[1], y)
    case .binary(let g): return binary(g.code, f.mnemonic, operands[0], operands[1], y)
    case .compare(let g): return compare(g.code, f.mnemonic, operands[0], operands[1], y)
    }
  }

  private func constant(_ value: Float, _ y: Buffer) -> Kernel {
    let out = y.f32
    return { (_) in out.pointee = value }
  }

  private func unary(_ code: cgad_unary, _ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, n, input, out) = (pool, x.count, x.f32, y.f32)
    return { (_) in cgad_unary_apply(pool, code, n, input, out) }
  }

  private func unaryGradient(_ code: cgad_unary, _ saved: Buffer, _ dy: Buffer, _ dx: Buffer) -> Kernel {
    let (pool, n, s, g, out) = (pool, dx.count, saved.f32, dy.f32, dx.f32)
    return { (_) in cgad_unary_gradient(pool, code, n, s, g, out) }
  }

  private func binary(_ code: cgad_binary, _ mnemonic: String, _ l: Buffer, _ r: Buffer, _ y: Buffer) -> Kernel {
    let (pool, shape, a, b, out) = (pool, BroadcastShape(l, r, to: y), l.f32, r.f32, y.f32)
    return { (_) throws(KernelFailure) in
      try check(
        cgad_binary_apply(pool, code, shape.rank, shape.extents, a, shape.left, b, shape.right, out), mnemonic, [l, r])
    }
  }

  private func compare(
    _ code: cgad_comparison, _ mnemonic: String, _ l: Buffer, _ r: Buffer, _ y: Buffer
  ) -> Kernel {
    let (pool, shape, out) = (pool, BroadcastShape(l, r, to: y), y.u8)
    if l.type.element == .i32 {
      let (a, b) = (l.i32, r.i32)
      return { (_) throws(KernelFailure) in
        try check(
          cgad_compare_i32(pool, code, shape.rank, shape.extents, a, shape.left, b, shape.right, out), mnemonic, [l, r])
      }
    }
    let (a, b) = (l.f32, r.f32)
    return { (_) throws(KernelFailure) in
      try check(
        cgad_compare_f32(pool, code, shape.rank, shape.extents, a, shape.left, b, shape.right, out), mnemonic, [l, r])
    }
  }

}

/// The strides with which two operands are read as values of the result's extents.
private struct BroadcastShape {

  let rank: Int32

  let extents: [Int]

  let left: [Int]

  let right: [Int]

  init(_ l: Buffer, _ r: Buffer, to y: Buffer) {
    extents = y.type.extents
    rank = Int32(extents.count)
    left = Broadcasting.strides(of: l.type.extents, as: extents)
    right = Broadcasting.strides(of: r.type.extents, as: extents)
  }

}

extension UnaryFunction {

  /// The kernel's name for the function.
  var code: cgad_unary {
    switch self {
    case .neg: .neg
    case .abs: .abs
    case .relu: .relu
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .exp: .exp
    case .log: .log
    case .sqrt: .sqrt
    case .rsqrt: .rsqrt
    case .square: .square
    case .sin: .sin
    case .cos: .cos
    case .gelu: .gelu
    case .silu: .silu
    case .softplus: .softplus
    }
  }

}

extension BinaryFunction {

  /// The kernel's name for the function.
  var code: cgad_binary {
    switch self {
    case .add: .add
    case .sub: .sub
    case .mul: .mul
    case .div: .div
    }
  }

}

extension Comparison {

  /// The kernel's name for the relation.
  var code: cgad_comparison {
    switch self {
    case .equal: .eq
    case .notEqual: .ne
    case .less: .lt
    case .lessEqual: .le
    case .greater: .gt
    case .greaterEqual: .ge
    }
  }

}
