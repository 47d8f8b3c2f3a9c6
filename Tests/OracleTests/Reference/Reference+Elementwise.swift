import Glibc
import Operations

extension Reference {

  static func result(of f: Elementwise, _ x: [ReferenceTensor]) -> ReferenceTensor {
    switch f {
    case .constant(let value): .init(value)
    case .integer(let value): .init([]) { (_) in Double(value) }
    case .arange(let count): .init([count]) { Double($0[0]) }
    case .unary(let g): x[0].map { value(of: g, $0) }
    case .unaryGradient(let g): x[0].combined(x[1]) { derivative(of: g, saved: $0) * $1 }
    case .parametric(let g): x[0].map { value(of: g, $0) }
    case .parametricGradient(let g): x[0].combined(x[1]) { derivative(of: g, saved: $0) * $1 }
    case .binary(let g): broadcast(x[0], x[1]) { value(of: g, $0, $1) }
    case .extremumGradient(let isMaximum):
      broadcast(x[0], x[1]) { $0 == $1 ? 0.5 : ($0 > $1) == isMaximum ? 1 : 0 }.combined(x[2]) { $0 * $1 }
    case .logic(let g): broadcast(x[0], x[x.count - 1]) { isTrue(g, $0 != 0, $1 != 0) ? 1 : 0 }
    case .select: selected(x[0], x[1], x[2])
    case .cast: x[0]
    case .compare(let g): broadcast(x[0], x[1]) { holds(g, $0, $1) ? 1 : 0 }
    }
  }

  private static func broadcast(
    _ a: ReferenceTensor, _ b: ReferenceTensor, _ f: (Double, Double) -> Double
  ) -> ReferenceTensor {
    let rank = max(a.extents.count, b.extents.count)
    let (l, r) = (padded(a.extents, to: rank), padded(b.extents, to: rank))
    return .init(zip(l, r).map { $0 == 1 ? $1 : $0 }) { f(a.broadcastElement(at: $0), b.broadcastElement(at: $0)) }
  }

  private static func selected(
    _ condition: ReferenceTensor, _ x: ReferenceTensor, _ y: ReferenceTensor
  ) -> ReferenceTensor {
    let wide = broadcast(condition, broadcast(x, y) { (x, _) in x }) { (c, _) in c }
    return .init(wide.extents) { wide[$0] != 0 ? x.broadcastElement(at: $0) : y.broadcastElement(at: $0) }
  }

  private static func isTrue(_ f: LogicFunction, _ x: Bool, _ y: Bool) -> Bool {
    switch f {
    case .and: x && y
    case .or: x || y
    case .equal: x == y
    case .xor: x != y
    case .not: !x
    }
  }

  private static func padded(_ extents: [Int], to rank: Int) -> [Int] {
    Array(repeating: 1, count: rank - extents.count) + extents
  }

  static func value(of f: UnaryFunction, _ x: Double) -> Double {
    switch f {
    case .neg: -x
    case .abs: x < 0 ? -x : x
    case .relu: x > 0 ? x : 0
    case .tanh: Glibc.tanh(x)
    case .sigmoid: logistic(x)
    case .exp: Glibc.exp(x)
    case .log: Glibc.log(x)
    case .sqrt: x.squareRoot()
    case .rsqrt: 1 / x.squareRoot()
    case .square: x * x
    case .sin: Glibc.sin(x)
    case .cos: Glibc.cos(x)
    case .gelu: 0.5 * x * (1 + Glibc.tanh(geluArgument(x)))
    case .geluExact: x * normalDistribution(x)
    case .silu: x * logistic(x)
    case .softplus: max(x, 0) + Glibc.log1p(Glibc.exp(-Swift.abs(x)))
    case .reciprocal: 1 / x
    case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
    case .tan: Glibc.tan(x)
    case .asin: Glibc.asin(x)
    case .acos: Glibc.acos(x)
    case .atan: Glibc.atan(x)
    case .sinh: Glibc.sinh(x)
    case .cosh: Glibc.cosh(x)
    case .asinh: Glibc.asinh(x)
    case .acosh: Glibc.acosh(x)
    case .atanh: Glibc.atanh(x)
    case .log1p: Glibc.log1p(x)
    case .expm1: Glibc.expm1(x)
    case .erf: Glibc.erf(x)
    case .mish: x * Glibc.tanh(Glibc.log1p(Glibc.exp(x)))
    case .softsign: x / (1 + Swift.abs(x))
    }
  }

