import IR
import Operations
import PlanFormat
import Rematerialization
import Scheduling

// The search for a schedule whose packed peak is within a budget.
extension Assembly {

  /// The number of times that less than the least peak known is tried.
  private static let leastAttempts = 6

  /// The number of times that a policy with a budget of its own is asked for room for what packing adds.
  private static let packingAttempts = 8

  /// Returns the schedule of `asked`, a policy with a `budget` of its own, whose packed peak is within it.
  ///
  /// Policies see live bytes, and packing may add to them: then the policy is asked again for that much less, but for no
  /// less than one, two, three … parts in 256 of the budget, and in the end for the least that it can do.
  ///
  /// Where values may be offloaded the schedule is never worse than the one that may not: that is asked for first, gone on
  /// from, and taken if nothing is better.
  func fitting(
    _ asked: PolicyCall, _ budget: Int, _ problem: SchedulingProblem, _ evaluationBytes: Int
  ) throws(CompileFailure) -> Schedule {
    let limit = min(budget, options.budget ?? .max)
    if asked.isOffloading { return try offloading(asked, within: limit, problem, evaluationBytes) }
    let (schedule, peak) = try attempt(asked, limit, problem, evaluationBytes)
    if let schedule { return schedule }
    let (least, leanest) = try leastPeak(asked, from: peak, above: limit, problem, evaluationBytes)
    guard least <= limit, let leanest else { throw infeasible(asked, limit, least) }
    // found for another budget
    return try cheaper(than: leanest.withoutBound, asked, limit, problem, evaluationBytes)
  }

  private func infeasible(_ asked: PolicyCall, _ limit: Int, _ least: Int) -> CompileFailure {
    .infeasible(
      .budgetTooSmall(
        budget: limit, least: least, leastPolicy: asked.with(budget: least), at: asked.span,
        advice: options.budget == nil ? "\(asked.with(budget: least)) works" : nil), map, least: least)
  }

  /// Returns the schedule of `asked`, which may offload values, whose packed peak is within `limit`.
  private func offloading(
    _ asked: PolicyCall, within limit: Int, _ problem: SchedulingProblem, _ evaluationBytes: Int
  ) throws(CompileFailure) -> Schedule {
    var problem = problem
    let plainCall = asked.withoutOffloading
    let (plain, plainPeak) = try attempt(plainCall, limit, problem, evaluationBytes)
    if let plain, problem.metrics(of: plain).recomputeCost == 0 { return plain.withoutBound }
    problem.plain = plain
    let (schedule, peak) = try attempt(asked, limit, problem, evaluationBytes)
    if let plain {
      guard let schedule else { return plain.withoutBound }
      let (cost, plainCost) = (
        try extraCost(of: schedule, asked, limit, problem), try extraCost(of: plain, asked, limit, problem)
      )
      return plainCost <= cost ? plain.withoutBound : schedule
    }
    if let schedule { return schedule }
    let (least, leanest) = try leastPeak(asked, from: peak, above: limit, problem, evaluationBytes)
    if least <= limit, let leanest { return leanest }
    let other = try leastPeak(plainCall, from: plainPeak, above: limit, problem, evaluationBytes)
    if other.peak <= limit, let leanest = other.schedule {
      return try cheaper(than: leanest.withoutBound, plainCall, limit, problem, evaluationBytes)
    }
    throw infeasible(asked, limit, min(least, other.peak))
  }

  /// Returns the least packed peak that `asked` is found to reach: `peak`, or what it reaches if a byte less is asked for, a
  /// few times, with a schedule that reaches it in the second case; where that is within `limit`, no less is sought.
  private func leastPeak(
    _ asked: PolicyCall, from peak: Int, above limit: Int, _ problem: SchedulingProblem, _ evaluationBytes: Int
  ) throws(CompileFailure) -> (peak: Int, schedule: Schedule?) {
    var least: (peak: Int, schedule: Schedule?) = (peak, nil)
    if module.train.instructions.count > Self.comparedInstructions { return least }
    for _ in 0..<Self.leastAttempts where least.peak - 1 > limit {
      let (schedule, peak) = try attempt(asked, least.peak - 1, problem, evaluationBytes, isFinal: false)
      guard let schedule else { break }
      least = (min(least.peak - 1, peak), schedule)
    }
    return least
  }

