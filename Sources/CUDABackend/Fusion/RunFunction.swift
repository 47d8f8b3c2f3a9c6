import Operations

/// A function that runs of elementwise operations can compute, numbered as `run_function` in kernels/runs.cuh.
///
/// Functions that compute for longer than their elements take to be read (sine, powers, error function and the like) are not
/// among them, and neither is what gives or takes truth values: networks hardly have any.
package enum RunFunction: UInt8, Hashable, Sendable, CaseIterable {

  case copy, constant
  case add, sub, mul, div, maximum, minimum
  case neg, abs, relu, tanh, sigmoid, exp, log, sqrt, rsqrt, square, gelu, silu, softplus, reciprocal, sign
  case absGradient, reluGradient, tanhGradient, sigmoidGradient, expGradient, logGradient, sqrtGradient, rsqrtGradient
  case squareGradient, geluGradient, siluGradient, softplusGradient, reciprocalGradient
  case leakyRelu, leakyReluGradient, clamp, clampGradient
  case dropout

  /// The function that gives `f` of one operand; `nil` if runs have none.
  init?(_ f: UnaryFunction) {
    switch f {
    case .neg: self = .neg
    case .abs: self = .abs
    case .relu: self = .relu
    case .tanh: self = .tanh
    case .sigmoid: self = .sigmoid
    case .exp: self = .exp
    case .log: self = .log
    case .sqrt: self = .sqrt
    case .rsqrt: self = .rsqrt
    case .square: self = .square
    case .gelu: self = .gelu
    case .silu: self = .silu
    case .softplus: self = .softplus
    case .reciprocal: self = .reciprocal
    case .sign: self = .sign
    case .sin, .cos, .geluExact, .tan, .asin, .acos, .atan, .sinh, .cosh, .asinh, .acosh, .atanh, .log1p, .expm1, .erf,
      .mish, .softsign:
      return nil
    }
  }

  /// The function that gives the slope of `f` times `dy`, of two operands; `nil` if runs have none.
  init?(gradientOf f: UnaryFunction) {
    switch f {
    case .abs: self = .absGradient
    case .relu: self = .reluGradient
    case .tanh: self = .tanhGradient
    case .sigmoid: self = .sigmoidGradient
    case .exp: self = .expGradient
    case .log: self = .logGradient
    case .sqrt: self = .sqrtGradient
    case .rsqrt: self = .rsqrtGradient
    case .square: self = .squareGradient
    case .gelu: self = .geluGradient
    case .silu: self = .siluGradient
    case .softplus: self = .softplusGradient
    case .reciprocal: self = .reciprocalGradient
    case .neg, .sign, .sin, .cos, .geluExact, .tan, .asin, .acos, .atan, .sinh, .cosh, .asinh, .acosh, .atanh, .log1p,
      .expm1, .erf, .mish, .softsign:
      return nil
    }
  }

  /// The function that gives `f`; `nil` if runs have none.
  init?(_ f: BinaryFunction) {
    switch f {
    case .add: self = .add
    case .sub: self = .sub
    case .mul: self = .mul
    case .div: self = .div
    case .maximum: self = .maximum
    case .minimum: self = .minimum
    case .pow: return nil
    }
  }

}