  /// Returns the derivative of `f` in terms of what its table says is saved.
  private static func derivative(of f: UnaryFunction, saved s: Double) -> Double {
    switch f {
    case .neg: -1
    case .abs: s > 0 ? 1 : s < 0 ? -1 : 0
    case .relu: s > 0 ? 1 : 0
    case .tanh: 1 - s * s
    case .sigmoid: s * (1 - s)
    case .exp: s
    case .log: 1 / s
    case .sqrt: 0.5 / s
    case .rsqrt: -0.5 * s * s * s
    case .square: 2 * s
    case .sin: Glibc.cos(s)
    case .cos: -Glibc.sin(s)
    case .gelu: geluDerivative(s)
    case .geluExact: normalDistribution(s) + s * Glibc.exp(-s * s / 2) / (2 * Double.pi).squareRoot()
    case .silu: logistic(s) * (1 + s * (1 - logistic(s)))
    case .softplus: logistic(s)
    case .reciprocal: -s * s
    case .sign: 0
    case .tan: 1 + s * s
    case .asin: 1 / (1 - s * s).squareRoot()
    case .acos: -1 / (1 - s * s).squareRoot()
    case .atan: 1 / (1 + s * s)
    case .sinh: Glibc.cosh(s)
    case .cosh: Glibc.sinh(s)
    case .asinh: 1 / (s * s + 1).squareRoot()
    case .acosh: 1 / (s * s - 1).squareRoot()
    case .atanh: 1 / (1 - s * s)
    case .log1p: 1 / (1 + s)
    case .expm1: s + 1
    case .erf: 2 / Double.pi.squareRoot() * Glibc.exp(-s * s)
    case .mish: mishDerivative(s)
    case .softsign: 1 / ((1 + Swift.abs(s)) * (1 + Swift.abs(s)))
    }
  }

  private static func mishDerivative(_ x: Double) -> Double {
    let t = Glibc.tanh(Glibc.log1p(Glibc.exp(x)))
    return t + x * logistic(x) * (1 - t * t)
  }

  private static func value(of f: ParametricFunction, _ x: Double) -> Double {
    switch f {
    case .leakyRelu(let slope): x > 0 ? x : slope * x
    case .elu(let alpha): x > 0 ? x : alpha * Glibc.expm1(x)
    case .pow(let exponent): Glibc.pow(x, exponent)
    case .clamp(let low, let high): min(max(x, low), high)
    }
  }

  /// Returns the derivative of `f` in terms of what its table says is saved.
  private static func derivative(of f: ParametricFunction, saved s: Double) -> Double {
    switch f {
    case .leakyRelu(let slope): s > 0 ? 1 : slope
    case .elu(let alpha): s > 0 ? 1 : s + alpha
    case .pow(let exponent): exponent == 0 ? 0 : exponent * Glibc.pow(s, exponent - 1)
    case .clamp(let low, let high): s >= low && s <= high ? 1 : 0
    }
  }

  private static func normalDistribution(_ x: Double) -> Double { 0.5 * Glibc.erfc(-x / 2.0.squareRoot()) }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + Glibc.exp(-x)) }

  /// Source: Hendrycks & Gimpel, Gaussian Error Linear Units, 2016, the form with tanh.
  private static func geluArgument(_ x: Double) -> Double { (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x) }

  private static func geluDerivative(_ x: Double) -> Double {
    let t = Glibc.tanh(geluArgument(x))
    let inner = (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * x * x)
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner
  }

  private static func value(of f: BinaryFunction, _ x: Double, _ y: Double) -> Double {
    switch f {
    case .add: x + y
    case .sub: x - y
    case .mul: x * y
    case .div: x / y
    case .maximum: x > y ? x : y
    case .minimum: x < y ? x : y
    case .pow: power(x, y)
    }
  }

  /// Returns `x` to the power of `y` as C has it.
  static func power(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }

  private static func holds(_ f: Comparison, _ x: Double, _ y: Double) -> Bool {
    switch f {
    case .equal: x == y
    case .notEqual: x != y
    case .less: x < y
    case .lessEqual: x <= y
    case .greater: x > y
    case .greaterEqual: x >= y
    }
  }

}
