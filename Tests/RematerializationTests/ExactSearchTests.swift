import Rematerialization
import Support
import Testing

@Suite struct ExactSearchTests {

  /// Returns a budget between the bytes of the largest operation and a little more than the plain step needs.
  private func budget(_ p: RematerializationProblem, seed: UInt64) -> Int {
    var random = ProblemRandom(seed: seed &+ 77)
    let solver = RematerializationSolver(p, effort: .init(moves: 1))
    let most = solver.plainScore().peak
    return Int.random(in: min(solver.floor - 1, most)...most + 1, using: &random)
  }

  @Test func `a thousand graphs are solved as by trying every state`() {
    var (solved, dear, infeasible, tight) = (0, 0, 0, 0)
    for seed in 0..<1000 as Range<UInt64> {
      let p = RematerializationProblem.varied(9, [.overwriting, .kept], seed: seed)
      let budget = budget(p, seed: seed)
      let least = p.leastCostOverStates(within: budget)
      let found = RematerializationSolver(p, effort: .init(moves: 200)).solution(within: budget)
      #expect(found?.score.cost == least && found?.bound == least, "seed \(seed), budget \(budget)")
      #expect(found.map { $0.certificate.bound <= $0.score.cost } ?? true, "seed \(seed), budget \(budget)")
      if let least, let bound = OperandRelaxation(p, budget: budget).bound() {
        #expect(bound <= least, "seed \(seed), budget \(budget)")
        tight += bound == least ? 1 : 0
      }
      solved += least == nil ? 0 : 1
      dear += least ?? 0 > 0 ? 1 : 0
      infeasible += least == nil ? 1 : 0
      guard let found else { continue }
      #expect(
        found.score.peak <= budget && found.insertions.reduce(0) { $0 + p.operations[$1.operation].cost } == least)
    }
    #expect(solved > 500 && dear > 100 && infeasible > 100, "\(solved) \(dear) \(infeasible)")
    #expect(tight > solved * 3 / 4, "\(tight)")
  }

  @Test func `updates, transient and kept values are what the score of every short sequence says`() {
    let most = 4  // recomputations that are tried
    var (solved, dear, infeasible, longer) = (0, 0, 0, 0)
    for seed in 0..<600 as Range<UInt64> {
      let p = RematerializationProblem.varied(6, [.overwriting, .kept, .updates, .transient], seed: seed)
      let budget = budget(p, seed: seed)
      let least = p.leastCostOverSequences(within: budget, most: most)
      let solver = RematerializationSolver(p, effort: .init(moves: 200))
      let found = solver.solution(within: budget)
      guard let found else {
        #expect(least == nil, "seed \(seed), budget \(budget)")
        infeasible += 1
        continue
      }
      var evaluator = SequenceEvaluator(p)
      #expect(evaluator.score(found.insertions, budget: budget).excess == 0, "seed \(seed)")
      #expect(found.bound == found.score.cost && found.certificate.bound <= found.score.cost, "seed \(seed)")
      let bound = OperandRelaxation(p, budget: budget).bound() ?? 0
      #expect(bound <= found.score.cost, "seed \(seed), budget \(budget)")
      if found.insertions.count > most {
        #expect(least.map { found.score.cost <= $0 } ?? true)
        longer += 1
      } else {
        #expect(found.score.cost == least, "seed \(seed), budget \(budget)")
        solved += 1
        dear += found.score.cost > 0 ? 1 : 0
      }
    }
    #expect(solved > 200 && dear > 30 && infeasible > 50 && longer < 60, "\(solved) \(dear) \(infeasible) \(longer)")
  }

  @Test(arguments: [14, 20, 30])
  func `graphs of more operations are solved`(_ count: Int) {
    var solved = 0
    for seed in 0..<30 as Range<UInt64> {
      let p = RematerializationProblem.random(count, seed: seed)
      let solver = RematerializationSolver(p, effort: .init(moves: 5000))
      guard let found = solver.solution(within: solver.plainScore().peak * 8 / 10) else { continue }
      #expect(p.slowScore(found.insertions) == (found.score.cost, found.score.peak))
      #expect(found.bound == found.score.cost, "seed \(seed)")
      solved += 1
    }
    #expect(solved >= 20, "\(solved)")
  }

  @Test func `a proof that ends early says no more than it knows`() {
    // forty operations at six tenths of the plain peak: too many states for most
    var unfinished = 0
    for seed in 0..<10 as Range<UInt64> {
      let p = RematerializationProblem.random(40, seed: seed)
      let solver = RematerializationSolver(p, effort: .init(moves: 5000))
      guard let found = solver.solution(within: solver.plainScore().peak * 6 / 10) else { continue }
      #expect(found.bound <= found.score.cost && p.slowScore(found.insertions) == (found.score.cost, found.score.peak))
      unfinished += found.bound < found.score.cost ? 1 : 0
    }
    #expect(unfinished > 0)
  }

  @Test func `recomputations at one place come in the order that needs fewer bytes`() {
    // 3 reads what 0 and 1 made, 4 bytes each, and 2 needs all 10 bytes before; 1 has 4 bytes of workspace as well, so that
    // the result of 0 cannot be beside it: 1 comes again before 0
    var p = RematerializationProblem(operations: [], values: [])
    func add(_ bytes: Int, cost: Int, workspace: Int = 0, _ operands: [Int], isRecomputable: Bool = true) {
      p.operations.append(
        .init(
          cost: cost, workspace: workspace, operands: operands, results: [p.values.count],
          isRecomputable: isRecomputable))
      p.values.append(.init(bytes: bytes, definition: p.values.count))
    }
    add(4, cost: 1, [])  // 0
    add(4, cost: 1, workspace: 4, [])  // 1
    add(10, cost: 9, [], isRecomputable: false)  // 2
    add(2, cost: 1, [0, 1], isRecomputable: false)  // 3
    let solver = RematerializationSolver(p, effort: .init(moves: 100))
    // 1: 4 + 4; 0: 4 + 4; 3: 4 + 4 + 2
    let found = solver.solution(within: 10)
    #expect(found?.insertions == [.init(position: 3, operation: 1), .init(position: 3, operation: 0)])
    #expect(found?.bound == 2 && found?.score.peak == 10)
  }

}
