import CKernels
import Operations
import Runtime

extension CPUBackend {

  func kernel(_ f: Elementwise, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    let y = results[0]
    switch f {
    case .constant(let value): return constant(Float(value), y)
    case .integer(let value): return integer(Int32(value), y)
    case .arange(let count): return arange(count, y)
    case .unary(let g): return unary(g.code, operands[0], y)
    case .unaryGradient(let g): return unaryGradient(g.code, operands[0], operands[1], y)
    case .parametric(let g): return parametric(g, operands[0], y)
    case .parametricGradient(let g): return parametricGradient(g, operands[0], operands[1], y)
    case .binary(let g): return binary(g.code, f.mnemonic, operands[0], operands[1], y)
    case .extremumGradient(let isMaximum): return extremumGradient(isMaximum, f.mnemonic, operands, y)
    case .compare(let g): return compare(g.code, f.mnemonic, operands[0], operands[1], y)
    case .logic(let g): return logic(g.code, f.mnemonic, operands[0], operands[g.operandCount - 1], y)
    case .select: return select(operands[0], operands[1], operands[2], y)
    case .cast: return cast(operands[0], y)
    }
  }

  private func constant(_ value: Float, _ y: Buffer) -> Kernel {
    let out = y.f32
    return { (_) in out.pointee = value }
  }

  private func integer(_ value: Int32, _ y: Buffer) -> Kernel {
    let out = y.i32
    return { (_) in out.pointee = value }
  }

  private func arange(_ count: Int, _ y: Buffer) -> Kernel {
    let out = y.f32
    return { (_) in for i in 0..<count { out[i] = Float(i) } }
  }

  private func unary(_ code: cgad_unary, _ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, n, input, out) = (pool, x.count, x.f32, y.f32)
    return { (_) in cgad_unary_apply(pool, code, n, input, out) }
  }

  private func unaryGradient(_ code: cgad_unary, _ saved: Buffer, _ dy: Buffer, _ dx: Buffer) -> Kernel {
    let (pool, n, s, g, out) = (pool, dx.count, saved.f32, dy.f32, dx.f32)
    return { (_) in cgad_unary_gradient(pool, code, n, s, g, out) }
  }

  private func parametric(_ f: ParametricFunction, _ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, code, constants, n, input, out) = (pool, f.code, f.constants, x.count, x.f32, y.f32)
    return { (_) in cgad_parametric_apply(pool, code, constants.0, constants.1, n, input, out) }
  }

  private func parametricGradient(_ f: ParametricFunction, _ saved: Buffer, _ dy: Buffer, _ dx: Buffer) -> Kernel {
    let (pool, code, constants, n) = (pool, f.code, f.constants, dx.count)
    let (s, g, out) = (saved.f32, dy.f32, dx.f32)
    return { (_) in cgad_parametric_gradient(pool, code, constants.0, constants.1, n, s, g, out) }
  }

  private func cast(_ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, n, out) = (pool, x.count, y.f32)
    if x.type.element == .i32 {
      let input = x.i32
      return { (_) in cgad_cast_i32(pool, n, input, out) }
    }
    let input = x.u8
    return { (_) in cgad_cast_u8(pool, n, input, out) }
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
    case .reciprocal: .reciprocal
    case .sign: .sign
    case .tan: .tan
    case .asin: .asin
    case .acos: .acos
    case .atan: .atan
    case .sinh: .sinh
    case .cosh: .cosh
    case .asinh: .asinh
    case .acosh: .acosh
    case .atanh: .atanh
    case .log1p: .log1p
    case .expm1: .expm1
    case .erf: .erf
    case .mish: .mish
    case .softsign: .softsign
    case .geluExact: .gelu_exact
    }
  }

}

extension ParametricFunction {

  /// The kernel's name for the function.
  var code: cgad_parametric {
    switch self {
    case .leakyRelu: .leaky_relu
    case .elu: .elu
    case .pow: .pow
    case .clamp: .clamp
    }
  }

  /// The kernel's constants.
  var constants: (Double, Double) {
    switch self {
    case .leakyRelu(let slope): (slope, 0)
    case .elu(let alpha): (alpha, 0)
    case .pow(let exponent): (exponent, 0)
    case .clamp(let low, let high): (low, high)
    }
  }

}
