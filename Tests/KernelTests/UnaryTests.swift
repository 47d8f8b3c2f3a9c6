import CKernels
import Glibc
import Testing

/// A function with its derivative, both in double.
struct Function: Sendable, CustomTestStringConvertible {
  var op: cgad_unary
  var name: String
  var range: ClosedRange<Float> = -9...9
  var value: @Sendable (Double) -> Double
  var derivative: @Sendable (Double) -> Double
  var testDescription: String { name }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// The inner function of gelu and its derivative.
private func geluInner(_ x: Double) -> (Double, Double) {
  let c = (2 / Double.pi).squareRoot()
  return (c * (x + 0.044715 * x * x * x), c * (1 + 3 * 0.044715 * x * x))
}

private let geluDerivative: @Sendable (Double) -> Double = { (x) in
  let (u, slope) = geluInner(x)
  return 0.5 * (1 + tanh(u)) + 0.5 * x * (1 - tanh(u) * tanh(u)) * slope
}

let functions: [Function] = [
  .init(op: .neg, name: "neg", value: { -$0 }, derivative: { _ in -1 }),
  .init(op: .abs, name: "abs", value: { abs($0) }, derivative: { $0 < 0 ? -1 : 1 }),
  .init(op: .relu, name: "relu", value: { max($0, 0) }, derivative: { $0 > 0 ? 1 : 0 }),
  .init(op: .tanh, name: "tanh", value: { tanh($0) }, derivative: { 1 - tanh($0) * tanh($0) }),
  .init(op: .sigmoid, name: "sigmoid", value: sigmoid, derivative: { sigmoid($0) * sigmoid(-$0) }),
  .init(op: .exp, name: "exp", value: { exp($0) }, derivative: { exp($0) }),
  .init(op: .log, name: "log", range: 0.01...50, value: { log($0) }, derivative: { 1 / $0 }),
  .init(op: .sqrt, name: "sqrt", range: 0.01...50, value: { sqrt($0) }, derivative: { 0.5 / sqrt($0) }),
  .init(op: .rsqrt, name: "rsqrt", range: 0.01...50, value: { 1 / sqrt($0) }, derivative: { -0.5 / (sqrt($0) * $0) }),
  .init(op: .square, name: "square", value: { $0 * $0 }, derivative: { 2 * $0 }),
  .init(op: .sin, name: "sin", value: { sin($0) }, derivative: { cos($0) }),
  .init(op: .cos, name: "cos", value: { cos($0) }, derivative: { -sin($0) }),
  .init(
    op: .gelu, name: "gelu", value: { 0.5 * $0 * (1 + tanh(geluInner($0).0)) }, derivative: geluDerivative),
  .init(
    op: .silu, name: "silu", value: { $0 * sigmoid($0) },
    derivative: { sigmoid($0) * (1 + $0 * sigmoid(-$0)) }),
  .init(op: .softplus, name: "softplus", value: { log1p(exp($0)) }, derivative: sigmoid),
  .init(
    op: .reciprocal, name: "reciprocal", range: 0.1...50, value: { 1 / $0 }, derivative: { -1 / ($0 * $0) }),
  .init(op: .sign, name: "sign", value: { $0 < 0 ? -1 : 1 }, derivative: { _ in 0 }),
  .init(op: .tan, name: "tan", range: -1.4...1.4, value: { tan($0) }, derivative: { 1 / (cos($0) * cos($0)) }),
  .init(
    op: .asin, name: "asin", range: -0.99...0.99, value: { asin($0) }, derivative: { 1 / sqrt(1 - $0 * $0) }),
  .init(
    op: .acos, name: "acos", range: -0.99...0.99, value: { acos($0) }, derivative: { -1 / sqrt(1 - $0 * $0) }),
  .init(op: .atan, name: "atan", value: { atan($0) }, derivative: { 1 / (1 + $0 * $0) }),
  .init(op: .sinh, name: "sinh", value: { sinh($0) }, derivative: { cosh($0) }),
  .init(op: .cosh, name: "cosh", value: { cosh($0) }, derivative: { sinh($0) }),
  .init(op: .asinh, name: "asinh", value: { asinh($0) }, derivative: { 1 / sqrt($0 * $0 + 1) }),
  .init(
    op: .acosh, name: "acosh", range: 1.01...50, value: { acosh($0) }, derivative: { 1 / sqrt($0 * $0 - 1) }),
  .init(
    op: .atanh, name: "atanh", range: -0.99...0.99, value: { atanh($0) }, derivative: { 1 / (1 - $0 * $0) }),
  .init(op: .log1p, name: "log1p", range: -0.99...50, value: { log1p($0) }, derivative: { 1 / (1 + $0) }),
  .init(op: .expm1, name: "expm1", value: { expm1($0) }, derivative: { exp($0) }),
  .init(
    op: .erf, name: "erf", value: { erf($0) }, derivative: { 2 / sqrt(Double.pi) * exp(-$0 * $0) }),
  .init(op: .mish, name: "mish", value: { $0 * tanh(log1p(exp($0))) }, derivative: mishDerivative),
  .init(
    op: .softsign, name: "softsign", value: { $0 / (1 + abs($0)) },
    derivative: { 1 / ((1 + abs($0)) * (1 + abs($0))) }),
  .init(
    op: .gelu_exact, name: "exact gelu", value: { 0.5 * $0 * erfc(-$0 / sqrt(2)) },
    derivative: { 0.5 * erfc(-$0 / sqrt(2)) + $0 * exp(-$0 * $0 / 2) / sqrt(2 * Double.pi) }),
]

private let mishDerivative: @Sendable (Double) -> Double = { (x) in
  let t = tanh(log1p(exp(x)))
  return t + x * sigmoid(x) * (1 - t * t)
}

@Suite struct UnaryTests {

