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
]

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
  ]

  @Test(arguments: limits) func `has the right limits`(l: Limit) {
    #expect(apply(l.op, [l.x]) == [l.y])
  }

  @Test func `is not a number outside of the domain`() {
    #expect(apply(.log, [-1])[0].isNaN)
    #expect(apply(.sqrt, [-1])[0].isNaN)
    #expect(apply(.sin, [.infinity])[0].isNaN)
    #expect(apply(.cos, [-.infinity])[0].isNaN)
  }

  @Test func `reduces great angles exactly`() {
    let x: [Float] = [1e5, -999_999, 1_000_001, -3.4e7, 1e10, -2.5e20, .greatestFiniteMagnitude]
    #expect(worstError(apply(.sin, x), x.map { sin(Double($0)) }) < 1e-7)
    #expect(worstError(apply(.cos, x), x.map { cos(Double($0)) }) < 1e-7)
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
    for op in [cgad_unary.gelu, .silu, .softplus] {
      let x: [Float] = [-.infinity, -1e30, -1000, 1000, 1e30, .infinity]
      let dx = output(6) { cgad_unary_gradient($0, op, 6, x, [1, 1, 1, 1, 1, 1], $1) }
      #expect(worstError(dx, [0, 0, 0, 1, 1, 1]) < 1e-30)
    }
  }

}
