import CPUBackend
import Differentiation
import IR
import Operations
import Runtime
import Testing

/// A14: gradients whose signs and sums are easy to get wrong, computed by hand; `FiniteDifferenceTests` checks all others.
@Suite struct SignTests {

  /// The gradients of the sum of an operation's results.
  struct Case: Sendable, CustomTestStringConvertible {

    let name: String

    let operation: Operation

    let operands: [ReferenceTensor]

    let gradients: [[Double]]

    var testDescription: String { name }

    init(_ name: String, _ operation: Operation, _ operands: [([Int], [Double])], _ gradients: [[Double]]) {
      self.name = name
      self.operation = operation
      self.operands = operands.map { .init($0.0, $0.1) }
      self.gradients = gradients
    }

  }

  private static let elementwise: [Case] = [
    // d(x − y)/dy = −1
    .init("sub", .elementwise(.binary(.sub)), [([2], [5, 1]), ([2], [2, 4])], [[1, 1], [-1, -1]]),
    // 1/y and −x/y²: 1/2 and 1/4, −6/4 and 8/16
    .init("div", .elementwise(.binary(.div)), [([2], [6, -8]), ([2], [2, 4])], [[0.5, 0.25], [-1.5, 0.5]]),
    // −1/x²
    .init("reciprocal", .elementwise(.unary(.reciprocal)), [([2], [2, -4])], [[-0.25, -0.0625]]),
    // −sin x: at 0 and π/2
    .init("cos", .elementwise(.unary(.cos)), [([2], [0, 1.5707963267948966])], [[0, -1]]),
    // −1/√(1 − x²): √(1 − 0.36) = 0.8
    .init("acos", .elementwise(.unary(.acos)), [([2], [0, -0.6])], [[-1, -1.25]]),
    // a row added to three rows gets each of their gradients
    .init(
      "row-broadcast bias", .elementwise(.binary(.add)), [([3, 2], [1, 2, 3, 4, 5, 6]), ([2], [1, -1])],
      [[1, 1, 1, 1, 1, 1], [3, 3]]),
  ]

  private static let rows: [Case] = [
    // the greatest of each row, two that are equal sharing
    .init(
      "row max", .reduction(.reduce(.max, axes: [1], keep: false)), [([2, 3], [1, 5, 2, 7, 0, 7])],
      [[0, 1, 0, 0.5, 0, 0.5]]),
    // y = x/r with r² = (1 + 49)/2 = 25: dx = 1/r − x·Σx/(2r³) = 0.2 − x·8/250
    .init("rms_norm", .normalization(.rms(epsilon: 0)), [([1, 2], [1, 7])], [[0.2 - 8.0 / 250, 0.2 - 56.0 / 250]]),
    // equal scores have the probabilities 1/2: dx = (Σt·p − t)/rows with Σt = 4, dt = −log p / rows
    .init(
      "cross_entropy of targets of sum 4", .classification(.entropy(.probabilities)),
      [([1, 2], [0.5, 0.5]), ([1, 2], [3, 1])], [[-1, 1], [0.6931471805599453, 0.6931471805599453]]),
    // Σ t·(log t − x) over 2 rows: dx = −t/2, dt = (log t − x + 1)/2
    .init(
      "kl of targets of sum 3", .classification(.pairLoss(.klDivergence)),
      [([2, 2], [-1, -2, -3, -4]), ([2, 2], [1, 2, 1, 2])],
      [[-0.5, -1, -0.5, -1], [1, (0.6931471805599453 + 3) / 2, 2, (0.6931471805599453 + 5) / 2]]),
    // the same query, key and value twice: equal weights 1/2, so that only the values have gradients
    .init(
      "attention of equal keys", .attention(.attention(.init(causal: false, scale: 1))),
      [([2, 1], [1, 1]), ([2, 1], [3, 3]), ([2, 1], [4, 4])], [[0, 0], [0, 0], [1, 1]]),
    // one query 1 of keys ±½ and values 2, 0 has weights σ(±1): y = 2w, dw = w(1 − w)·(k₁ − k₂), dq = 2dw
    .init(
      "attention's query and keys", .attention(.attention(.init(causal: false, scale: 1))),
      [([1, 1], [1]), ([2, 1], [0.5, -0.5]), ([2, 1], [2, 0])],
      [[2 * Self.slope], [2 * Self.slope, -2 * Self.slope], [0.7310585786300049, 0.2689414213699951]]),
  ]

  /// σ(1)·(1 − σ(1)).
  private static let slope = 0.7310585786300049 * 0.2689414213699951

  @Test(arguments: elementwise + rows)
  func `A14: a gradient has the sign and the value of the formula`(_ c: Case) throws {
    let leaves = c.operands.map { GradientCase.Leaf.parameter($0.extents) }
    let module = try GradientCase(c.name, c.operation, leaves).module().module
    let factors = try c.operation.resultTypes(leaves.map(\.type))[0].extents
    let storage = c.operands + [ReferenceTensor(factors) { (_) in 1 }]
    let function = try module.differentiated().train
    let processor = CPUFunction(function, storage: storage, on: try CPUBackend(threads: 2))
    try processor.execute(.init(seed: 1))
    #expect(function.parameterGradients.count == c.gradients.count)
    for ((parameter, value), expected) in zip(function.parameterGradients, c.gradients) {
      let actual = processor.values(of: value).elements
      let isRight = actual.count == expected.count && zip(actual, expected).allSatisfy { abs($0 - $1) < 2e-6 }
      #expect(isRight, "operand \(parameter.index): \(actual), expected \(expected)")
    }
  }

}
