import ArgumentParser
import Driver
import Rematerialization
import Support

/// `cgadc schedule-graph`.
struct ScheduleGraph: ParsableCommand {

  static let configuration = CommandConfiguration(
    commandName: "schedule-graph",
    abstract: """
      cgadc schedule-graph resnet50.json --budget 0.5 --json

      Schedules a computation graph from elsewhere within a budget: what is executed, again where that is cheaper than \
      to keep it, and when it is deleted.
      """)

  @Argument(help: "The graph, in JSON.")
  var file: String

  @Option(help: "Bytes, as 8GiB, or a fraction of the peak without recomputation, as 0.5.")
  var budget: String

  @OptionGroup var effort: SolverOptions

  @Flag(help: "Prints one JSON document, with the sequence.")
  var json = false

  mutating func run() throws {
    let graph = try attempt { () throws(CompileFailure) in try ComputationGraph(readingFrom: file) }
    let solver = RematerializationSolver(
      graph.problem, effort: effort.effort ?? .standard(operations: graph.problem.operations.count))
    let plain = solver.plainScore().peak
    guard let bytes = bytes(plain) else {
      throw ValidationError(
        "--budget is bytes, as 8GiB, or a fraction of the peak with a point, as 0.5; not '\(budget)'")
    }
    let solution: RematerializationSolution
    switch solver.answer(within: bytes) {
    case .within(let found): solution = found
    case .beyond(let leanest):
      let least = leanest.score.peak
      if json { try Output.json(GraphInfeasibility(budget: bytes, least: least)) }
      Output.error("\(file): error: no schedule fits \(bytes) bytes; the least peak found is \(least)\n")
      throw Exit.infeasible
    }
    let schedule = GraphSchedule(solution, of: graph, budget: bytes, plainPeak: plain)
    if json { return try Output.json(schedule) }
    Output.result(text(of: schedule))
  }

  /// Returns the budget in bytes, where `plain` is the peak without recomputation.
  private func bytes(_ plain: Int) -> Int? {
    guard budget.contains("."), let fraction = Double(budget) else { return ByteCount(parsing: budget)?.value }
    return fraction > 0 && fraction < 1000 ? Int((fraction * Double(plain)).rounded(.up)) : nil
  }

  private func text(of s: GraphSchedule) -> String {
    func percent(_ x: Double) -> String { "\((x * 1e5).rounded() / 1e3) %" }
    return """
      peak       \(s.peakBytes) bytes of \(s.plainPeakBytes) without recomputation, budget \(s.budgetBytes)
      recompute  \(s.recomputations) executions, +\(percent(s.overheadFlopsFraction)) cost
      bound      +\(percent(s.lowerBoundFraction)), gap \((s.gapPoints * 1e3).rounded() / 1e3) points

      """
  }

}

/// How long a solver may search.
struct SolverOptions: ParsableArguments {

  @Option(help: .init("Sequences that the solver tries; the same number gives the same result.", valueName: "n"))
  var solverMoves: Int?

  @Option(help: .init("Time for the solver, as 10s; the result then depends on the machine.", valueName: "time"))
  var solverTime: String?

  func validate() throws {
    if let solverMoves, solverMoves < 1 { throw ValidationError("--solver-moves is at least 1") }
    if let solverTime { try Self.validate(time: solverTime) }
  }

  /// Throws unless `time` is a number of seconds.
  static func validate(time: String) throws {
    if seconds(time) == nil {
      throw ValidationError("--solver-time is a number of seconds, as 10s; not '\(time)'")
    }
  }

  /// Returns the number of seconds that `text` is, or `nil`.
  static func seconds(_ text: String) -> Double? {
    let number = text.hasSuffix("s") ? String(text.dropLast()) : text
    guard let s = Double(number), s > 0, s < 1e6 else { return nil }
    return s
  }

  /// The effort that is asked for, or `nil` if none is.
  var effort: SolverEffort? {
    let seconds = solverTime.flatMap(Self.seconds)
    if solverMoves == nil, seconds == nil { return nil }
    return .init(moves: solverMoves ?? .max / 2, seconds: seconds)
  }

}
