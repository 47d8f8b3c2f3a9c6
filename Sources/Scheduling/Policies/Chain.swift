import IR
import Operations

extension Policy {

  /// `chain(budget:)`: condenses the forward part into a chain of stages of different sizes and takes the cheapest
  /// reversal of it whose total peak is within the budget.
  ///
  /// A dynamic program finds the cheapest reversal in every memory, in units of which all that the chain may take has
  /// about 500, sizes rounded up. Up to 64 of its reversals, evenly spread, are made schedules (above 1,500 instructions
  /// 100,000 / *n*, but at least 8), and then those between the cheapest whose exact peak fits and the next cheaper one, by
  /// bisection. If none fits, the schedule is the one with the lowest peak that was tried, and whoever asked finds that it
  /// is too high.
  ///
  /// There are at most 48 stages.
  ///
  /// - Complexity: O(*l*³·*m* + 64·*e*·log *e*) for *l* stages, *m* units and *e* executions.
  /// - Source: Beaumont, Eyraud-Dubois, Herrmann, Joly, Shilova: Optimal checkpointing for heterogeneous chains, 2019.
  static let chain = Policy(
    "chain", form: "chain(budget: BYTES)",
    summary: "Reverses a chain of unequal stages at the least cost whose total peak is within the budget.",
    scheduling: { (problem, reader) in
      let budget = reader.integer("budget")
      return reader.failed ? nil : ChainSearch(problem).schedule(within: budget - problem.reservedBytes)
    })

}

/// The reversals of one chain, from those that take most memory and cost least.
private struct ChainSearch {

  private let chain: ForwardChain

  private let table: StageChainTable

  private static let mostStages = 48

  init(_ problem: SchedulingProblem) {
    chain = ForwardChain(problem, limit: Self.mostStages)
    let quantised = ChainSizes(chain).quantised()
    table = StageChainTable(quantised.chain, memory: quantised.memory)
  }

  /// Returns the cheapest schedule that was tried whose arena has at most `bytes` live, or else the one with the fewest.
  func schedule(within bytes: Int) -> Schedule {
    let memories = steps()
    var best: Trial?
    for i in Self.spread(tries, over: memories.count) { best = better(best, trial(memories[i], i, within: bytes)) }
    guard var best else { return chain.problem.schedule(saving: chain.problem.analysis.leastSaved()) }
    var (low, high) = (best.place, Self.spread(tries, over: memories.count).first { $0 > best.place } ?? best.place)
    while best.fits, high - low > 1 {
      let middle = (low + high) / 2
      guard let t = trial(memories[middle], middle, within: bytes) else { break }
      if t.fits { low = middle } else { high = middle }
      best = better(best, t) ?? best
    }
    return best.schedule
  }

  /// A reversal that was made a schedule.
  private struct Trial {
    let schedule: Schedule
    let fits: Bool
    let key: [Int]
    let place: Int
  }

  /// The number of schedules that are tried at first.
  private var tries: Int { max(8, min(64, 100_000 / max(1, chain.problem.analysis.forwardCount))) }

  /// Returns `count` whole numbers from 0 up to `end`, evenly spread, the first and last among them; all if they are fewer.
  private static func spread(_ count: Int, over end: Int) -> [Int] {
    if end <= count { return Array(0..<end) }
    return (0..<count).map { $0 * (end - 1) / (count - 1) }
  }

  private func trial(_ memory: Int, _ place: Int, within bytes: Int) -> Trial? {
    guard let actions = table.actions(memory: memory) else { return nil }
    let schedule = chain.schedule(actions)
    let m = chain.problem.metrics(of: schedule)
    let fits = m.liveBytes <= bytes
    let key = fits ? [0, m.recomputeCost, m.liveBytes] : [1, m.liveBytes, m.recomputeCost]
    return .init(schedule: schedule, fits: fits, key: key, place: place)
  }

  /// Returns the better of the two, the first of equals.
  private func better(_ a: Trial?, _ b: Trial?) -> Trial? {
    guard let a, let b else { return a ?? b }
    return b.key.lexicographicallyPrecedes(a.key) ? b : a
  }

  /// Returns the least memory for each cost, ascending.
  private func steps() -> [Int] {
    var (all, last) = ([Int](), Int.max)
    for m in 0...table.memory {
      guard let cost = table.cost(memory: m), cost < last else { continue }
      all.append(m)
      last = cost
    }
    return all
  }

}
