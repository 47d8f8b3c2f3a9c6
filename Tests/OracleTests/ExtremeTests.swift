import CPUBackend
import Differentiation
import IR
import Operations
import Runtime
import Testing

/// NaN, infinities and great numbers, in every kernel.
@Suite struct ExtremeTests {

  private static let keys = StepKeys(seed: 7, step: 3)

  /// Returns the results of `operation`, or the operands that an update changed.
  private static func results(of operation: Operation, _ operands: [GuardedTensor]) throws -> [ReferenceTensor] {
    let results = try operation.resultTypes(operands.map(\.buffer.type)).map { GuardedTensor($0) }
    let backend = try CPUBackend(threads: 2)
    let kernel = backend.kernel(of: operation, operands: operands.map(\.buffer), results: results.map(\.buffer))
    try withExtendedLifetime(operands) { try kernel(keys) }
    return (operation.effect == .update ? Array(operands.dropLast()) : results).map(\.values)
  }

  private static func results(of operation: Operation, _ rows: [[Double]]...) throws -> [ReferenceTensor] {
    try results(
      of: operation,
      rows.map { (r) in
        let extents = r.count == 1 ? [r[0].count] : [r.count, r[0].count]
        return GuardedTensor(.init(.f32, extents), .init(extents, r.flatMap(\.self)))
      })
  }

  // MARK: NaN

  /// Operands of which NaN need not show in the result, and why.
  private static func reasonToHide(_ kind: OperationKind, operand: Int) -> String? {
    switch kind {
    case .compare: "a comparison with NaN is false, or true for not_equal"
    case .plain(.argmax): "the position of a NaN is a number"
    case .unaryGradient(.neg): "the derivative is −1 everywhere and the operand is not read"
    case .unaryGradient(.relu) where operand == 0: "the derivative is 0 up to 0 and else 1, as in PyTorch"
    case .parametricGradient(.leakyRelu) where operand == 0: "the derivative is one of two numbers"
    case .parametricGradient(.leakyReluOfNegativeSlope) where operand == 0: "the derivative is one of two numbers"
    case .parametricGradient(.elu) where operand == 0: "the derivative is 1 unless the result is 0 or less"
    case .parametricGradient(.clamp) where operand == 0: "NaN lies outside of the bounds, where the derivative is 0"
    case .extremumGradient where operand < 2: "NaN wins over no number and loses to none"
    case .pairLossGradient(.mae) where operand < 2: "the derivative is a sign"
    case .pairLossGradient(.klDivergence) where operand == 0: "the derivative is that of the targets alone"
    case .plain(.maxPoolGradient) where operand == 0: "the position of a NaN is one to which the gradient goes"
    case .plain(.lion): "the step is a sign"
    default: nil
    }
  }

