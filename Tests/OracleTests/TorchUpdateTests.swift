import CPUBackend
import Operations
import Runtime
import Support
import Testing

/// Updates over 20 steps against what PyTorch, or the formula of a paper, gives in f64.
@Suite struct TorchUpdateTests {

  /// `name` is the text of the optimizer.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {

    let name: String

    let parameter: TorchCase.Tensor

    /// The gradient of each step.
    let gradients: [TorchCase.Tensor]

    let final: TorchCase.Tensor

    var testDescription: String { name }

  }

  @Test(arguments: try TorchFile.decoded([Case].self, "updates.json"))
  func `an optimizer leaves the parameter of PyTorch`(_ c: Case) throws {
    var scanner = TextScanner(Array(c.name.utf8))
    let operation = try scanner.operation().operation
    #expect(operation.text(operands: []) == c.name)
    guard case .update(let optimizer) = operation else {
      Issue.record("\(c.name) is no update")
      return
    }
    let backend = try CPUBackend(threads: 2)
    let zero = ReferenceTensor(c.parameter.shape) { (_) in 0 }
    let parameter = tensor(.init(c.parameter.shape, c.parameter.data))
    let slots = optimizer.slots.map { (_) in tensor(zero) }
    for (step, g) in c.gradients.enumerated() {
      let operands = [parameter] + slots + [tensor(.init(g.shape, g.data))]
      let kernel = backend.kernel(of: operation, operands: operands.map(\.buffer), results: [])
      try withExtendedLifetime(operands) { try kernel(.init(seed: 1, step: UInt32(step))) }
    }
    var error = WorstError()
    error.add(parameter.values.elements, c.final.data, part: 0.1, "parameter")
    #expect(c.gradients.count == 20)
    #expect(error.value < 1e-5, "\(error.place)")
    Figures.report("update \(c.name)", "\(error.value)")
  }

  private func tensor(_ values: ReferenceTensor) -> GuardedTensor { .init(.init(.f32, values.extents), values) }

}
