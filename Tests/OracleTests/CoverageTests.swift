import Operations
import Testing

/// The tables of cases leave no operation out.
@Suite struct CoverageTests {

  /// An operation of each kind that has one in a table.
  private static let samples = Dictionary(
    (KernelCase.all.map(\.operation) + GradientCase.all.flatMap(\.operations)).map { (OperationKind($0), $0) },
    uniquingKeysWith: { (first, _) in first })

  /// The kinds that are executed, and those that have finite differences.
  private static let executedKinds = Set(KernelCase.all.map { OperationKind($0.operation) })
  private static let differencedKinds = Set(GradientCase.all.flatMap(\.operations).map { OperationKind($0) })

  @Test(arguments: OperationKind.all)
  func `every operation is executed, on the processor and on CUDA, and compared`(_ kind: OperationKind) {
    #expect(Self.executedKinds.contains(kind))
  }

  @Test(arguments: OperationKind.all)
  func `every operation with an adjoint has finite differences`(_ kind: OperationKind) throws {
    let sample = try #require(Self.samples[kind], "no table has an operation of this kind")
    let isChecked = Self.differencedKinds.contains(kind)
    switch sample.adjoint {
    case .reads: #expect(isChecked)
    case .none: #expect(!isChecked)
    }
  }

  /// No adjoint makes a `neg_grad`: that of `neg` is `neg`.
  private static let uncompared: Set<OperationKind> = [.unaryGradient(.neg)]

  @Test(arguments: OperationKind.all.filter { !uncompared.contains($0) })
  func `every operation has a case of PyTorch`(_ kind: OperationKind) {
    #expect(TorchCoverage.kinds.contains(kind))
  }

  @Test(arguments: OperationKind.all)
  func `every operation has a rule for its types and a cost`(_ kind: OperationKind) throws {
    let c = try #require(KernelCase.all.first { OperationKind($0.operation) == kind })
    let types = c.operands.map(\.type)
    let results = try c.operation.resultTypes(types)
    #expect(results.isEmpty == (c.operation.effect == .update))
    #expect(c.operation.flops(types, results) >= 0)
    // more operands than any operation takes, or for concat of different types
    let wrong = [TensorType(.f32, [3])] + Array(repeating: .init(.u8, [3]), count: 8)
    #expect(throws: ShapeError.self) { try c.operation.resultTypes(wrong) }
  }

  @Test(arguments: OperationKind.all)
  func `every operation says what its adjoint reads, or why it has none`(_ kind: OperationKind) throws {
    let c = try #require(KernelCase.all.first { OperationKind($0.operation) == kind })
    switch c.operation.adjoint {
    case .reads(let operands, _): #expect(operands.allSatisfy { c.operands.indices.contains($0) })
    case .none(let reason): #expect(reason.count > 10)
    }
  }

  @Test func `the names of cases are unique`() {
    #expect(Set(GradientCase.all.map(\.name)).count == GradientCase.all.count)
  }

}
