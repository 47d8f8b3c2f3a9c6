import IR
import Operations
import Rematerialization

extension Policy {

  /// `optimal(budget:)`: the cheapest schedule found within a total peak, with a lower bound on what any could cost.
  ///
  /// The whole step, forward and backward, is a sequence of executions in which anything without an effect may come
  /// again, any number of times. The solver of `Rematerialization` searches it, from the gap relaxation and from the
  /// schedules of the other policies on, so that none of them is better at the same budget. If nothing fits, the schedule
  /// is the one with the lowest peak that was found, and whoever asked finds that it is too high.
  ///
  /// With `offload: true` what is chosen for each gap between two uses in which a value is not kept is to make it again or,
  /// behind the forward part, to copy it to the host and fetch it back. Copying a byte costs `cost_per_byte`; copies take turns
  /// and are hidden by what is executed beside them, and what is waited for costs as much as recomputation (see
  /// `SequenceEvaluator`). What rules and marks demand is no matter of choice. No bound is known then.
  ///
  /// - Complexity: that of the solver's moves, each O(*n*), and of the other policies.
  /// - Source: the bound is the paging relaxation of `GapRelaxation`; the search is annealing with oscillating penalties.
  static let optimal = Policy(
    "optimal", form: "optimal(budget: BYTES, offload: BOOL, cost_per_byte: NUMBER)",
    summary:
      "Searches the cheapest schedule within the budget; says how far from the least possible cost it is at most. "
      + "With offload: true it may keep values on the host; copying a byte costs 256 FLOPs if not given, or what a cost profile says, 0.1 ns if nothing.",
    scheduling: { (problem, reader) in
      let bytes = reader.integer("budget")
      let isOffloading = reader.flag("offload")
      let costPerByte = reader.optionalNumber("cost_per_byte")
      if reader.failed || costPerByte.map({ !isOffloading || !(0...greatestCostPerByte ~= $0) }) ?? false { return nil }
      let (limit, costs) = (bytes - problem.reservedBytes, costPerByte ?? problem.cost.costPerByte)
      let optimal = OptimalSchedule(problem)
      return isOffloading
        ? optimal.offloadingSchedule(within: limit, costPerByte: costs) : optimal.schedule(within: limit)
    })

  /// The most that copying a byte may be said to cost.
  private static let greatestCostPerByte = 1e9

}

/// What `optimal` does.
private struct OptimalSchedule {

  private let problem: SchedulingProblem

  init(_ problem: SchedulingProblem) { self.problem = problem }

  /// Returns the cheapest schedule found with at most `bytes` live, or else the one with the fewest.
  func schedule(within bytes: Int) -> Schedule {
    let step = problem.step
    let effort = problem.effort ?? .compilation(operations: step.problem.operations.count)
    if let start = problem.start {
      let less = SolverEffort(moves: max(1000, effort.moves / 4), seconds: effort.seconds)
      let solver = RematerializationSolver(step.problem, effort: less)
      if let insertions = solver.continued(from: step.insertions(of: start), within: bytes) {
        return problem.analysis.schedule(executing: step.order(with: insertions))
      }
    }
    let solver = RematerializationSolver(step.problem, effort: effort, starts: otherSequences(within: bytes))
    switch solver.answer(within: bytes) {
    case .beyond(let leanest): return problem.analysis.schedule(executing: step.order(with: leanest.insertions))
    case .within(let found):
      var schedule = problem.analysis.schedule(executing: step.order(with: found.insertions))
      (schedule.costBound, schedule.certificate) = (found.bound, found.certificate)
      schedule.operandCertificate = found.operandCertificate
      return schedule
    }
  }

  /// Returns the cheapest schedule found with at most `bytes` live in which values may be fetched, or else the one with the
  /// fewest; what it fetches is not copied to the host yet (`offloaded`).
  func offloadingSchedule(within bytes: Int, costPerByte: Double) -> Schedule {
    var step = problem.step
    step.offerFetches(problem.analysis, problem.obligations, costPerByte: costPerByte)
    var effort = problem.effort ?? .compilation(operations: step.problem.operations.count)
    if problem.effort == nil { effort.moves *= 2 }  // there is twice as much to choose from
    if let start = problem.start {
      let less = SolverEffort(moves: max(1000, effort.moves / 4), seconds: effort.seconds)
      let solver = RematerializationSolver(step.problem, effort: less)
      if let insertions = solver.continued(from: step.insertions(of: start), within: bytes) {
        return problem.analysis.schedule(executing: step.order(with: insertions))
      }
    }
    let plain = problem.plain.map { [step.insertions(of: $0)] } ?? []
    let solver = RematerializationSolver(
      step.problem, effort: effort, starts: plain + otherSequences(within: bytes))
    let found =
      switch solver.answer(within: bytes) {
      case .beyond(let s), .within(let s): s
      }
    return problem.analysis.schedule(executing: step.order(with: found.insertions))
  }

  /// Returns the recomputations of other policies that fit, for the solver to start from; of the leanest if none does.
  private func otherSequences(within bytes: Int) -> [[Insertion]] {
    var all: [(insertions: [Insertion], score: SequenceScore)] = []
    for call in problem.callsToStartFrom(within: bytes) {
      guard let s = try? Policy.sequence(call, of: problem) else { continue }  // another step has no such schedule
      all.append(s)
    }
    let fitting = all.filter { $0.score.peak <= bytes }.sorted { $0.score.cost < $1.score.cost }
    if !fitting.isEmpty { return fitting.prefix(4).map(\.insertions) }
    return all.min { $0.score.peak < $1.score.peak }.map { [$0.insertions] } ?? []
  }

}

extension SchedulingProblem {

  /// The most instructions of a step for which every other policy is tried.
  private static let thoroughInstructions = 4000

  /// The most slots with which a chain is reversed.
  private static let mostSlots = 8

  /// Returns the calls of policies whose schedules `optimal` starts from.
  fileprivate func callsToStartFrom(within bytes: Int) -> [PolicyCall] {
    let total = PolicyCall(
      name: "budget", arguments: [.init(PolicyCall.unlabelled, .integer(max(0, bytes + reservedBytes)))])
    if analysis.function.instructions.count > Self.thoroughInstructions {
      return [.init(name: "none"), .init(name: "sqrt"), total]
    }
    var calls = candidateCalls() + [.init(name: "all"), .init(name: "cost"), total]
    for name in ["memory", "speed", "balanced"] {
      for ratio in [0.1, 0.25, 0.5, 0.75] {
        calls.append(.init(name: name, arguments: [.init("ratio", .number(ratio))]))
      }
    }
    for slots in 1...Self.mostSlots {
      calls.append(.init(name: "revolve", arguments: [.init("slots", .integer(slots))]))
    }
    calls.append(
      .init(name: "chain", arguments: [.init("budget", .integer(max(0, bytes + reservedBytes)))]))
    return calls
  }

}
