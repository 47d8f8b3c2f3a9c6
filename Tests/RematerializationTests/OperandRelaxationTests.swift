import Rematerialization
import Testing

@Suite struct OperandRelaxationTests {

  /// 0 makes 10 bytes for 100, 1 makes 10 bytes of them for 1, which 3 reads after 2 has made 15 bytes.
  private static func problem(readingBoth: Bool) -> RematerializationProblem {
    var p = RematerializationProblem(operations: [], values: [])
    for (bytes, cost, operands) in [(10, 100, []), (10, 1, [0]), (15, 7, []), (5, 7, readingBoth ? [0, 1] : [1])] {
      let o = p.operations.count
      p.operations.append(.init(cost: cost, operands: operands, results: [o], isRecomputable: o < 2))
      p.values.append(.init(bytes: bytes, definition: o))
    }
    return p
  }

  @Test func `what is made of something that is gone costs what that costs, too`() throws {
    let p = Self.problem(readingBoth: false)
    // 10 + 15 bytes at 2, 5 too many: 1 is made again, and all of it counts; 0 would take 10 bytes if it were kept, of which
    // half would fit beside 15 bytes: the other half of it is made again
    #expect(OperandRelaxation(p, budget: 20).bound() == 1 + 50)
    #expect(RematerializationSolver(p, effort: .init(moves: 100)).solution(within: 20)?.bound == 101)
    #expect(OperandRelaxation(p, budget: 25).bound() == 0)
  }

  @Test func `an operand that is there anyway costs nothing`() {
    let p = Self.problem(readingBoth: true)
    // 10 + 10 + 15 bytes at 2, 10 too many: 1 alone is made again
    #expect(OperandRelaxation(p, budget: 25).bound() == 1)
    #expect(OperandRelaxation(p, budget: 35).bound() == 0)
  }

  @Test func `no sequence costs less on graphs that are too large to be solved`() {
    var positive = 0
    for seed in 0..<20 as Range<UInt64> {
      let p = RematerializationProblem.random(90, seed: seed)
      let solver = RematerializationSolver(p, effort: .init(moves: 3000))
      let budget = solver.plainScore().peak * 7 / 10
      guard let found = solver.solution(within: budget), let bound = OperandRelaxation(p, budget: budget).bound() else {
        continue
      }
      #expect(bound <= found.bound && found.bound <= found.score.cost, "seed \(seed)")
      positive += bound > 0 ? 1 : 0
    }
    #expect(positive >= 15, "\(positive)")
  }

}
