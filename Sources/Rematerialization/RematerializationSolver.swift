package import Support

/// How long a solver may search.
package struct SolverEffort: Hashable, Sendable {

  /// The most sequences that are scored.
  package var moves: Int

  /// The most seconds, or `nil`; what is found then depends on the machine.
  package var seconds: Double?

  package init(moves: Int, seconds: Double? = nil) {
    self.moves = moves
    self.seconds = seconds
  }

  /// Returns one part of `count` of the effort.
  func part(of count: Int) -> SolverEffort {
    .init(moves: max(1000, moves / count), seconds: seconds.map { $0 / Double(count) })
  }

  /// The effort for a problem of `count` operations where none is asked for: fewer moves the longer each takes.
  package static func standard(operations count: Int) -> SolverEffort {
    .init(moves: max(2000, min(150_000, 60_000_000 / max(count, 1))))
  }

  /// The effort for the step of a model, which is compiled again and again.
  package static func compilation(operations count: Int) -> SolverEffort {
    .init(moves: max(2000, min(30_000, 15_000_000 / max(count, 1))))
  }

}

/// The cheapest sequence that was found for a budget.
package struct RematerializationSolution: Hashable, Sendable {

  /// The recomputations in order of execution: their positions ascend.
  package let insertions: [Insertion]

  package let score: SequenceScore

  /// No sequence that keeps the order of first executions costs less.
  package let bound: Int

  /// What proves the bound, or a lower one, to anybody, whatever else is asked for.
  package let certificate: BoundCertificate

  /// The same with what recomputations need, where that proves more.
  package var operandCertificate: OperandBoundCertificate?

}