  func apply(_ op: cgad_unary, _ x: [Float]) -> [Float] { output(x.count) { cgad_unary_apply($0, op, x.count, x, $1) } }

  @Test(arguments: functions) func `agrees with double`(f: Function) {
    for n in sizes {
      let x = numbers(n, in: f.range)
      #expect(worstError(apply(f.op, x), x.map { f.value(Double($0)) }) < 1e-6)
    }
  }

  @Test(arguments: functions) func `has the derivative of the formula`(f: Function) {
    for n in sizes {
      let x = numbers(n, seed: 1, in: f.range)
      let dy = numbers(n, seed: 2)
      let saved = cgad_unary_saves_output(f.op) ? apply(f.op, x) : x
      let dx = output(n) { cgad_unary_gradient($0, f.op, n, saved, dy, $1) }
      #expect(worstError(dx, zip(x, dy).map { f.derivative(Double($0)) * Double($1) }) < 3e-6)
    }
  }

  @Test(arguments: functions) func `passes on NaN, in and beyond whole vectors`(f: Function) {
    let y = apply(f.op, [Float](repeating: .nan, count: 19))
    #expect(y.allSatisfy { $0.isNaN })
  }

  @Test(arguments: functions) func `works in place`(f: Function) {
    let x = numbers(40_001, in: f.range)
    #expect(changed(x) { cgad_unary_apply($0, f.op, x.count, $1, $1) } == apply(f.op, x))
    let dx = output(x.count) { cgad_unary_gradient($0, f.op, x.count, x, x, $1) }
    #expect(bits(changed(x) { cgad_unary_gradient($0, f.op, x.count, x, $1, $1) }) == bits(dx))
  }

  struct Limit: Sendable, CustomTestStringConvertible {
    var op: cgad_unary
    var x: Float
    var y: Float
    var testDescription: String { "\(op.rawValue) at \(x)" }
  }

  /// The float nearest to π, which `Float.pi` is not.
  static let halfTurn = Float(Double.pi)

  static let limits: [Limit] = [
    .init(op: .exp, x: .infinity, y: .infinity), .init(op: .exp, x: -.infinity, y: 0),
    .init(op: .exp, x: 88.8, y: .infinity), .init(op: .exp, x: -87.4, y: 0), .init(op: .exp, x: 0, y: 1),
    .init(op: .tanh, x: .infinity, y: 1), .init(op: .tanh, x: -.infinity, y: -1), .init(op: .tanh, x: 0, y: 0),
    .init(op: .sigmoid, x: .infinity, y: 1), .init(op: .sigmoid, x: -.infinity, y: 0),
    .init(op: .sigmoid, x: 0, y: 0.5),
    .init(op: .log, x: .infinity, y: .infinity), .init(op: .log, x: 0, y: -.infinity), .init(op: .log, x: 1, y: 0),
    .init(op: .relu, x: .infinity, y: .infinity), .init(op: .relu, x: -.infinity, y: 0),
    .init(op: .gelu, x: .infinity, y: .infinity), .init(op: .gelu, x: -.infinity, y: 0),
    .init(op: .silu, x: .infinity, y: .infinity), .init(op: .silu, x: -.infinity, y: 0),
    .init(op: .softplus, x: .infinity, y: .infinity), .init(op: .softplus, x: -.infinity, y: 0),
    .init(op: .rsqrt, x: 0, y: .infinity), .init(op: .rsqrt, x: .infinity, y: 0),
    .init(op: .reciprocal, x: 0, y: .infinity), .init(op: .reciprocal, x: -0.0, y: -.infinity),
    .init(op: .reciprocal, x: .infinity, y: 0),
    .init(op: .sign, x: .infinity, y: 1), .init(op: .sign, x: -.infinity, y: -1), .init(op: .sign, x: 0, y: 0),
    .init(op: .asin, x: 1, y: halfTurn / 2), .init(op: .asin, x: -1, y: -halfTurn / 2), .init(op: .acos, x: 1, y: 0),
    .init(op: .acos, x: -1, y: halfTurn), .init(op: .atan, x: .infinity, y: halfTurn / 2),
    .init(op: .atan, x: -.infinity, y: -halfTurn / 2),
    .init(op: .sinh, x: .infinity, y: .infinity), .init(op: .sinh, x: -.infinity, y: -.infinity),
    .init(op: .sinh, x: -90, y: -.infinity), .init(op: .cosh, x: -.infinity, y: .infinity),
    .init(op: .cosh, x: 0, y: 1),
    .init(op: .asinh, x: .infinity, y: .infinity), .init(op: .asinh, x: -.infinity, y: -.infinity),
    .init(op: .acosh, x: 1, y: 0), .init(op: .acosh, x: .infinity, y: .infinity),
    .init(op: .atanh, x: 1, y: .infinity), .init(op: .atanh, x: -1, y: -.infinity),
    .init(op: .log1p, x: -1, y: -.infinity), .init(op: .log1p, x: .infinity, y: .infinity),
    .init(op: .log1p, x: 1e-30, y: 1e-30), .init(op: .expm1, x: -.infinity, y: -1),
    .init(op: .expm1, x: .infinity, y: .infinity), .init(op: .expm1, x: 1e-30, y: 1e-30),
    .init(op: .erf, x: .infinity, y: 1), .init(op: .erf, x: -.infinity, y: -1), .init(op: .erf, x: 0, y: 0),
    .init(op: .mish, x: .infinity, y: .infinity), .init(op: .mish, x: -.infinity, y: 0),
    .init(op: .mish, x: 1e30, y: 1e30), .init(op: .softsign, x: .infinity, y: 1),
    .init(op: .softsign, x: -.infinity, y: -1), .init(op: .gelu_exact, x: .infinity, y: .infinity),
    .init(op: .gelu_exact, x: -.infinity, y: 0), .init(op: .gelu_exact, x: 0, y: 0),
  ]

