import CPUBackend
import Operations
import Runtime
import Testing

/// A13: every operation is recomputable, or typed as an effect that never is.
@Suite struct RecomputationTests {

  private static let keys = StepKeys(seed: 5, step: 2)

  private static func cases(of kind: OperationKind) -> [KernelCase] {
    Array(KernelCase.all.filter { OperationKind($0.operation) == kind }.prefix(3))
  }

  @Test(arguments: OperationKind.all)
  func `A13: what is recomputed is the same bits, and what is an effect is not recomputed`(
    _ kind: OperationKind
  ) throws {
    let cases = Self.cases(of: kind)
    #expect(!cases.isEmpty)
    for c in cases {
      switch c.operation.effect {
      case .pure, .random:
        #expect(c.operation.isRecomputable)
        let (once, again) = (try Self.bits(of: c, Self.keys), try Self.bits(of: c, Self.keys))
        #expect(once == again)
      case .update:
        #expect(!c.operation.isRecomputable)
        #expect(try c.operation.resultTypes(c.operands.map(\.type)) == [])
      }
    }
  }

  @Test(arguments: OperationKind.all)
  func `A13: only what is typed as random depends on the step`(_ kind: OperationKind) throws {
    for c in Self.cases(of: kind) where c.operation.effect == .pure {
      #expect(try Self.bits(of: c, Self.keys) == Self.bits(of: c, .init(seed: 6, step: 9)))
    }
  }

  @Test func `a dropout is another one in another step`() throws {
    let c = KernelCase(.random(.dropout(rate: 0.5, key: "x")), [.init([67])], part: 0)
    #expect(c.operation.effect == .random)
    #expect(try Self.bits(of: c, Self.keys) != Self.bits(of: c, .init(seed: 5, step: 3)))
  }

  /// Returns the bits of the results of one execution in memory of its own.
  private static func bits(of c: KernelCase, _ keys: StepKeys) throws -> [[UInt64]] {
    let operands = zip(c.operands, c.values).map { GuardedTensor($0.type, $1) }
    let results = try c.operation.resultTypes(c.operands.map(\.type)).map { GuardedTensor($0) }
    let backend = try CPUBackend(threads: 2)
    let kernel = backend.kernel(of: c.operation, operands: operands.map(\.buffer), results: results.map(\.buffer))
    try withExtendedLifetime(operands) { try kernel(keys) }
    return results.map { $0.values.elements.map(\.bitPattern) }
  }

}
