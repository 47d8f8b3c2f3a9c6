/// A function of one element.
package enum UnaryFunction: String, Hashable, Sendable, CaseIterable {

  case neg
  case abs
  case relu
  case tanh
  case sigmoid
  case exp
  case log
  case sqrt
  case rsqrt
  case square
  case sin
  case cos

  /// The form with tanh.
  case gelu

  /// The form with the error function.
  case geluExact = "gelu_exact"

  case silu
  case softplus
  case reciprocal

  /// −1, 0 or 1.
  case sign

  case tan
  case asin
  case acos
  case atan
  case sinh
  case cosh
  case asinh
  case acosh
  case atanh
  case log1p
  case expm1
  case erf
  case mish
  case softsign

  /// Which value the derivative is a function of.
  package enum Saved: Hashable, Sendable {
    case input
    case output
  }

  /// What `unaryGradient` reads: the cheaper of input and output to keep alive.
  ///
  /// relu, tanh, sigmoid, exp, expm1, tan, the reciprocal and the roots have derivatives in terms of their own output.
  package var saved: Saved {
    switch self {
    case .relu, .tanh, .sigmoid, .exp, .sqrt, .rsqrt, .reciprocal, .tan, .expm1: .output
    case .neg, .abs, .log, .square, .sin, .cos, .gelu, .geluExact, .silu, .softplus, .sign, .asin, .acos, .atan, .sinh,
      .cosh,
      .asinh, .acosh, .atanh, .log1p, .erf, .mish, .softsign:
      .input
    }
  }

  /// `true` iff the function has a derivative that is not 0 wherever it exists.
  package var isDifferentiable: Bool { self != .sign }

  /// Floating-point operations for one element; transcendental functions count as the polynomials that compute them.
  package var flopsPerElement: Int {
    switch self {
    case .neg, .abs, .relu, .square, .reciprocal, .sign: 1
    case .softsign: 3
    case .sqrt, .rsqrt: 4
    case .exp, .log, .sin, .cos: 12
    case .tanh, .sigmoid, .silu, .softplus: 16
    case .gelu, .mish: 20
    case .tan, .log1p, .expm1: 24
    case .asin, .acos, .atan, .sinh, .cosh, .asinh, .acosh, .atanh: 32
    case .erf: 64
    case .geluExact: 68
    }
  }

}
