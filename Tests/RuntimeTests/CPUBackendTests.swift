import Operations
import Runtime
import Testing

import func Glibc.acos
import func Glibc.acosh
import func Glibc.asin
import func Glibc.asinh
import func Glibc.atan
import func Glibc.atanh
import func Glibc.cos
import func Glibc.cosh
import func Glibc.erf
import func Glibc.exp
import func Glibc.expm1
import func Glibc.log
import func Glibc.log1p
import func Glibc.sin
import func Glibc.sinh
import func Glibc.tanh

/// Every family of operations on the CPU backend, against formulas evaluated in double precision.
@Suite struct CPUBackendTests {

  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  static func gelu(_ x: Double) -> Double { 0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))) }

  static let functions: [(String, @Sendable (Double) -> Double)] = [
    ("neg", { -$0 }), ("abs", { abs($0) }), ("relu", { max($0, 0) }), ("tanh", { tanh($0) }),
    ("sigmoid", { sigmoid($0) }), ("exp", { exp($0) }), ("log", { log($0) }), ("sqrt", { $0.squareRoot() }),
    ("rsqrt", { 1 / $0.squareRoot() }), ("square", { $0 * $0 }), ("sin", { sin($0) }), ("cos", { cos($0) }),
    ("gelu", { gelu($0) }), ("gelu_exact", { 0.5 * $0 * (1 + erf($0 * 0.7071067811865476)) }),
    ("silu", { $0 * sigmoid($0) }), ("softplus", { log(1 + exp($0)) }),
    ("reciprocal", { 1 / $0 }), ("tan", { sin($0) / cos($0) }), ("asin", { asin($0) }), ("acos", { acos($0) }),
    ("atan", { atan($0) }), ("sinh", { sinh($0) }), ("cosh", { cosh($0) }), ("asinh", { asinh($0) }),
    ("acosh", { acosh($0) }), ("atanh", { atanh($0) }), ("log1p", { log1p($0) }), ("expm1", { expm1($0) }),
    ("erf", { erf($0) }), ("mish", { $0 * tanh(log1p(exp($0))) }), ("softsign", { $0 / (1 + abs($0)) }),
  ]

  /// Where the functions are evaluated: positive numbers where they need them.
  static func points(_ name: String) -> [Float] {
    switch name {
    case "log", "sqrt", "rsqrt", "log1p": [0.25, 0.5, 1, 2, 3.5]
    case "asin", "acos", "atanh", "tan": [-0.9, -0.5, -0.25, 0.25, 0.75]
    case "acosh": [1.25, 1.5, 2, 3, 10]
    case _: [-2.5, -1, -0.25, 0.5, 3]
    }
  }

  @Test(arguments: functions.indices) func `a unary operation is its function`(_ i: Int) throws {
    let (name, f) = Self.functions[i]
    let x = Self.points(name)
    let y = try execute(name, Tensor([5], x))
    #expect(isClose(y.floats, x.map { f(Double($0)) }))
  }

  @Test func `every unary function is in the table above`() {
    #expect(Set(Self.functions.map(\.0)) == Set(UnaryFunction.allCases.filter(\.isDifferentiable).map(\.rawValue)))
  }

  @Test func `a sign has no gradient`() throws {
    #expect(try execute("sign", Tensor([3], [-2.5, 0, 7])).floats == [-1, 0, 1])
    #expect(Operation(mnemonic: "sign_grad", attributes: []) == nil)
  }

  @Test(arguments: functions.indices) func `a unary gradient is the slope of its function`(_ i: Int) throws {
    let (name, f) = Self.functions[i]
    let x = Self.points(name)
    let saved = UnaryFunction(rawValue: name)?.saved == .output ? x.map { Float(f(Double($0))) } : x
    let dx = try execute("\(name)_grad", Tensor([5], saved), Tensor([5], [1, 2, 3, 4, 5]))
    let h = 1e-6
    let slopes = x.map { (f(Double($0) + h) - f(Double($0) - h)) / (2 * h) }
    #expect(isClose(dx.floats, zip(slopes, 1...).map { $0 * Double($1) }, 1e-4))
  }

  @Test(arguments: [
    ("add", [11.0, 22, 33, 14, 25, 36]), ("sub", [-9, -18, -27, -6, -15, -24]), ("mul", [10, 40, 90, 40, 100, 180]),
    ("div", [0.1, 0.1, 0.1, 0.4, 0.25, 0.2]),
  ]) func `a binary operation stretches a row over a matrix`(_ name: String, _ expected: [Double]) throws {
    let z = try execute(name, Tensor([2, 3], [1, 2, 3, 4, 5, 6]), Tensor([3], [10, 20, 30]))
    #expect(isClose(z.floats, expected))
  }

  @Test func `a binary operation stretches both operands`() throws {
    let z = try execute("sub", Tensor([2, 1], [10, 20]), Tensor([1, 3], [1, 2, 3]))
    #expect(z.floats == [9, 8, 7, 19, 18, 17])
  }

  @Test(
    arguments: [
      ("equal", [0, 1, 0]), ("not_equal", [1, 0, 1]), ("less", [1, 0, 0]), ("less_equal", [1, 1, 0]),
      ("greater", [0, 0, 1]), ("greater_equal", [0, 1, 1]),
    ] as [(String, [UInt8])]) func `a comparison compares`(_ name: String, _ expected: [UInt8]) throws
  {
    #expect(try execute(name, Tensor([3], [1, 2, 3]), Tensor([], [2])).bytes == expected)
    #expect(try execute(name, Tensor([3], integers: [1, 2, 3]), Tensor([], integers: [2])).bytes == expected)
  }

  @Test func `a constant is its value`() throws {
    #expect(try execute("constant {value: 2.5}").floats == [2.5])
  }

  @Test(arguments: [
    ("sum {axes: [0]}", [5.0, 7, 9]), ("sum {axes: [1]}", [6, 15]), ("sum {axes: [0, 1]}", [21]),
    ("mean {axes: [1]}", [2, 5]), ("sum {axes: [1], keep: true}", [6, 15]), ("sum {axes: []}", [1, 2, 3, 4, 5, 6]),
    ("sum_to {extents: [3]}", [5, 7, 9]), ("sum_to {extents: [2, 1]}", [6, 15]), ("sum_to {extents: []}", [21]),
    ("sum_to {extents: [2, 3]}", [1, 2, 3, 4, 5, 6]),
  ]) func `a reduction combines along its axes`(_ text: String, _ expected: [Double]) throws {
    #expect(isClose(try execute(text, Tensor([2, 3], [1, 2, 3, 4, 5, 6])).floats, expected))
  }

  @Test func `the mean of booleans is the fraction that is true`() throws {
    #expect(try execute("mean {axes: [0]}", Tensor([4], booleans: [true, false, true, true])).floats == [0.75])
  }

  @Test(
    arguments: [
      ("broadcast {extents: [3, 2]}", [2], [1, 2, 1, 2, 1, 2]),
      ("broadcast {extents: [2, 3], inserted: [1]}", [2], [1, 1, 1, 2, 2, 2]),
      ("broadcast {extents: [2, 2], inserted: [0]}", [2], [1, 2, 1, 2]),
      ("broadcast {extents: [2, 3]}", [2, 1], [1, 1, 1, 2, 2, 2]),
    ] as [(String, [Int], [Float])]) func `a broadcast repeats`(
      _ text: String, _ extents: [Int], _ expected: [Float]
    ) throws
  {
    #expect(try execute(text, Tensor(extents, [1, 2])).floats == expected)
  }

  @Test func `a broadcast repeats elements of one byte`() throws {
    let y = try execute("broadcast {extents: [2, 2], inserted: [1]}", Tensor([2], booleans: [true, false]))
    #expect(y.bytes == [1, 1, 0, 0])
  }

  @Test func `argmax takes the first of equals`() throws {
    #expect(try execute("argmax", Tensor([2, 3], [1, 5, 5, -1, -3, -2])).integers == [1, 0])
  }

  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func `a product multiplies rows by columns`(_ left: Bool, _ right: Bool) throws {
    // [[1, 2, 3], [4, 5, 6]] · [[1, 0], [0, 1], [2, 2]] = [[7, 8], [16, 17]]
    let a = left ? Tensor([3, 2], [1, 4, 2, 5, 3, 6]) : Tensor([2, 3], [1, 2, 3, 4, 5, 6])
    let b = right ? Tensor([2, 3], [1, 0, 2, 0, 1, 2]) : Tensor([3, 2], [1, 0, 0, 1, 2, 2])
    let flags = [left ? "transpose_left: true" : nil, right ? "transpose_right: true" : nil].compactMap { $0 }
    let text = flags.isEmpty ? "matmul" : "matmul {\(flags.joined(separator: ", "))}"
    #expect(try execute(text, a, b).floats == [7, 8, 16, 17])
  }

  @Test func `softmax and its gradient`() throws {
    let x: [Double] = [1, 2, 3]
    let total = x.map { exp($0) }.reduce(0, +)
    let y = x.map { exp($0) / total }
    #expect(isClose(try execute("softmax", Tensor([1, 3], [1, 2, 3])).floats, y))
    let dot = y[0] * 1 + y[2] * 2  // dy = [1, 0, 2]
    let expected = [y[0] * (1 - dot), y[1] * (0 - dot), y[2] * (2 - dot)]
    let dx = try execute("softmax_grad", Tensor([1, 3], y.map { Float($0) }), Tensor([1, 3], [1, 0, 2]))
    #expect(isClose(dx.floats, expected))
  }

  @Test func `cross entropy and its gradient`() throws {
    let (x, labels) = (Tensor([2, 2], [4, -3, 0, 1]), Tensor([2], integers: [0, 1]))
    let losses = [log(1 + exp(-7.0)), log(1 + exp(-1.0))]
    #expect(isClose(try execute("cross_entropy", x, labels).floats, [(losses[0] + losses[1]) / 2]))
    let (p, q) = (1 / (1 + exp(7.0)), 1 / (1 + exp(1.0)))  // of the wrong classes
    let dx = try execute("cross_entropy_grad", x, labels, Tensor([], [2]))
    #expect(isClose(dx.floats, [-p, p, q, -q]))
  }

  @Test(arguments: ["cross_entropy", "cross_entropy_grad"], [Int32(-1), 2, 7])
  func `a label out of range names the example and the range`(_ name: String, _ label: Int32) throws {
    let (x, labels) = (Tensor([2, 2], [4, -3, 0, 1]), Tensor([2], integers: [1, label]))
    let failure = #expect(throws: KernelFailure.self) {
      _ = name == "cross_entropy" ? try execute(name, x, labels) : try execute(name, x, labels, Tensor([], [1]))
    }
    #expect(failure?.description == "label \(label) of example 1 of the batch is outside [0, 2)")
  }

  @Test func `mse and its gradient`() throws {
    let (x, y) = (Tensor([2, 2], [1, 2, 3, 4]), Tensor([2, 2], [1, 0, 6, 4]))
    #expect(try execute("mse", x, y).floats == [(0 + 4 + 9 + 0) / 4.0])
    #expect(try execute("mse_grad", x, y, Tensor([], [2])).floats == [0, 2, -3, 0])  // 2 · 2 (x − y) / 4
  }

  @Test func `dropout zeroes about its rate and scales the rest`() throws {
    let y = try execute("dropout {rate: 0.25, key: \"a\"}", Tensor([10_000], .init(repeating: 3, count: 10_000))).floats
    #expect(y.allSatisfy { $0 == 0 || $0 == 4 })  // 3 / (1 − 0.25)
    #expect((2300...2700).contains(y.count { $0 == 0 }))
  }

  @Test func `dropout's gradient makes the same draw`() throws {
    let ones = Tensor([100], .init(repeating: 1, count: 100))
    let y = try execute("dropout {rate: 0.5, key: \"a\"}", ones).floats
    #expect(try execute("dropout_grad {rate: 0.5, key: \"a\"}", ones).floats == y)
  }

  @Test(arguments: [
    ("b", StepKeys(seed: 1)), ("a", StepKeys(seed: 2)), ("a", StepKeys(seed: 1, step: 1)),
    ("a", StepKeys(seed: 1, microBatch: 1)), ("a", StepKeys(seed: 1, replica: 1)),
  ]) func `dropout draws anew for another key`(_ key: String, _ keys: StepKeys) throws {
    let ones = Tensor([100], .init(repeating: 1, count: 100))
    let first = try execute("dropout {rate: 0.5, key: \"a\"}", ones).floats
    #expect(try execute("dropout {rate: 0.5, key: \"\(key)\"}", ones, keys: keys).floats != first)
  }

  @Test func `sgd with decay and without momentum`() throws {
    let (p, g) = (Tensor([2], [1, -2]), Tensor([2], [0.5, 1]))
    try update("sgd {lr: 0.1, momentum: 0.0, decay: 0.5}", p, g)
    #expect(isClose(p.floats, [1 - 0.1 * (0.5 + 0.5), -2 - 0.1 * (1 - 1)]))
  }

  @Test func `sgd with momentum remembers`() throws {
    let (p, v, g) = (Tensor([1], [1]), Tensor([1], [0]), Tensor([1], [1]))
    for _ in 0..<2 { try update("sgd {lr: 0.1, momentum: 0.5, decay: 0.0}", p, v, g) }
    #expect(isClose(v.floats, [1.5]) && isClose(p.floats, [1 - 0.1 * (1 + 1.5)]))
  }

  @Test func `sgd with nesterov looks ahead`() throws {
    let (p, v, g) = (Tensor([1], [1]), Tensor([1], [0]), Tensor([1], [1]))
    try update("sgd {lr: 0.1, momentum: 0.5, nesterov: true, decay: 0.0}", p, v, g)
    #expect(isClose(p.floats, [1 - 0.1 * (1 + 0.5 * 1)]))
  }

  @Test func `adam's first step has the size of its rate`() throws {
    let (p, m, v, g) = (Tensor([2], [1, 1]), Tensor([2], [0, 0]), Tensor([2], [0, 0]), Tensor([2], [3, -5]))
    try update("adam {lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8, decay: 0.0}", p, m, v, g)
    #expect(isClose(p.floats, [0.99, 1.01]) && isClose(m.floats, [0.3, -0.5]) && isClose(v.floats, [0.009, 0.025]))
  }

  @Test func `adamw decays the parameter by itself`() throws {
    let (p, m, v, g) = (Tensor([1], [2]), Tensor([1], [0]), Tensor([1], [0]), Tensor([1], [0]))
    try update("adamw {lr: 0.1, beta1: 0.9, beta2: 0.999, eps: 1e-8, decay: 0.5}", p, m, v, g)
    #expect(isClose(p.floats, [2 - 0.1 * 0.5 * 2]))
  }

  @Test(arguments: [
    ("reshape {extents: [3, 2]}", [1.0, 2, 3, 4, 5, 6]), ("transpose {axes: [1, 0]}", [1, 4, 2, 5, 3, 6]),
    ("slice {starts: [0, 1], extents: [2, 2]}", [2, 3, 5, 6]), ("slice {starts: [1, 0], extents: [1, 3]}", [4, 5, 6]),
    ("pad {low: [0, 1], high: [1, 0]}", [0, 1, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0]),
  ]) func `a move puts elements in their places`(_ text: String, _ expected: [Float]) throws {
    #expect(try execute(text, Tensor([2, 3], [1, 2, 3, 4, 5, 6])).floats == expected)
  }

  @Test func `a concatenation puts one behind the other`() throws {
    let (x, y) = (Tensor([2, 1], [1, 2]), Tensor([2, 2], [3, 4, 5, 6]))
    #expect(try execute("concat {axis: 1}", x, y).floats == [1, 3, 4, 2, 5, 6])
    #expect(try execute("concat {axis: 0}", y, y, Tensor([1, 2], [7, 8])).floats == [3, 4, 5, 6, 3, 4, 5, 6, 7, 8])
  }

  @Test func `indices choose rows and elements`() throws {
    let (table, at) = (Tensor([3, 2], [1, 2, 3, 4, 5, 6]), Tensor([3], integers: [2, 0, 2]))
    #expect(try execute("gather", table, at).floats == [5, 6, 1, 2, 5, 6])
    #expect(try execute("scatter_add {rows: 4}", table, at).floats == [3, 4, 0, 0, 6, 8, 0, 0])
    #expect(try execute("one_hot {classes: 3}", at).floats == [0, 0, 1, 1, 0, 0, 0, 0, 1])
    let chosen = Tensor([3], integers: [1, 0, 1])
    #expect(try execute("gather_last", table, chosen).floats == [2, 3, 6])
    #expect(try execute("scatter_last {classes: 2}", Tensor([3], [7, 8, 9]), chosen).floats == [0, 7, 8, 0, 0, 9])
  }

  @Test func `products of batches multiply matrix by matrix`() throws {
    // [[1, 2]] and [[3, 4]] by [[1], [10]]: 21 and 43
    let (a, b) = (Tensor([2, 1, 2], [1, 2, 3, 4]), Tensor([2, 1], [1, 10]))
    #expect(try execute("matmul", a, b).floats == [21, 43])
    #expect(try execute("matmul_sum", a, b).floats == [64])
  }

}
