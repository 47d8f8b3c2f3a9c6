package import IR
import Operations
package import Rematerialization
import Support

/// A way of deciding which forward values are saved and which recomputed.
package struct Policy: Sendable {

  /// The name in `schedule` blocks and flags.
  package let name: String

  /// How it is called, as `every(k: INT)`.
  package let form: String

  /// One line saying what it does.
  package let summary: String

  /// Returns the schedule, or `nil` if the arguments are not those it takes.
  private let schedule: @Sendable (SchedulingProblem, inout AttributeReader) -> Schedule?

  /// Creates a policy that says for each value whether it is saved, or `nil` if the arguments are not those it takes.
  init(
    _ name: String, form: String, summary: String,
    _ decide: @escaping @Sendable (SchedulingProblem, inout AttributeReader) -> [Bool]?
  ) {
    self.init(name, form: form, summary: summary) { (problem, reader) in
      decide(problem, &reader).map(problem.schedule(saving:))
    }
  }

  /// Creates a policy that makes whole schedules, in which values may be recomputed several times; `nil` if the arguments
  /// are not those it takes.
  init(
    _ name: String, form: String, summary: String,
    scheduling schedule: @escaping @Sendable (SchedulingProblem, inout AttributeReader) -> Schedule?
  ) {
    self.name = name
    self.form = form
    self.summary = summary
    self.schedule = schedule
  }

  /// All policies, in the order they are listed.
  package static let all: [Policy] = [
    .none, .blocks, .every, .squareRoot, .revolve, .chain, .cost, .memory, .speed, .balanced, .budget, .optimal,
    .manual,
    .legacyEveryN, .legacyByDepth,
  ]

  /// Returns the policy that `call` names, if it can schedule `problem` at all.
  ///
  /// - Throws: a diagnostic for an unknown policy, or for one of marked values where none is marked.
  @discardableResult
  package static func named(_ call: PolicyCall, for problem: SchedulingProblem) throws(DiagnosticError) -> Policy {
    guard let policy = all.first(where: { $0.name == call.name }) else {
      throw .init(.unknownPolicy(call))
    }
    if policy.name == "manual", problem.analysis.function.checkpoints.isEmpty { throw .init(.nothingMarked(call)) }
    return policy
  }

  /// Returns the schedule that `call` asks for.
  ///
  /// - Throws: a diagnostic for an unknown policy or arguments it does not take.
  package static func schedule(_ call: PolicyCall, of problem: SchedulingProblem) throws(DiagnosticError) -> Schedule {
    let policy = try named(call, for: problem)
    var reader = AttributeReader(call.arguments)
    guard let schedule = policy.schedule(problem, &reader), !reader.failed, reader.leftOver == nil else {
      throw .init(.policyArguments(call, policy))
    }
    return schedule
  }

}

/// A function to schedule, what its source demands, and what its instructions cost.
package struct SchedulingProblem: Sendable {

  package let analysis: StepAnalysis

  package let obligations: Obligations

  package let cost: CostModel

  /// The bytes of a total peak that are no live bytes of the arena: persistent storage, and what packing added where the
  /// schedule was tried before.
  package var reservedBytes = 0

  /// How long `optimal` may search; as long as suits the step's length where `nil`.
  package var effort: SolverEffort?

  package init(_ function: Function, rules: [ScheduleRule], cost: CostModel) throws(DiagnosticError) {
    analysis = StepAnalysis(function)
    obligations = try Obligations(rules, of: analysis)
    self.cost = cost
  }

  /// Returns the schedule for a decision, with all obligations met.
  package func schedule(saving saved: [Bool]) -> Schedule {
    analysis.schedule(saving: obligations.applied(to: saved))
  }

  /// Returns what `schedule` needs and costs.
  package func metrics(of schedule: Schedule) -> ScheduleMetrics { analysis.metrics(of: schedule, cost: cost) }

}
