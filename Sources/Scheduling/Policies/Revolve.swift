import IR
import Operations

extension Policy {

  /// `revolve(slots:)`: condenses the forward part into a chain of stages and reverses it with that many slots, as few
  /// stages run again as can be if all are alike.
  ///
  /// A slot holds the state between two stages; the input, which is always there, takes the first one. For *n* stages and
  /// *s* slots *t*(*n*, *s*) = *r*·*n* − C(*s* + *r*, *s* + 1) stages are run again, with the least *r* for which
  /// C(*s* + *r*, *s*) ≥ *n*. Where no record of a stage is larger than the largest state, slots may hold records too.
  ///
  /// There are at most 256 stages, and so few that about two million instructions are executed.
  ///
  /// - Complexity: O(*n* + *l*²·*s* + *e*·log *e*) for *l* stages and *e* executions.
  /// - Source: Griewank, Walther: Algorithm 799: Revolve, 2000.
  static let revolve = Policy(
    "revolve", form: "revolve(slots: INT)",
    summary: "Reverses a chain of stages with that many slots for states, the input's included.",
    scheduling: { (problem, reader) in
      let slots = reader.integer("slots")
      return slots >= 1 ? RevolveSchedule(problem, slots: slots).schedule : nil
    })

}

/// A chain reversed with a number of slots.
private struct RevolveSchedule {

  let schedule: Schedule

  private static let mostStages = 256

  private static let mostExecutions = 2_000_000

  init(_ problem: SchedulingProblem, slots: Int) {
    var chain = ForwardChain(problem, limit: Self.mostStages)
    while chain.count > 2, Self.executions(chain, slots) > Self.mostExecutions {
      chain = ForwardChain(problem, limit: chain.count / 2)
    }
    let largestState = chain.states.reduce(0) { max($0, chain.bytes($1)) }
    let largestRecord = (0..<chain.count).reduce(0) { max($0, chain.bytes(chain.kept(ofStage: $1))) }
    let table = ReversalTable(
      stages: chain.count, slots: min(slots, chain.count), holdsRecords: largestRecord <= largestState)
    schedule = chain.schedule(table.actions(stages: chain.count))
  }

  /// Returns about how many instructions of the forward part are executed.
  private static func executions(_ chain: ForwardChain, _ slots: Int) -> Int {
    let again = ReversalTable.extraSteps(stages: chain.count, slots: min(slots, chain.count))
    return chain.problem.analysis.forwardCount.multipliedSaturating(by: 2 + again / chain.count)
  }

}
