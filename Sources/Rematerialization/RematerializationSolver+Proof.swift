import Support

extension RematerializationSolver {

  /// The least and the most states that a proof may take.
  private static let provedStates = 10_000...60_000

  /// Looks for a sequence within `budget` that costs less than `limit`, through all there are; `nil` if the problem is too
  /// large for that, or has fetches.
  ///
  /// The moves of the effort bound the states, so that the outcome is the same everywhere.
  func proof(within budget: Int, below limit: Int) -> ExactSearch.Outcome? {
    guard problem.fetches.isEmpty, var search = ExactSearch(problem, budget: budget, below: limit) else { return nil }
    let states = min(effort.moves, Self.provedStates.upperBound) * 2
    return search.run(nodes: min(max(states, Self.provedStates.lowerBound), Self.provedStates.upperBound))
  }

  /// The most operations of a step for which the bound counts what recomputations need.
  private static let boundedOperations = 40000

  /// A lower bound, and which gaps of the plain step the relaxations that gave it would evict.
  struct Proof {

    var bound: Int

    var evictions: [[PlainStep.Gap]] = []

    /// What proves the bound to anybody, or a lower one.
    var certificate: OperandBoundCertificate?

  }

  /// Returns the bound that counts what recomputations need, at most `limit`; 0 if the problem is too large for that.
  func operandProof(within budget: Int, below limit: Int) -> Proof {
    if problem.operations.count > Self.boundedOperations { return .init(bound: 0) }
    let relaxed = OperandRelaxation(problem, budget: budget).outcome()
    var proof = Proof(
      bound: relaxed?.certificate.bound ?? 0, evictions: relaxed?.evictions ?? [], certificate: relaxed?.certificate)
    if problem.unheld != nil { proof.certificate = operandCertificate(within: budget) }
    proveInWholeNumbers(&proof, within: budget, below: limit)
    proof.bound = min(limit, proof.bound)
    return proof
  }

  /// The part of the time that may go into programs with whole numbers.
  private static let provingTime = 0.25

  /// Moves beyond these are for the search alone.
  private static let provingMoves = 1_000_000

  /// The most nodes of branch and bound for a thousand moves of the effort, times columns.
  private static let nodesPerThousand = 1200

  /// What cuts at the root of one program take of these.
  private static let nodesOfRoot = 25

  /// Fewer nodes than these are not worth the root.
  private static let leastNodes = 10

  /// The steps that are looked at alone.
  private static let candidates = 8

  /// Returns the certificate of the bound that counts what recomputations need, whatever else is asked for; `nil` if the
  /// problem is too large for that.
  func operandCertificate(within budget: Int) -> OperandBoundCertificate? {
    if problem.operations.count > Self.boundedOperations { return nil }
    return OperandRelaxation(problem.unheld ?? problem, budget: budget).certificate()
  }

  /// Improves on `proof` by bounds in whole numbers: at one step, with the peak, and with ever more steps while the effort
  /// lasts.
  private func proveInWholeNumbers(_ proof: inout Proof, within budget: Int, below limit: Int) {
    let plain = PlainStep(problem)
    let ranking = StepRanking(problem, plain, budget: budget)
    guard proof.bound < limit, let peak = ranking.peak else { return }
    let clock = SolverClock(seconds: effort.seconds.map { $0 * Self.provingTime })
    var others = [peak] + ranking.steps
    var steps = [best(of: ranking.steps.prefix(Self.candidates), plain, budget)]
    var left = max(1, min(effort.moves, Self.provingMoves) / 1000) * Self.nodesPerThousand
    while proof.bound < limit, !clock.isOver {
      let relaxation = StageRelaxation(problem, budget: budget, steps: steps)
      let nodes = left / relaxation.program.cost.count - Self.nodesOfRoot
      if nodes < Self.leastNodes { break }
      guard let s = relaxation.bound(below: limit, nodes: nodes / 2, seconds: clock.secondsLeft) else { break }
      left -= relaxation.program.cost.count * (s.nodes + Self.nodesOfRoot)
      proof.bound = max(proof.bound, s.cost)
      if !s.gaps.isEmpty { proof.evictions.append(s.gaps) }
      if steps.count > 1 { others.insert(problem.peakPosition(evicting: s.gaps), at: 0) }
      others.removeAll { steps.contains($0) || plain.live[$0] <= budget }
      guard let next = others.first else { break }
      steps = (steps + [next]).sorted()
    }
  }

  /// Returns the step of `steps`, one at least, with the greatest bound alone.
  private func best(of steps: ArraySlice<Int>, _ plain: PlainStep, _ budget: Int) -> Int {
    let bounds = steps.map { OperandRelaxation(problem, plain, budget: budget, step: $0).bound() ?? 0 }
    return steps[steps.startIndex + bounds.indices.reduce(0) { bounds[$1] > bounds[$0] ? $1 : $0 }]
  }

}
