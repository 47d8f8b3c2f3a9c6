import IR
import Operations

extension Policy {

  /// `chain(budget:)`: condenses the forward part into a chain of stages of different sizes and takes the cheapest
  /// reversal of it whose total peak is within the budget.
  ///
  /// A dynamic program finds the cheapest reversal in every memory, in units of which all that the chain may take has
  /// about 500, sizes rounded up. Its reversals are made schedules, and the cheapest whose exact peak fits is taken, found
  /// by bisection. If none fits, the schedule is the one with the lowest peak that was tried, and whoever asked finds that
  /// it is too high.
  ///
  /// There are at most 48 stages.
  ///
  /// - Complexity: O(*l*³·*m* + *e*·log *e* · log *m*) for *l* stages, *m* units and *e* executions.
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
    let problem = chain.problem
    var best: (key: [Int], schedule: Schedule)?
    let memories = steps()
    var (low, high) = (0, memories.count)
    var next = memories.count - 1
    while low < high {
      guard let actions = table.actions(memory: memories[next]) else { break }
      let schedule = chain.schedule(actions)
      let m = problem.metrics(of: schedule)
      let fits = m.liveBytes <= bytes
      let key = fits ? [0, m.recomputeCost, m.liveBytes] : [1, m.liveBytes, m.recomputeCost]
      if best.map({ key.lexicographicallyPrecedes($0.key) }) ?? true { best = (key, schedule) }
      if fits { low = next + 1 } else { high = next }
      next = (low + high) / 2
    }
    return best?.schedule ?? problem.schedule(saving: problem.analysis.leastSaved())
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
