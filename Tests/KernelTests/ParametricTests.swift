import CKernels
import Glibc
import Testing

@Suite struct ParametricTests {

  /// A function with its derivative, both in double.
  struct Function: Sendable, CustomTestStringConvertible {
    var op: cgad_parametric
    var a: Double
    var b = 0.0
    var range: ClosedRange<Float> = -3...3
    var value: @Sendable (Double) -> Double
    var derivative: @Sendable (Double) -> Double
    var testDescription: String { "\(op.rawValue) of \(a), \(b)" }
  }

  static let functions: [Function] =
    [0, 0.1, 1, -0.5].map { (s) in
      .init(op: .leaky_relu, a: s, value: { $0 > 0 ? $0 : s * $0 }, derivative: { $0 > 0 ? 1 : s })
    }
    + [0, 0.5, 1].map { (s) in
      .init(op: .elu, a: s, value: { $0 > 0 ? $0 : s * expm1($0) }, derivative: { $0 > 0 ? 1 : s * exp($0) })
    }
    + [-3, -1, 1, 2, 3, 7].map { (n) in
      .init(op: .pow, a: n, range: 0.5...2, value: { pow($0, n) }, derivative: { n * pow($0, n - 1) })
    }
    + [-2.5, 0.5, 1.75].map { (n) in
      .init(op: .pow, a: n, range: 0.01...3, value: { pow($0, n) }, derivative: { n * pow($0, n - 1) })
    }
    + [-2, 3].map { (n) in
      .init(op: .pow, a: n, range: -3 ... -0.5, value: { pow($0, n) }, derivative: { n * pow($0, n - 1) })
    }
    + [(-1, 2), (0.5, .infinity), (-.infinity, -0.5), (1, 1)].map { (low, high) in
      .init(
        op: .clamp, a: low, b: high, value: { min(max($0, low), high) },
        derivative: { $0 >= low && $0 <= high ? 1 : 0 })
    }

  func apply(_ f: Function, _ x: [Float], threads: Int32 = 2) -> [Float] {
    output(x.count, threads: threads) { cgad_parametric_apply($0, f.op, f.a, f.b, x.count, x, $1) }
  }

  func gradient(_ f: Function, _ saved: [Float], _ dy: [Float], threads: Int32 = 2) -> [Float] {
    output(dy.count, threads: threads) { cgad_parametric_gradient($0, f.op, f.a, f.b, dy.count, saved, dy, $1) }
  }

  @Test(arguments: functions) func `agrees with double`(f: Function) {
    for n in sizes {
      let x = numbers(n, seed: 1, in: f.range)
      let dy = numbers(n, seed: 2)
      let y = apply(f, x)
      #expect(worstError(y, x.map { f.value(Double($0)) }) < 3e-7)
      let saved = f.op == .elu ? y : x
      let expected = zip(x, dy).map { f.derivative(Double($0)) * Double($1) }
      #expect(worstError(gradient(f, saved, dy), expected) < 1e-6)
    }
  }

  @Test(arguments: functions) func `works in place, on any number of threads`(f: Function) {
    let x = numbers(40_001, in: f.range)
    let y = apply(f, x)
    #expect(changed(x) { cgad_parametric_apply($0, f.op, f.a, f.b, x.count, $1, $1) } == y)
    let dx = gradient(f, x, x)
    #expect(bits(changed(x) { cgad_parametric_gradient($0, f.op, f.a, f.b, x.count, x, $1, $1) }) == bits(dx))
    for threads in [1, 3] as [Int32] {
      #expect(bits(apply(f, x, threads: threads)) == bits(y))
      #expect(bits(gradient(f, x, x, threads: threads)) == bits(dx))
    }
  }

  @Test func `the leaky form tells its slope from input and output alike`() {
    let x = numbers(1000)
    let f = Self.functions[1]
    #expect(gradient(f, x, x) == gradient(f, apply(f, x), x))
  }

  @Test func `powers have the special values of C`() {
    let x: [Float] = [0, -0.0, .infinity, -.infinity, .nan, 1, -1, -2, 1e-30, 1e30, 3]
    for n in [-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 1e30, -1e30] as [Double] {
      let y = output(x.count) { cgad_parametric_apply($0, .pow, n, 0, x.count, x, $1) }
      let expected = x.map { (e) in abs(pow(Double(e), n)) < 1e-44 ? 0 : Float(pow(Double(e), n)) }
      for (i, e) in expected.enumerated() where e.isNaN || e.isInfinite || e == 0 || e == 1 {
        #expect(y[i] == e || (y[i].isNaN && e.isNaN), "\(x[i]) to \(n): \(y[i])")
        if e.isInfinite { #expect(y[i].sign == e.sign, "\(x[i]) to \(n)") }
      }
    }
    let none = output(3) { cgad_parametric_gradient($0, .pow, 0, 0, 3, [0, .infinity, 2], [1, 1, 1], $1) }
    #expect(none == [0, 0, 0])
  }

  @Test func `bounds pass on NaN and have derivative 1`() {
    let f = Function(op: .clamp, a: -1, b: 2, value: { $0 }, derivative: { $0 })
    let y = apply(f, [.nan, -.infinity, .infinity, -1, 2])
    #expect(y[0].isNaN)
    #expect(y[1...] == [-1, 2, -1, 2])
    #expect(gradient(f, [-1, 2, -1.0001, 2.0001], [5, 5, 5, 5]) == [5, 5, 0, 0])
  }

  @Test func `derivatives at 0 are those of the left side`() {
    #expect(output(2) { cgad_parametric_gradient($0, .leaky_relu, 0.25, 0, 2, [0, -0.0], [4, 4], $1) } == [1, 1])
    #expect(output(2) { cgad_parametric_gradient($0, .elu, 0.25, 0, 2, [0, -0.0], [4, 4], $1) } == [1, 1])
  }

}
