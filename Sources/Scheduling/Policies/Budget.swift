import IR
import Operations

extension Policy {

  /// `budget(bytes)`: gives values up until the total peak is within `bytes`, those first that are cheapest to recompute
  /// for each byte that is freed at the peak.
  ///
  /// All is kept at first. While the peak is too high, the values that backward reads and that are kept across the step
  /// of the peak are ranked by the cost of their chain for each of their bytes, with what was given up before among the
  /// chain, and given up from the cheapest on until the excess is covered. What rules and marks save is an obligation and
  /// is never given up. If nothing is left to give up, the schedule is the one with the lowest peak on the way, and
  /// whoever asked finds that it is too high.
  ///
  /// - Complexity: O(*n* log *n*) for each round, of which there are at most 400, and above 1,000 instructions at most
  ///   400,000 / *n*, but 12; in the last quarter of these at least an eighth of what is left is given up at once.
  static let budget = Policy(
    "budget", form: "budget(BYTES)",
    summary: "Gives up what is cheapest to recompute for the bytes freed at the peak, until the total peak fits.",
    scheduling: { (problem, reader) in
      let bytes = reader.integer(PolicyCall.unlabelled)
      if reader.failed { return nil }
      var release = PriorityRelease(problem)
      return release.schedule(within: bytes - problem.reservedBytes)
    })

}

/// Values being given up until the peak is low enough.
private struct PriorityRelease {

  private let problem: SchedulingProblem

  private let choice: ReleaseChoice

  private var saved: [Bool]

  private var chains: RecomputeChains

  /// What is still kept, in order of execution.
  private var kept: [Releasable]

  private var released: [Releasable] = []

  init(_ problem: SchedulingProblem) {
    self.problem = problem
    choice = ReleaseChoice(problem)
    saved = choice.saved(without: [])
    chains = RecomputeChains(problem)
    kept = choice.all
  }

  /// Returns the first schedule whose arena has at most `bytes` live, or else the one with the fewest.
  mutating func schedule(within bytes: Int) -> Schedule {
    var best: (peak: Int, schedule: Schedule)?
    let rounds = max(12, min(400, 400_000 / max(1, problem.analysis.forwardCount)))
    for round in 0..<rounds {
      var schedule = problem.schedule(saving: saved)
      schedule.released = released.compactMap { problem.analysis.function[$0.instruction].results.first }
      let m = problem.metrics(of: schedule)
      if best.map({ m.liveBytes < $0.peak }) ?? true { best = (m.liveBytes, schedule) }
      if m.liveBytes <= bytes { break }
      let least = round * 4 >= rounds * 3 ? kept.count / 8 : 0
      if !release(m.liveBytes - bytes, atLeast: least, across: m.peakStep, of: schedule) { break }
    }
    guard let best else { preconditionFailure("there is always a round") }
    return best.schedule
  }

  /// Gives up what covers `excess` bytes at step `peak`, and no fewer values than `least`, if there is anything; returns
  /// whether there was.
  private mutating func release(_ excess: Int, atLeast least: Int, across peak: Int, of schedule: Schedule) -> Bool {
    let isLive = liveAcross(peak, of: schedule)
    var ranked: [(score: Double, value: Releasable)] = []
    for r in kept where isLive[r.instruction.index] {
      let cost = chains.chain(of: r.instruction) { problem.isKept($0, under: saved) }.cost
      ranked.append((Double(max(1, cost)) / Double(r.bytes), r))
    }
    ranked.sort { ($0.score, $0.value.instruction) < ($1.score, $1.value.instruction) }
    var (covered, gone) = (0, Set<InstructionID>())
    for (_, r) in ranked where covered < excess || gone.count < least {
      covered += r.bytes
      gone.insert(r.instruction)
      released.append(r)
      choice.set(r, false, in: &saved)
    }
    kept.removeAll { gone.contains($0.instruction) }
    return !gone.isEmpty
  }

  /// Returns for each instruction of the forward part whether its first results are there at step `peak`, made before it
  /// and read after it.
  private func liveAcross(_ peak: Int, of schedule: Schedule) -> [Bool] {
    var isLive = [Bool](repeating: false, count: problem.analysis.forwardCount)
    for s in schedule.steps[..<peak] where s.action == .compute && s.instruction.index < isLive.count {
      isLive[s.instruction.index] = true
    }
    let gone = schedule.steps[..<peak].filter { $0.action == .delete } + [schedule.steps[peak]]
    for o in gone.flatMap(\.operands) where schedule.versions[o.index].ordinal == 1 {
      guard let d = problem.analysis.definition(of: schedule.versions[o.index].value), d.index < isLive.count else {
        continue
      }
      isLive[d.index] = false
    }
    return isLive
  }

}
