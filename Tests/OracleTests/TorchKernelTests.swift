import CPUBackend
import Differentiation
import IR
import Operations
import Runtime
import Support
import Testing

/// Single operations, given by their text, against what PyTorch computed in f64.
@Suite struct TorchKernelTests {

  /// What PyTorch computed for `sum(operation · factors)`; `_` stands for each operand.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {

    let name: String

    let operation: String

    let operands: [TorchCase.Tensor]

    let factors: TorchCase.Tensor

    let loss: Double

    let gradients: [TorchCase.Tensor]

    var testDescription: String { name }

  }

  private static let tolerance = 1e-5

  @Test(arguments: try TorchFile.decoded([Case].self, "kernels.json"))
  func `an operation has the loss and the gradients of PyTorch`(_ c: Case) throws {
    var scanner = TextScanner(Array(c.operation.utf8))
    let operation = try scanner.operation().operation
    #expect(operation.text(operands: c.operands.map { (_) in "_" }) == c.operation)
    let leaves = c.operands.map { GradientCase.Leaf.parameter($0.shape) }
    let module = try GradientCase(c.name, operation, leaves).module().module
    let storage = (c.operands + [c.factors]).map { ReferenceTensor($0.shape, $0.data) }
    let function = try module.differentiated().train
    let processor = CPUFunction(function, storage: storage, on: try CPUBackend(threads: 2))
    // the updates come last, so that the values are those that the gradients belong to
    try processor.execute(.init(seed: 1))
    var (loss, gradient) = (WorstError(), WorstError())
    loss.add(processor.values(of: try #require(function.loss)).elements[0], c.loss, floor: 1e-1, "loss")
    let greatest = c.gradients.flatMap(\.data).reduce(0) { max($0, abs($1)) }
    for ((parameter, value), expected) in zip(function.parameterGradients, c.gradients) {
      let actual = processor.values(of: value).elements
      gradient.add(actual, expected.data, floor: max(0.1 * greatest, 1e-3), "x\(parameter.index)")
    }
    #expect(function.parameterGradients.map(\.parameter.index) == Array(c.operands.indices))
    #expect(loss.value < Self.tolerance, "\(loss.place)")
    #expect(gradient.value < Self.tolerance, "\(gradient.place)")
    Figures.report("torch \(c.name)", "loss \(loss.value), gradients \(gradient.value)")
  }

}