  @Test(arguments: OperationKind.all)
  func `a NaN in an operand shows in the result, unless there is a reason`(_ kind: OperationKind) throws {
    let c = try #require(
      KernelCase.all.filter { OperationKind($0.operation) == kind }.max { Self.size($0) < Self.size($1) })
    for (n, operand) in c.operands.enumerated() where operand.type.element == .f32 && operand.type.count > 0 {
      if c.operation.effect == .update, n < c.operands.count - 1 { continue }  // only the new content matters
      if Self.reasonToHide(kind, operand: n) != nil { continue }
      var values = c.values
      values[n] = values[n].map { (_) in .nan }
      let tensors = zip(c.operands, values).map { GuardedTensor($0.type, $1) }
      let results = try Self.results(of: c.operation, tensors)
      #expect(results.contains { $0.elements.contains(where: \.isNaN) }, "operand \(n)")
    }
  }

  private static func size(_ c: KernelCase) -> Int { min(c.operands.map(\.type.count).min() ?? 0, 2_000) }

  // MARK: Infinities

  private static let special: [Double] = [.infinity, -.infinity, .nan, 0, -0.0, 1e30, -1e30, 1e-30, -1e-30]

  /// Returns what the function tends to at `x` where its formula has no value: `−∞ · 0` or `∞ / ∞`.
  private static func limit(of f: UnaryFunction, at x: Double) -> Double? {
    if x.isFinite || x.isNaN { return nil }
    if [.gelu, .geluExact, .silu, .mish].contains(f), x < 0 { return 0 }
    return f == .softsign ? (x < 0 ? -1 : 1) : nil
  }

  @Test(arguments: UnaryFunction.allCases)
  func `a function of infinities, NaN, zeros and great numbers is what it is in Double`(_ f: UnaryFunction) throws {
    let y = try Self.results(of: .elementwise(.unary(f)), [Self.special])[0].elements
    for (x, y) in zip(Self.special, y) {
      let value = x.isNaN ? x : Reference.value(of: f, Double(Float(x)))
      let expected = Self.limit(of: f, at: x) ?? Double(Float(value))
      if expected.isFinite, expected.magnitude > 1e-37 {
        #expect(abs(y - expected) <= 1e-5 * abs(expected), "\(x)")
      } else if expected.isFinite {
        #expect(abs(y) < 1e-37, "\(x)")
      } else {
        #expect(y == expected || (y.isNaN && expected.isNaN), "\(x): \(y), expected \(expected)")
      }
    }
  }

  @Test(arguments: BinaryFunction.allCases)
  func `a function of two such numbers is what IEEE 754 or C says`(_ f: BinaryFunction) throws {
    for a in Self.special + [1, -1, 2, -2, 0.5] {
      let b = Self.special + [1, -1, 2, -2, 3, 0.5]
      let z = try Self.results(of: .elementwise(.binary(f)), [b.map { (_) in a }], [b])[0].elements
      for (b, z) in zip(b, z) {
        let e = Self.exact(f, Float(a), Float(b))
        let isEqual = z == Double(e) || (z.isNaN && e.isNaN)
        #expect(isEqual || abs(z - Double(e)) <= 1e-5 * Double(abs(e)), "\(a), \(b): \(z), expected \(e)")
      }
    }
  }

  private static func exact(_ f: BinaryFunction, _ a: Float, _ b: Float) -> Float {
    switch f {
    case .add: a + b
    case .sub: a - b
    case .mul: a * b
    case .div: a / b
    case .maximum: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
    case .minimum: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
    case .pow: Float(Reference.power(Double(a), Double(b)))
    }
  }

  @Test func `the derivatives of relu and abs at 0 are 0`() throws {
    for f in [UnaryFunction.relu, .abs] {
      let dx = try Self.results(of: .elementwise(.unaryGradient(f)), [[0, -0.0, 1]], [[3, 3, 3]])[0]
      #expect(dx.elements == [0, 0, 3])
    }
  }

  // MARK: Great numbers

  private static let rows: [[Double]] = [[1e30, -1e30, 1e30], [-1e30, -1e30, -1e30], [0, 1e30, -1e30]]

  @Test func `softmax, its logarithm and logsumexp do not overflow at 1e30`() throws {
    let third = Double(Float(1) / 3)
    let y = try Self.results(of: .classification(.softmax), Self.rows)[0].elements
    #expect(y == [0.5, 0, 0.5, third, third, third, 0, 1, 0])
    let log = try Self.results(of: .classification(.logSoftmax), Self.rows)[0].elements
    let great = Double(Float(1e30))
    // the logarithms of 2 and 3 are nothing beside 1e30
    #expect(abs(log[0] + 0.6931472) < 1e-6 && abs(log[3] + 1.0986123) < 1e-6 && log[7] == 0)
    #expect(log[1] == -2 * great && log[6] == -great && log[8] == -2 * great)
    let sum = try Self.results(of: .reduction(.reduce(.logsumexp, axes: [1], keep: false)), Self.rows)[0].elements
    #expect(sum == [great, -great, great])
  }

  @Test func `cross-entropy does not overflow at 1e30`() throws {
    let scores = GuardedTensor(.init(.f32, [3, 3]), .init([3, 3], Self.rows.flatMap(\.self)))
    let labels = GuardedTensor(.init(.i32, [3]), .init([3], [0, 1, 1]))
    let loss = try Self.results(of: .classification(.crossEntropy), [scores, labels])[0].elements[0]
    // the mean of log 2, log 3 and 0
    #expect(abs(loss - (0.6931472 + 1.0986123) / 3) < 1e-6)
    let one = GuardedTensor(.init(.f32), .init([], [3]))
    let dx = try Self.results(of: .classification(.crossEntropyGradient), [scores, labels, one])[0].elements
    let expected = [-0.5, 0, 0.5, 1.0 / 3, -2.0 / 3, 1.0 / 3, 0, 0, 0]
    #expect(zip(dx, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(dx)")
  }

  /// PyTorch gives NaN for the first row: exp(−∞ − (−∞)).
  @Test func `a row of minus infinity has a logsumexp of minus infinity with gradients 0`() throws {
    let c = GradientCase(
      "rows", .reduction(.reduce(.logsumexp, axes: [1], keep: false)), [.parameter([3, 2])])
    let (module, _) = try c.module()
    let x: [Double] = [-.infinity, -.infinity, -.infinity, 5, 1e30, -.infinity]
    let storage = [ReferenceTensor([3, 2], x), .init([3], [1, 1, 1])]
    let function = try module.differentiated().train
    let processor = CPUFunction(function, storage: storage, on: try CPUBackend(threads: 2))
    try processor.execute(.init(seed: 1))
    let gradient = try #require(function.parameterGradients.first?.gradient)
    #expect(processor.values(of: gradient).elements == [0, 0, 0, 1, 1, 0])
  }

  @Test func `an exponent of 0 and a base of 0 have the gradients of PyTorch`() throws {
    let c = GradientCase("power", .elementwise(.binary(.pow)), [.parameter([5]), .parameter([5])])
    let (module, _) = try c.module()
    let storage = [
      ReferenceTensor([5], [0, 0, 2, 3, 1]), .init([5], [0, 2, 3, -1, 0]), .init([5], [1, 1, 1, 1, 1]),
    ]
    let function = try module.differentiated().train
    let processor = CPUFunction(function, storage: storage, on: try CPUBackend(threads: 2))
    try processor.execute(.init(seed: 1))
    let gradients = function.parameterGradients.map { processor.values(of: $0.gradient).elements }
    // y·xʸ⁻¹ and xʸ·log x, 0⁰ being flat in both
    let expected: [[Double]] = [[0, 0, 12, -1.0 / 9, 0], [0, 0, 5.5451774, 0.36620410, 0]]
    #expect(zip(gradients[0], expected[0]).allSatisfy { abs($0 - $1) < 1e-5 }, "\(gradients[0])")
    #expect(zip(gradients[1], expected[1]).allSatisfy { $0 == $1 || abs($0 - $1) < 1e-5 }, "\(gradients[1])")
  }

}
