import IR
import Operations

extension Policy {

  /// `budget(bytes)`: gives values up until the total peak is within `bytes`, those first that are cheapest to recompute
  /// for each byte that is freed at the peak.
  ///
  /// All is kept at first. While the peak is too high, the values that backward reads and that are kept across the step
  /// of the peak are ranked by the cost of their chain for each of their bytes, with what was given up before among the
  /// chain, and given up from the cheapest on. What rules and marks save is an obligation and
  /// is never given up. If nothing is left to give up, the schedule is the one with the lowest peak on the way, and
  /// whoever asked finds that it is too high.
  ///
  /// There are at most 200 rounds, and above 750 instructions at most 150,000 / *n*, but at least 12. A round gives up one
  /// value, or so many that half of the rounds are enough for all.
  ///
  /// - Complexity: O(*n* log *n*) for each round.
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
    let rounds = max(12, min(200, 150_000 / max(1, problem.analysis.forwardCount)))
    let most = (choice.all.count * 2 + rounds - 1) / rounds
    for _ in 0..<rounds {
      var schedule = problem.schedule(saving: saved)
      schedule.released = released.compactMap { problem.analysis.function[$0.instruction].results.first }
      let m = problem.metrics(of: schedule)
      if best.map({ m.liveBytes < $0.peak }) ?? true { best = (m.liveBytes, schedule) }
      if m.liveBytes <= bytes || !release(m.liveBytes - bytes, atMost: most, across: m.peakStep, of: schedule) { break }
    }
    guard let best else { preconditionFailure("there is always a round") }
    return best.schedule
  }

  /// Gives up what covers `excess` bytes at step `peak`, and no more than `most` values; returns whether there was any.
  private mutating func release(_ excess: Int, atMost most: Int, across peak: Int, of schedule: Schedule) -> Bool {
    let isLive = liveAcross(peak, of: schedule)
    var ranked: [(score: Double, value: Releasable)] = []
    for r in kept where isLive[r.instruction.index] {
      let cost = chains.chain(of: r.instruction) { problem.isKept($0, under: saved) }.cost
      ranked.append((Double(max(1, cost)) / Double(r.bytes), r))
    }
    ranked.sort { ($0.score, $0.value.instruction) < ($1.score, $1.value.instruction) }
    var (covered, gone) = (0, Set<InstructionID>())
    for (_, r) in ranked where covered < excess && gone.count < most {
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