  /// Returns a schedule of `asked` whose packed peak is within `limit`, if there is one, and the least peak that was seen.
  ///
  /// - Parameter isFinal: `false` iff the peak is all that is asked for; the schedule may cost more than it has to then.
  private func attempt(
    _ asked: PolicyCall, _ limit: Int, _ problem: SchedulingProblem, _ evaluationBytes: Int, isFinal: Bool = true
  ) throws(CompileFailure) -> (schedule: Schedule?, peak: Int) {
    let asked = asked.with(budget: limit)
    let given = problem
    var problem = problem
    var least = Int.max
    var first: Schedule?
    for attempt in 1...Self.packingAttempts {
      problem.effort = effort()
      var schedule = try reporting { () throws(DiagnosticError) in try Policy.schedule(asked, of: problem) }
      let placed = try place(schedule, of: problem, enough: limit - persistentBytes)
      let peak = persistentBytes + max(placed.arenaBytes, evaluationBytes)
      if let first { schedule.copyBound(of: first) } else { first = schedule }
      least = min(least, peak)
      if peak <= limit {
        if !isFinal { return (schedule, least) }
        let best = attempt == 1 ? schedule : try solvedAgain(schedule, asked, limit, problem, evaluationBytes)
        return (try cheaper(than: best, asked, limit, given, evaluationBytes), least)
      }
      // beyond it before packing: the policy has no leaner one
      if problem.metrics(of: placed.schedule).liveBytes > limit - problem.reservedBytes { break }
      problem.start = schedule
      let more = max(peak - limit, limit / 256 * attempt)
      problem.reservedBytes += attempt + 1 == Self.packingAttempts ? limit : more
    }
    return (nil, least)
  }

  /// Returns `schedule`, found from one for a larger budget on, or the one that `optimal` finds from nothing with the same
  /// room for packing, if that packs to within `limit` and costs less.
  private func solvedAgain(
    _ schedule: Schedule, _ asked: PolicyCall, _ limit: Int, _ problem: SchedulingProblem, _ evaluationBytes: Int
  ) throws(CompileFailure) -> Schedule {
    if asked.name != "optimal" || module.train.instructions.count > Self.comparedInstructions { return schedule }
    var problem = problem
    problem.start = nil
    problem.effort = effort()
    var other = try reporting { () throws(DiagnosticError) in try Policy.schedule(asked, of: problem) }
    if try extraCost(of: other, asked, limit, problem) >= extraCost(of: schedule, asked, limit, problem) {
      return schedule
    }
    let placed = try place(other, of: problem, enough: limit - persistentBytes)
    if persistentBytes + max(placed.arenaBytes, evaluationBytes) > limit { return schedule }
    other.copyBound(of: schedule)
    return other
  }

  /// Returns what the recomputations of `schedule` cost, and, where `asked` weighs them, its copies within `limit`.
  private func extraCost(
    of schedule: Schedule, _ asked: PolicyCall, _ limit: Int, _ problem: SchedulingProblem
  ) throws(CompileFailure) -> Int {
    if !asked.isOffloading { return problem.metrics(of: schedule).recomputeCost }
    return problem.metrics(of: try place(schedule, of: problem, enough: limit - persistentBytes).schedule).extraCost
  }

  /// The most instructions of a step for which `optimal` is compared with the other policies after packing.
  private static let comparedInstructions = 4000

  /// Returns half of what is left of the effort asked for, and never less than half a second.
  private func effort() -> SolverEffort? {
    guard var effort = options.effort, let seconds = effort.seconds else { return options.effort }
    let used = (ContinuousClock.now - beginning) / .seconds(1)
    effort.seconds = max(0.5, (seconds - used) / 2)
    return effort
  }

  /// Returns `schedule`, or, for `optimal`, the schedule of another policy that packs to within `limit` and costs less.
  private func cheaper(
    than schedule: Schedule, _ asked: PolicyCall, _ limit: Int, _ problem: SchedulingProblem, _ evaluationBytes: Int
  ) throws(CompileFailure) -> Schedule {
    // what may offload is compared with what may not, which was compared with the others
    if asked.name != "optimal" || asked.isOffloading { return schedule }
    if module.train.instructions.count > Self.comparedInstructions { return schedule }
    var (best, cost) = (schedule, problem.metrics(of: schedule).recomputeCost)
    for (name, label) in [("chain", "budget"), ("budget", PolicyCall.unlabelled)] {
      let call = PolicyCall(name: name, arguments: [.init(label, .integer(limit))])
      do throws(CompileFailure) {
        guard let found = try attempt(call, limit, problem, evaluationBytes).schedule else { continue }
        let other = problem.metrics(of: found).recomputeCost
        if other < cost { (best, cost) = (found, other) }
      } catch {
        guard case .rejected = error else { throw error }  // it has no schedule of such a step, but there is one
      }
    }
    let candidates = try reporting { () throws(DiagnosticError) in try problem.candidates() }
    for c in candidates where c.score.cost < cost && persistentBytes + c.score.peak <= limit {
      let other = try reporting { () throws(DiagnosticError) in try Policy.schedule(c.policy, of: problem) }
      let placed = try place(other, of: problem, enough: limit - persistentBytes)
      if persistentBytes + max(placed.arenaBytes, evaluationBytes) > limit { continue }
      best = other
      break
    }
    best.copyBound(of: schedule)
    return best
  }

}

extension Schedule {

  /// The schedule without what is known of others.
  fileprivate var withoutBound: Schedule {
    var s = self
    (s.costBound, s.certificate, s.operandCertificate) = (nil, nil, nil)
    return s
  }

  /// Takes the bound of `other`, a schedule for the same budget.
  fileprivate mutating func copyBound(of other: Schedule) {
    (costBound, certificate) = (other.costBound, other.certificate)
    operandCertificate = other.operandCertificate
  }

}
