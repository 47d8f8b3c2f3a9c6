package import IR
package import Operations
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

  /// What a policy gives, or `nil` if the arguments are not those it takes.
  private enum Rule: Sendable {

    /// For each value, whether it is saved.
    case decision(@Sendable (SchedulingProblem, inout AttributeReader) -> [Bool]?)

    /// A whole schedule.
    case schedule(@Sendable (SchedulingProblem, inout AttributeReader) -> Schedule?)

  }

  private let rule: Rule

  /// Creates a policy that says for each value whether it is saved, or `nil` if the arguments are not those it takes.
  init(
    _ name: String, form: String, summary: String,
    _ decide: @escaping @Sendable (SchedulingProblem, inout AttributeReader) -> [Bool]?
  ) {
    (self.name, self.form, self.summary) = (name, form, summary)
    rule = .decision(decide)
  }

  /// Creates a policy that makes whole schedules, in which values may be recomputed several times; `nil` if the arguments
  /// are not those it takes.
  init(
    _ name: String, form: String, summary: String,
    scheduling schedule: @escaping @Sendable (SchedulingProblem, inout AttributeReader) -> Schedule?
  ) {
    (self.name, self.form, self.summary) = (name, form, summary)
    rule = .schedule(schedule)
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
    switch try outcome(call, of: problem) {
    case .decision(let saved): problem.schedule(saving: saved)
    case .schedule(let schedule): schedule
    }
  }

  /// Returns the recomputations of the schedule that `call` asks for, what they cost and the peak they leave.
  ///
  /// Much quicker than the schedule itself where the policy only decides what is saved.
  ///
  /// - Throws: as `schedule`.
  static func sequence(
    _ call: PolicyCall, of problem: SchedulingProblem
  ) throws(DiagnosticError) -> (insertions: [Insertion], score: SequenceScore) {
    let insertions =
      switch try outcome(call, of: problem) {
      case .decision(let saved): problem.insertions(saving: saved)
      case .schedule(let schedule): problem.step.insertions(of: schedule)
      }
    return (insertions, problem.score(insertions))
  }

  /// What a policy gave.
  private enum Outcome {
    case decision([Bool])
    case schedule(Schedule)
  }

  private static func outcome(
    _ call: PolicyCall, of problem: SchedulingProblem
  ) throws(DiagnosticError) -> Outcome {
    let policy = try named(call, for: problem)
    var reader = AttributeReader(call.arguments)
    let outcome: Outcome? =
      switch policy.rule {
      case .decision(let decide): decide(problem, &reader).map { .decision($0) }
      case .schedule(let schedule): schedule(problem, &reader).map { .schedule($0) }
      }
    guard let outcome, !reader.failed, reader.leftOver == nil else { throw .init(.policyArguments(call, policy)) }
    return outcome
  }

}

/// A function to schedule, what its source demands, and what its instructions cost.
package struct SchedulingProblem: Sendable {

  package let analysis: StepAnalysis

  package let obligations: Obligations

  package let cost: CostModel

  /// The step as the solver sees it.
  let step: StepProblem

  /// The bytes of a total peak that are no live bytes of the arena: persistent storage, and what packing added where the
  /// schedule was tried before.
  package var reservedBytes = 0

  /// The schedule for a somewhat larger budget, from which `optimal` goes on.
  package var start: Schedule?

  /// What copying a byte between the device and the host costs, in the unit of costs.
  package var costPerByte: Double

  /// The schedule for the same budget, in which nothing is chosen to be offloaded, from which `optimal` goes on where it may
  /// choose that.
  package var plain: Schedule?

  /// How long `optimal` may search; as long as suits the step's length where `nil`.
  package var effort: SolverEffort?

  package init(
    _ function: Function, rules: [ScheduleRule], cost: CostModel, workspace: WorkspaceModel = .none
  ) throws(DiagnosticError) {
    analysis = StepAnalysis(function, workspace: workspace)
    obligations = try Obligations(rules, of: analysis)
    self.cost = cost
    costPerByte = cost.costPerByte
    step = StepProblem(
      analysis, obligations, costs: analysis.function.instructionIDs.map { cost.cost(of: $0, in: function) })
  }

  /// Returns the schedule for a decision, with all obligations met.
  package func schedule(saving saved: [Bool]) -> Schedule {
    analysis.schedule(saving: obligations.applied(to: saved))
  }

  /// Returns the recomputations of the schedule for a decision.
  func insertions(saving saved: [Bool]) -> [Insertion] {
    step.insertions(of: analysis.executionOrder(saving: obligations.applied(to: saved)))
  }

  /// Returns the peak that `insertions` leave, as `metrics` has it, and what they cost.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands of all executions.
  func score(_ insertions: [Insertion]) -> SequenceScore {
    var evaluator = step.evaluator
    return evaluator.score(insertions)
  }

  /// Returns what `schedule` needs and costs.
  package func metrics(of schedule: Schedule) -> ScheduleMetrics {
    analysis.metrics(of: schedule, cost: cost, costPerByte: costPerByte)
  }

}
