import Rematerialization
import Testing

@Suite struct SolverTests {

  /// x, then 2, 3, … of a chain forward, and back again, each reading what forward made: the n-th step back reads the
  /// (n-1)-th value. Every value takes 10 bytes and every operation costs 1.
  private static func chain(_ length: Int) -> RematerializationProblem {
    var p = RematerializationProblem(operations: [], values: [])
    for o in 0..<2 * length {
      let operands = o == 0 ? [] : o < length ? [o - 1] : [2 * length - 1 - o, o - 1]
      p.operations.append(.init(cost: 1, operands: Set(operands).sorted(), results: [o]))
      p.values.append(.init(bytes: 10, definition: o))
    }
    return p
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `a score is what looking at every value at every execution says`(_ seed: UInt64) {
    let p = RematerializationProblem.random(12, seed: seed)
    var random = ProblemRandom(seed: seed + 1000)
    let solver = RematerializationSolver(p, effort: .init(moves: 1))
    for count in [0, 1, 4, 9] {
      let all = (0..<count).map { (_) in
        let operation = Int.random(in: 0..<11, using: &random)
        return Insertion(position: Int.random(in: operation + 1..<12, using: &random), operation: operation)
      }
      let insertions = Set(all).sorted()
      let (score, slow) = (solver.score(insertions), p.slowScore(insertions))
      #expect((score.cost, score.peak) == slow)
    }
  }

  @Test func `small problems are solved as well as by trying everything, and the bound is one`() {
    var (solved, best, infeasible) = (0, 0, 0)
    for seed in 0..<150 as Range<UInt64> {
      let p = RematerializationProblem.random(8, seed: seed)
      let solver = RematerializationSolver(p, effort: .init(moves: 4000))
      let plain = solver.plainScore().peak
      for budget in [plain, plain * 9 / 10, plain * 8 / 10, plain * 7 / 10] {
        let least = p.leastCost(within: budget)
        let found = solver.solution(within: budget)
        #expect(found == nil || least != nil, "seed \(seed), budget \(budget)")
        guard let least else {
          infeasible += 1
          continue
        }
        solved += 1
        guard let found else { continue }
        #expect(p.slowScore(found.insertions) == (found.score.cost, found.score.peak))
        #expect(found.score.peak <= budget && found.score.cost >= least && found.bound <= least, "seed \(seed)")
        best += found.score.cost == least ? 1 : 0
      }
    }
    // of the budgets that something fits, all but a few in a hundred
    #expect(solved > 250 && infeasible > 50, "\(solved) \(infeasible)")
    #expect(Double(best) >= 0.98 * Double(solved), "\(best) of \(solved)")
  }

  @Test func `a chain keeps every value if it may, and the fewest recomputations if it may not`() {
    let solver = RematerializationSolver(Self.chain(10), effort: .init(moves: 20_000))
    // ten values wait while the first step back is made
    #expect(solver.plainScore().peak == 110)
    #expect(solver.solution(within: 110)?.insertions == [])
    // the first one is made again, from nothing; then the first two
    #expect(solver.solution(within: 100)?.score.cost == 1)
    #expect(solver.solution(within: 90)?.score.cost == 2)
  }

  @Test func `below the leanest sequence nothing is found, nor below the floor`() {
    let solver = RematerializationSolver(Self.chain(12), effort: .init(moves: 5000))
    let least = solver.leanest()
    #expect(solver.score(least.insertions) == least.score)
    #expect(solver.solution(within: least.score.peak - 1) == nil)
    #expect(solver.floor == 30 && solver.solution(within: 29) == nil)
    #expect(least.score.peak >= 30 && least.score.peak < solver.plainScore().peak)
  }

  @Test func `the same moves give the same sequence`() {
    let p = RematerializationProblem.random(40, seed: 5)
    let solver = RematerializationSolver(p, effort: .init(moves: 6000))
    let budget = solver.plainScore().peak * 8 / 10
    let first = solver.solution(within: budget)
    #expect(first != nil)
    for _ in 0..<3 { #expect(solver.solution(within: budget) == first) }
  }

  @Test func `what must not come again does not`() throws {
    var p = Self.chain(10)
    let solver = RematerializationSolver(p, effort: .init(moves: 5000))
    let free = try #require(solver.solution(within: 80))
    let often = Set(free.insertions.map(\.operation))
    for o in often { p.operations[o].isRecomputable = false }
    let bound = RematerializationSolver(p, effort: .init(moves: 5000)).solution(within: 80)
    for i in bound?.insertions ?? [] { #expect(!often.contains(i.operation)) }
    #expect(bound.map { $0.score.cost >= free.score.cost } ?? true)
  }

  @Test func `a known sequence is never lost`() throws {
    let p = RematerializationProblem.random(30, seed: 9)
    let good = RematerializationSolver(p, effort: .init(moves: 30_000))
    let budget = good.plainScore().peak * 75 / 100
    let known = try #require(good.solution(within: budget))
    let hasty = RematerializationSolver(p, effort: .init(moves: 1), starts: [known.insertions])
    let again = try #require(hasty.solution(within: budget))
    #expect(again.score.cost <= known.score.cost)
  }

  @Test func `transient values do not live when backward begins`() throws {
    var p = Self.chain(8)
    p.backwardStart = 8
    p.values[3].isTransient = true
    let solver = RematerializationSolver(p, effort: .init(moves: 3000))
    let s = try #require(solver.solution(within: 1000))
    // step 12 back reads value 3, which is made again for it, once
    #expect(s.insertions.filter { $0.operation == 3 }.map { $0.position >= 8 } == [true])
  }

  @Test func `updates wait for the last read of what they change`() {
    // w is read by operations 0 and 2; its gradient is value 1, made by operation 1, and waits until 2 is done
    var p = RematerializationProblem(
      operations: [
        .init(cost: 1, operands: [], results: [0], reads: [0]), .init(cost: 1, operands: [0], results: [1]),
        .init(cost: 1, operands: [], results: [2], reads: [0]),
      ],
      values: [.init(bytes: 1, definition: 0), .init(bytes: 100, definition: 1), .init(bytes: 10, definition: 2)],
      updates: [.init(storage: [0], operands: [1])], storageCount: 1)
    #expect(RematerializationSolver(p, effort: .init(moves: 1)).plainScore().peak == 110)
    p.operations[2].reads = []
    #expect(RematerializationSolver(p, effort: .init(moves: 1)).plainScore().peak == 101)
  }

}
