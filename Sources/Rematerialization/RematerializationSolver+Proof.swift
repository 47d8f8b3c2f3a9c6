extension RematerializationSolver {

  /// The least and the most states that a proof may take.
  private static let provedStates = 10_000...60_000

  /// Looks for a sequence within `budget` that costs less than `limit`, through all there are; `nil` if the problem is too
  /// large for that.
  ///
  /// The moves of the effort bound the states, so that the outcome is the same everywhere.
  func proof(within budget: Int, below limit: Int) -> ExactSearch.Outcome? {
    guard var search = ExactSearch(problem, budget: budget, below: limit) else { return nil }
    let states = min(effort.moves, Self.provedStates.upperBound) * 2
    return search.run(nodes: min(max(states, Self.provedStates.lowerBound), Self.provedStates.upperBound))
  }

  /// The most operations of a step for which the bound counts what recomputations need.
  private static let boundedOperations = 4000

  /// Returns the bound that counts what recomputations need; `nil` if the problem is too large for that.
  func operandBound(within budget: Int) -> Int? {
    if problem.operations.count > Self.boundedOperations { return nil }
    return OperandRelaxation(problem, budget: budget).bound()
  }

}
