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
  func `every operation is executed on the processor and compared`(_ kind: OperationKind) {
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

  @Test func `the names of cases are unique`() {
    #expect(Set(GradientCase.all.map(\.name)).count == GradientCase.all.count)
  }

}