  @Test(arguments: limits) func `has the right limits`(l: Limit) {
    #expect(apply(l.op, [l.x]) == [l.y])
  }

  @Test func `is not a number outside of the domain`() {
    #expect(apply(.log, [-1])[0].isNaN)
    #expect(apply(.sqrt, [-1])[0].isNaN)
    #expect(apply(.sin, [.infinity])[0].isNaN)
    #expect(apply(.cos, [-.infinity])[0].isNaN)
    #expect(apply(.tan, [.infinity])[0].isNaN)
    for op in [cgad_unary.asin, .acos, .atanh] { #expect(apply(op, [1.0001, -1.0001]).allSatisfy { $0.isNaN }) }
    #expect(apply(.acosh, [0.9999, -1, -1e9, -1e30, -.infinity]).allSatisfy { $0.isNaN })
    #expect(apply(.log1p, [-1.0001])[0].isNaN)
  }

  @Test func `reduces great angles exactly`() {
    let x: [Float] = [1e5, -999_999, 1_000_001, -3.4e7, 1e10, -2.5e20, .greatestFiniteMagnitude]
    #expect(worstError(apply(.sin, x), x.map { sin(Double($0)) }) < 1e-7)
    #expect(worstError(apply(.cos, x), x.map { cos(Double($0)) }) < 1e-7)
    #expect(worstError(apply(.tan, x), x.map { tan(Double($0)) }) < 1e-7)
  }

  @Test func `functions that are computed in double round as the exact results`() {
    let x = numbers(100_003, in: -0.99...0.99) + numbers(1_000, in: -1e-6...1e-6)
    let functions: [(cgad_unary, (Double) -> Double)] = [
      (.tan, tan), (.asin, asin), (.acos, acos), (.atan, atan), (.sinh, sinh), (.cosh, cosh), (.asinh, asinh),
      (.atanh, atanh), (.log1p, log1p), (.expm1, expm1), (.erf, erf),
    ]
    for (op, f) in functions {
      let differing = zip(apply(op, x), x).filter { $0 != Float(f(Double($1))) }
      #expect(differing.count <= 2, "\(op.rawValue)")
    }
  }

  @Test func `takes the logarithm of subnormal numbers`() {
    let x: [Float] = [.leastNonzeroMagnitude, 0x1p-130, .leastNormalMagnitude]
    #expect(worstError(apply(.log, x), x.map { log(Double($0)) }) < 1e-7)
  }

  @Test func `relu and abs have derivative 0 at 0`() {
    for op in [cgad_unary.relu, .abs] {
      for zero in [0, -0.0] as [Float] {
        #expect(output(1) { cgad_unary_gradient($0, op, 1, [zero], [5], $1) } == [0])
      }
    }
  }

  @Test func `derivatives of gated functions vanish far left and are one far right`() {
    for op in [cgad_unary.gelu, .silu, .softplus, .mish] {
      let x: [Float] = [-.infinity, -1e30, -1000, 1000, 1e30, .infinity]
      let dx = output(6) { cgad_unary_gradient($0, op, 6, x, [1, 1, 1, 1, 1, 1], $1) }
      #expect(worstError(dx, [0, 0, 0, 1, 1, 1]) < 1e-30)
    }
  }

}
