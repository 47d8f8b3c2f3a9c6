/// Which steps of the plain step give the greatest bounds alone, as far as an estimate tells.
///
/// The estimate of a step is what freeing its excess costs if each value is made again from what is live then, the cheapest
/// by the byte first: too much where values need the same ones, but in nearly the order of the bounds.
///
/// - Source: the greedy solution of the fractional knapsack problem (Dantzig, 1957).
struct StepRanking {

  /// The most steps that are estimated.
  private static let estimatedSteps = 400

  /// The most operations that are looked at for one value.
  private static let chainLimit = 64

  private let problem: RematerializationProblem

  private let plain: PlainStep

  /// For each operation, the last value for which it was looked at.
  private var seen: [Int]

  private var visits = 0

  /// The steps with excess that were estimated, the most promising first.
  private(set) var steps: [Int] = []

  /// The step with the most excess.
  private(set) var peak: Int?

  init(_ p: RematerializationProblem, _ plain: PlainStep, budget: Int) {
    problem = p
    self.plain = plain
    seen = .init(repeating: 0, count: p.operations.count)
    let all = plain.live.indices.filter { plain.live[$0] > budget }
    peak = all.max { (plain.live[$0], $1) < (plain.live[$1], $0) }
    let estimated = Self.sample(all, plain.live).map { ($0, estimate($0, excess: plain.live[$0] - budget)) }
    steps = estimated.sorted { ($0.1, $1.0) > ($1.1, $0.0) }.map(\.0)
  }

  /// Returns the step with the most live bytes of every so many of `all`.
  private static func sample(_ all: [Int], _ live: [Int]) -> [Int] {
    let count = min(estimatedSteps, all.count)
    return (0..<count).map { (i) in
      let window = all[all.count * i / count..<all.count * (i + 1) / count]
      return window.reduce(window[window.startIndex]) { live[$1] > live[$0] ? $1 : $0 }
    }
  }

  private mutating func estimate(_ k: Int, excess: Int) -> Double {
    var items: [(cost: Double, bytes: Int)] = []
    for g in plain.gaps where g.from < k && k < g.to {
      let bytes = problem.values[g.value].bytes
      items.append((chainCost(g.value, k) / Double(bytes), bytes))
    }
    var (cost, missing) = (0.0, excess)
    for i in items.sorted(by: { $0.cost < $1.cost }) where missing > 0 {
      cost += i.cost * Double(min(i.bytes, missing))
      missing -= i.bytes
    }
    return cost
  }

  /// Returns the cost of making `v` from what is live at `k`.
  private mutating func chainCost(_ v: Int, _ k: Int) -> Double {
    visits += 1
    var (pending, cost, count) = ([problem.values[v].definition], 0.0, 0)
    while let o = pending.popLast(), count < Self.chainLimit {
      if seen[o] == visits { continue }
      seen[o] = visits
      count += 1
      cost += Double(problem.operations[o].cost)
      for u in problem.operations[o].operands where plain.last[u] < k && problem.values[u].bytes > 0 {
        pending.append(problem.values[u].definition)
      }
    }
    return cost
  }

}