/// Finds cheap sequences of executions within a budget of live bytes.
///
/// The gap relaxation gives a lower bound and a first sequence; greedy repair, a budget that shrinks in steps, and what the
/// caller knows give others; annealing improves on the best. Of small problems the cheapest sequence is proved
/// (`ExactSearch`), and the bound is its cost. Where values may be fetched, annealing chooses between that and making them
/// again, gap by gap, and there is no bound. The same problem and moves give the same sequence everywhere.
package struct RematerializationSolver {

  let problem: RematerializationProblem

  let effort: SolverEffort

  /// Sequences to start from, beside the solver's own.
  private let starts: [[Insertion]]

  /// `false` iff nobody asks for the best bound.
  private var isBounded = true

  package init(_ problem: RematerializationProblem, effort: SolverEffort, starts: [[Insertion]] = []) {
    self.problem = problem
    self.effort = effort
    self.starts = starts
  }

  /// Returns the score of the plain step.
  package func plainScore() -> SequenceScore { score([]) }

  /// Returns the score of the step with `insertions`.
  package func score(_ insertions: [Insertion]) -> SequenceScore {
    var evaluator = SequenceEvaluator(problem)
    return evaluator.score(insertions, budget: .max)
  }

  /// No sequence needs fewer bytes than an operation with its operands and results.
  package var floor: Int {
    problem.operations.reduce(0) { (least, o) in
      let taken = o.overwritable.isEmpty ? 0 : problem.values[o.results[0]].bytes
      return max(least, (o.operands + o.results).reduce(o.workspace - taken) { $0 + problem.values[$1].bytes })
    }
  }

  /// The most operations of a step that is solved from nothing; a longer one is solved from the `starts`.
  private static let operationLimit = 4000

  /// What is found for a budget.
  package enum Answer: Hashable, Sendable {

    /// The cheapest sequence found that is never beyond it.
    case within(RematerializationSolution)

    /// The sequence with the lowest peak that was found, where that is beyond the budget.
    case beyond(RematerializationSolution)

  }

  /// Returns the cheapest sequence found within `budget` bytes, or the leanest.
  ///
  /// Where none is found at first, what is found on the way to the lowest peak may be within the budget, and is gone on from.
  package func answer(within budget: Int) -> Answer {
    if let s = solution(within: budget) { return .within(s) }
    let leanest = leanest()
    if leanest.score.peak > budget { return .beyond(leanest) }
    let solver = RematerializationSolver(problem, effort: effort, starts: starts + [leanest.insertions])
    let unproved = RematerializationSolution(  // where the relaxation cannot be solved
      insertions: leanest.insertions, score: leanest.score, bound: 0,
      certificate: .init(bound: 0, budget: budget, bits: 0, duals: []))
    return .within(solver.solution(within: budget) ?? unproved)
  }

  /// Returns the cheapest sequence found that is never beyond `budget` bytes, or `nil` if none was found.
  package func solution(within budget: Int) -> RematerializationSolution? {
    if !problem.fetches.isEmpty { return solutionWithFetches(within: budget) }
    let relaxation = GapRelaxation(problem, budget: budget)
    guard let relaxed = relaxation.certificate, floor <= budget else { return nil }
    let certificate = problem.unheld.flatMap { GapRelaxation($0, budget: budget).certificate } ?? relaxed
    var bound = relaxed.bound
    var search = search(budget)
    findFirst(&search, relaxation)
    var better: OperandBoundCertificate?
    func solution(_ insertions: [Insertion], bound: Int) -> RematerializationSolution {
      let better = better ?? (isBounded && bound > certificate.bound ? operandCertificate(within: budget) : nil)
      return .init(
        insertions: insertions, score: score(insertions), bound: bound, certificate: certificate,
        operandCertificate: better.flatMap { $0.bound > certificate.bound ? $0 : nil })
    }
    if search.best?.cost != bound {
      switch proof(within: budget, below: search.best?.cost ?? .max) {
      case .solved(let insertions, let cost):
        return solution(insertions, bound: cost)
      case .nothingBelow:
        return search.best.map { solution($0.insertions, bound: $0.cost) }
      case .unfinished(let proved): bound = max(bound, proved)
      case nil: break
      }
    }
    let isFound = search.best != nil
    if isFound { (bound, better) = prove(&search, bound) }
    search.target = bound
    improve(&search)
    if !isFound, search.best != nil { (bound, better) = prove(&search, bound) }
    guard let best = search.best else { return nil }
    return solution(best.insertions, bound: bound)
  }

  /// Returns the cheapest sequence found where values may be fetched; its bound is 0, as what is known of gaps holds for
  /// recomputations alone.
  private func solutionWithFetches(within budget: Int) -> RematerializationSolution? {
    if floor > budget { return nil }
    var search = search(budget)
    findFirst(&search, nil)
    improve(&search)
    guard let best = search.best else { return nil }
    let insertions = problem.withoutIdleFetches(best.insertions)
    return .init(
      insertions: insertions, score: score(insertions), bound: 0,
      certificate: .init(bound: 0, budget: budget, bits: 0, duals: []))
  }

  /// Returns a better bound than `bound`, if there is one, with a certificate, and looks for better sequences where its proof
  /// evicts.
  private func prove(
    _ search: inout SequenceSearch, _ bound: Int
  ) -> (bound: Int, certificate: OperandBoundCertificate?) {
    guard isBounded, let cost = search.best?.cost, cost > bound else { return (bound, nil) }
    let proof = operandProof(within: search.budget, below: cost)
    let (moves, clock) = (search.moves, search.clock)
    search.clock = clock.part(of: 3)
    for gaps in proof.evictions {
      for isKeeping in [true, false] where search.best?.cost ?? .max > proof.bound {
        expand(gaps, isKeeping: isKeeping, &search)
      }
    }
    (search.moves, search.clock) = (moves, clock)  // the moves of the proof are its own
    return (max(bound, proof.bound), proof.certificate)
  }

  /// Looks for a sequence that evicts `gaps`, and in which what is made again for others stays for its own uses if it
  /// `isKeeping`.
  private func expand(_ gaps: [PlainStep.Gap], isKeeping: Bool = false, _ search: inout SequenceSearch) {
    let expanded = problem.expanding(gaps, isKeeping: isKeeping)
    var insertions = Set(expanded + problem.obligatoryInsertions).sorted()
    guard search.repair(&insertions, tries: 24) else { return }
    search.clean(&insertions)
    search.collect(insertions)
  }

  /// Returns the cheapest sequence found that is never beyond `budget` bytes, starting from `insertions`, which need not
  /// be within it; `nil` if they cannot be mended greedily.
  package func continued(from insertions: [Insertion], within budget: Int) -> [Insertion]? {
    if case .solved(let insertions, _) = proof(within: budget, below: .max) { return insertions }
    var search = search(budget)
    var insertions = insertions
    guard search.repair(&insertions, tries: 24) else { return nil }
    search.clean(&insertions)
    improve(&search)
    return (search.best?.insertions).map(problem.withoutIdleFetches)
  }

  /// Returns the sequence with the lowest peak that is found: by halving budgets, to one part in 256 of what the plain step
  /// needs, and then below its own peak again, each with a sixteenth of the moves.
  ///
  /// - Complexity: that of about one solution.
  package func leanest() -> RematerializationSolution {
    var solver = RematerializationSolver(problem, effort: effort.part(of: 16), starts: starts)
    solver.isBounded = false
    return solver.halvedBudget()
  }

  private func halvedBudget() -> RematerializationSolution {
    let plain = plainScore()
    var best = RematerializationSolution(
      insertions: [], score: plain, bound: 0, certificate: .init(bound: 0, budget: plain.peak, bits: 0, duals: []))
    var low = floor
    while best.score.peak - low > max(1, plain.peak / 256) {
      let middle = low + (best.score.peak - low) / 2
      if let s = solution(within: middle) { best = s } else { low = middle }
    }
    for _ in 0..<4 { if let s = solution(within: best.score.peak - 1) { best = s } else { break } }
    return best
  }

  private func search(_ budget: Int) -> SequenceSearch {
    .init(problem, budget: budget, moves: effort.moves, seed: 1, clock: .init(seconds: effort.seconds))
  }

  /// Looks for sequences to start from.
  private func findFirst(_ search: inout SequenceSearch, _ relaxation: GapRelaxation?) {
    let clock = search.clock
    defer { search.clock = clock }
    search.clock = clock.part(of: 4)
    for s in starts { search.collect(s) }
    if problem.operations.count > Self.operationLimit, search.best != nil { return }
    if let relaxation {
      for threshold in [0.0001, 0.5, 0.999] {
        expand(zip(relaxation.gaps, relaxation.evicted).filter { $0.1 >= threshold }.map(\.0), &search)
      }
    } else {
      for bias in [1, 0.5] { for lead in [1.0, 0] { fetchFirst(&search, bias, lead) } }
    }
    for rungs in [1, 8] { descend(&search, rungs) }
  }

  /// Looks for a sequence in which what is not kept is fetched as likely as `bias` says, by `lead` of the duration of a copy
  /// before it is used; where nothing else is likely, all is at first that is not used between both parts.
  private func fetchFirst(_ search: inout SequenceSearch, _ bias: Double, _ lead: Double) {
    var insertions = problem.obligatoryInsertions
    if bias == 1 {
      let lives = SequenceLives(insertions, search.evaluator)
      let start = search.evaluator.fetchStart
      let gaps = lives.intervals.filter { lives.positions[$0.from] < start && start <= lives.positions[$0.to] }
      insertions = search.evicting(gaps, fetching: lead, lives, insertions)
    }
    search.fixedFetches = (bias, lead)
    defer { search.fixedFetches = nil }
    guard search.repair(&insertions, tries: 24) else { return }
    search.clean(&insertions)
    search.collect(insertions)
  }

  /// Solves the problem for budgets that shrink from what the plain step needs, each from the solution before.
  private func descend(_ search: inout SequenceSearch, _ rungs: Int) {
    let plain = search.score([]).peak
    var insertions = problem.obligatoryInsertions
    for k in 1...rungs {
      let budget = plain - (plain - search.budget) / rungs * k - (k == rungs ? (plain - search.budget) % rungs : 0)
      var rung = SequenceSearch(
        problem, budget: budget, moves: search.moves, seed: UInt64(k),
        clock: .init(seconds: effort.seconds.map { $0 / 16 }))
      let isFit = rung.repair(&insertions, tries: 24)
      if isFit {
        rung.clean(&insertions)
        rung.anneal(moves: effort.moves / 60)
      }
      search.moves = rung.moves
      insertions = rung.best?.insertions ?? insertions
      if !isFit { break }
    }
    search.collect(insertions)
  }

  /// The most sequences that are gone on from, and the number of those that get the most moves.
  private static let runs = (most: 4, best: 3)

  /// Improves on the cheapest of the sequences found so far, with half of the moves for all of them, and on the best three of
  /// what that gives, with half of the moves for each, as better starts have worse ends now and then; where there is none
  /// yet, looks for one with all moves first.
  ///
  /// - Source: successive halving (Karnin, Koren, Somekh: Almost optimal exploration in multi-armed bandits, 2013).
  private func improve(_ search: inout SequenceSearch) {
    if search.best == nil {
      improve(&search, rounds: 4, rebuilding: false)
      if search.best == nil { return }
      search.moves = max(search.moves, effort.moves / 4)
    }
    let start = search
    func run(_ seed: Int, from found: FoundSequence, rounds: Int, rebuilding: Bool, _ clock: SolverClock, _ moves: Int)
      -> FoundSequence
    {
      var other = start
      other.random = .init(seed: UInt64(seed))
      other.restart(from: found)
      (other.moves, other.clock) = (moves, clock)
      improve(&other, rounds: rounds, rebuilding: rebuilding)
      let best = other.best ?? found
      search.offer(best.insertions, other.score(best.insertions))
      return best
    }
    let firsts = search.startingPoints(Self.runs.most)
    var clock = search.clock.part(of: 3)
    let moves = start.moves / 2
    let ends = firsts.enumerated().map { (i, f) in
      run(
        i + 1, from: f, rounds: 1, rebuilding: i % 2 == 1, clock.part(of: firsts.count - i), moves / firsts.count)
    }
    clock = search.clock
    for (i, f) in ends.sorted(by: { $0.cost < $1.cost }).prefix(Self.runs.best).enumerated() {
      _ = run(i + 1, from: f, rounds: 4, rebuilding: i > 0, clock.part(of: Self.runs.best - i), moves)
    }
  }

  private func improve(_ search: inout SequenceSearch, rounds: Int, rebuilding: Bool) {
    let whole = search.clock
    for round in (1...rounds).reversed() {
      let (moves, clock) = (search.moves / round, whole.part(of: round))
      search.clock = clock.part(of: rebuilding ? 3 : 2)
      search.anneal(moves: rebuilding ? moves / 2 : moves)
      search.clock = clock.part(of: 2)
      if rebuilding { search.rebuild(moves: moves / 2) }
      search.clock = clock
      if var best = search.best?.insertions { search.clean(&best) }
      search.exchange(moves: effort.moves / 16)
    }
  }

}
