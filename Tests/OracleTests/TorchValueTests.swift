import CPUBackend
import Operations
import Runtime
import Support
import Testing

/// Operations without derivatives, given by their text, against what PyTorch computed.
@Suite struct TorchValueTests {

  @Test(arguments: TorchValue.all)
  func `an operation gives what it gives in PyTorch`(_ c: TorchValue) throws {
    let operation = try c.operation
    let operands = zip(c.operands, c.elements).map { (t, e) in
      GuardedTensor(.init(e, t.shape), .init(t.shape, t.data))
    }
    let result = GuardedTensor(try operation.resultTypes(operands.map(\.buffer.type))[0])
    let backend = try CPUBackend(threads: 2)
    let kernel = backend.kernel(of: operation, operands: operands.map(\.buffer), results: [result.buffer])
    try withExtendedLifetime(operands) { try kernel(.init(seed: 1)) }
    #expect(result.buffer.type.extents == c.result.shape)
    var error = WorstError()
    error.add(result.values.elements, c.result.data, floor: 0.1, c.name)
    #expect(error.value < 1e-6, "\(error.place)")
    Figures.report("torch value \(c.name)", "\(error.value)")
  }

}

/// What PyTorch computed for an operation that is not differentiated; `name` is its text, with `_` for operands.
struct TorchValue: Decodable, Sendable, CustomTestStringConvertible {

  let name: String

  /// The element type of each operand.
  let elements: [ElementType]

  let operands: [TorchCase.Tensor]

  let result: TorchCase.Tensor

  var testDescription: String { "\(name) of \(operands.map(\.shape))" }

  static let all = (try? TorchFile.decoded([TorchValue].self, "values.json")) ?? []

  var operation: Operation {
    get throws {
      var scanner = TextScanner(Array(name.utf8))
      return try scanner.operation().operation
    }
  }

  private enum CodingKeys: CodingKey { case name, elements, operands, result }

  init(from decoder: any Decoder) throws {
    let c = try decoder.container(keyedBy: CodingKeys.self)
    name = try c.decode(String.self, forKey: .name)
    elements = try c.decode([String].self, forKey: .elements).map { (s) in
      try #require(ElementType(rawValue: s), "there is no element type \(s)")
    }
    operands = try c.decode([TorchCase.Tensor].self, forKey: .operands)
    result = try c.decode(TorchCase.Tensor.self, forKey: .result)
  }

}
