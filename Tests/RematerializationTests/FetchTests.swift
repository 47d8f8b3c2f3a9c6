import Rematerialization
import Testing

/// Sequences in which values are kept, made again or fetched.
@Suite struct FetchTests {

  /// Returns a random problem whose first half is the forward part, all results of which may be fetched.
  private static func problem(_ count: Int, seed: UInt64) -> RematerializationProblem {
    var random = ProblemRandom(seed: seed + 5000)
    var p = RematerializationProblem.random(count, seed: seed)
    p.backwardStart = count / 2
    for o in count / 2..<count where !p.operations[o].operands.contains(where: { $0 < count / 2 }) {
      p.operations[o].operands.insert(Int.random(in: 0..<count / 2, using: &random), at: 0)
    }
    let longest = Int.random(in: 1...40, using: &random)
    for v in 0..<count / 2 {
      p.fetches.append(.init(value: v, duration: Int.random(in: 0...longest, using: &random)))
    }
    return p
  }

  /// What may be inserted.
  private static func candidates(_ p: RematerializationProblem) -> [Insertion] {
    let count = p.operations.count
    var all: [Insertion] = []
    for position in 1..<count {
      for o in 0..<position where p.operations[o].isRecomputable {
        all.append(.init(position: position, operation: o))
      }
      if position < count / 2 { continue }
      for k in p.fetches.indices { all.append(.init(position: position, operation: -1 - k)) }
    }
    return all
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `a score is what a clock beside the executions says, and looking at every value`(_ seed: UInt64) {
    let p = Self.problem(12, seed: seed)
    var random = ProblemRandom(seed: seed + 1000)
    let solver = RematerializationSolver(p, effort: .init(moves: 1))
    let candidates = Self.candidates(p)
    for count in [0, 1, 3, 6, 12] {
      let chosen = (0..<count).map { (_) in candidates[Int.random(in: 0..<candidates.count, using: &random)] }
      let insertions = Set(chosen).sorted()
      let (score, slow) = (solver.score(insertions), p.slowScoreWithFetches(insertions))
      #expect((score.cost, score.wait, score.peak) == slow, "\(insertions)")
    }
  }

  /// A hand-made step: x (8 bytes) is made at a cost of 10, then a and b (2 bytes, cost 3 each); in the backward part c reads
  /// b, d reads a, and e reads x.
  private static func hand(duration: Int) -> RematerializationProblem {
    var p = RematerializationProblem(operations: [], values: [])
    for (cost, operands) in [(10, []), (3, [0]), (3, [1]), (3, [2]), (3, [1, 3]), (3, [0, 4])] {
      p.values.append(.init(bytes: p.values.isEmpty ? 8 : 2, definition: p.operations.count))
      p.operations.append(.init(cost: cost, operands: operands, results: [p.operations.count]))
    }
    p.backwardStart = 3
    p.fetches = [.init(value: 0, duration: duration)]
    return p
  }

  @Test(arguments: [
    // away from 10 to 15, while a and b are made until 16; back from 16 to 21, while c and d are made until 22
    (5, 3, 0), (6, 3, 0), (7, 3, 2), (7, 5, 8), (5, 5, 5), (6, 4, 3), (0, 5, 0),
  ])
  func `what is waited for is what nothing is executed beside`(_ duration: Int, _ position: Int, _ wait: Int) {
    let p = Self.hand(duration: duration)
    let s = RematerializationSolver(p, effort: .init(moves: 1))
      .score([.init(position: position, operation: -1)])
    #expect(s.wait == wait && s.cost == wait + p.fetches[0].price)
  }

  @Test func `what is fetched for nothing is left out`() {
    let p = Self.hand(duration: 0)
    #expect(p.fetches[0].price == 1)
    let used = Insertion(position: 5, operation: -1)
    let idle = [3, 4].map { Insertion(position: $0, operation: -1) }
    let solver = RematerializationSolver(p, effort: .init(moves: 1), starts: [idle + [used]])
    #expect(solver.continued(from: idle + [used], within: 14).map(p.idleFetches) == [])
    #expect(solver.solution(within: 12).map { p.idleFetches($0.insertions) } == [])
  }

  @Test func `what fits is kept, what is cheap to make is made again, and what hides is fetched`() {
    func solution(_ duration: Int, _ budget: Int) -> RematerializationSolution? {
      RematerializationSolver(Self.hand(duration: duration), effort: .init(moves: 4000)).solution(within: budget)
    }
    // x is live with a, then a and b, b and c: 8 + 6
    #expect(solution(6, 14)?.insertions == [])
    #expect(solution(0, 12)?.insertions == [.init(position: 5, operation: -1)])
    #expect(solution(40, 12)?.insertions == [.init(position: 5, operation: 0)], "making x costs 10")
    #expect(solution(2, 12)?.score.cost == 1 + 2, "there is no room for x before, so that the copy back is waited for")
    #expect(solution(6, 11) == nil)
  }

  /// Returns the least cost for each peak that up to three insertions give.
  private static func leastCosts(_ p: RematerializationProblem) -> [(peak: Int, cost: Int)] {
    var evaluator = SequenceEvaluator(p)
    let all = candidates(p).sorted()
    var least: [Int: Int] = [:]
    func offer(_ insertions: [Insertion]) {
      let s = evaluator.score(insertions)
      least[s.peak] = min(least[s.peak] ?? .max, s.cost)
    }
    offer([])
    for i in all.indices {
      offer([all[i]])
      for j in i + 1..<max(i + 1, all.count) {
        offer([all[i], all[j]])
        for k in j + 1..<max(j + 1, all.count) { offer([all[i], all[j], all[k]]) }
      }
    }
    return least.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  @Test func `small problems are solved as well as by trying all choices, and each choice is the best one somewhere`() {
    var (solved, best, kept, made, fetched, mixed) = (0, 0, 0, 0, 0, 0)
    for seed in 0..<40 as Range<UInt64> {
      let p = Self.problem(8, seed: seed)
      let costs = Self.leastCosts(p)
      let solver = RematerializationSolver(p, effort: .init(moves: 4000))
      let plain = solver.plainScore().peak
      for budget in [plain, plain * 9 / 10, plain * 8 / 10, plain * 7 / 10] {
        guard let least = costs.filter({ $0.peak <= budget }).map(\.cost).min() else { continue }
        solved += 1
        guard let found = solver.solution(within: budget) else { continue }
        #expect(p.slowScoreWithFetches(found.insertions) == (found.score.cost, found.score.wait, found.score.peak))
        #expect(found.score.peak <= budget && found.bound == 0, "seed \(seed)")
        #expect(p.idleFetches(found.insertions).isEmpty, "seed \(seed)")
        best += found.score.cost <= least ? 1 : 0
        let copies = found.insertions.count { $0.operation < 0 }
        if found.insertions.isEmpty { kept += 1 }
        if copies == 0, !found.insertions.isEmpty { made += 1 }
        if copies > 0, copies == found.insertions.count { fetched += 1 }
        if copies > 0, copies < found.insertions.count { mixed += 1 }
      }
    }
    #expect(Double(best) >= 0.98 * Double(solved) && solved > 80, "\(best) of \(solved)")
    #expect(kept > 20 && made > 5 && fetched > 5 && mixed > 0, "\(kept) \(made) \(fetched) \(mixed)")
  }

  @Test func `fetches are never worse than none, reach lower peaks, and the same problem gives the same sequence`() {
    var (lower, cheaper) = (0, 0)
    for seed in 0..<30 as Range<UInt64> {
      let p = Self.problem(14, seed: seed)
      var plain = p
      plain.fetches = []
      let (with, without) = (
        RematerializationSolver(p, effort: .init(moves: 4000)),
        RematerializationSolver(plain, effort: .init(moves: 4000))
      )
      let budget = with.plainScore().peak * 7 / 10
      let (a, b) = (without.solution(within: budget), with.solution(within: budget))
      #expect(b == with.solution(within: budget))
      if a == nil, b != nil { lower += 1 }
      guard let a else { continue }
      let started = RematerializationSolver(p, effort: .init(moves: 4000), starts: [a.insertions])
      let c = started.solution(within: budget)
      #expect(c.map { $0.score.cost <= a.score.cost } ?? false, "seed \(seed)")
      if let c, c.score.cost < a.score.cost { cheaper += 1 }
    }
    #expect(lower > 0 && cheaper > 0, "\(lower) \(cheaper)")
  }

}

extension RematerializationProblem {

  /// Returns the cost of a sequence with what is waited for, that alone, and its peak, by looking at every value at every
  /// execution and at every copy.
  ///
  /// - Complexity: O(*e*·*v*·*e*) for *e* executions and *v* values: slow, and simple on purpose.
  fileprivate func slowScoreWithFetches(_ insertions: [Insertion]) -> (cost: Int, wait: Int, peak: Int) {
    let order = executions(with: insertions)
    func makes(_ v: Int, _ t: Int) -> Bool {
      order[t] < 0 ? fetches[-1 - order[t]].value == v : operations[order[t]].results.contains(v)
    }
    func reads(_ v: Int, _ t: Int) -> Bool { order[t] >= 0 && operations[order[t]].operands.contains(v) }
    var peak = 0
    for t in order.indices {
      var live = order[t] < 0 ? 0 : operations[order[t]].workspace
      for v in values.indices {
        let isOld = (0..<t).contains { makes(v, $0) }
        let next = (t + 1..<max(order.count, t + 1)).first { makes(v, $0) || reads(v, $0) }
        let isWanted = next.map { !makes(v, $0) } ?? false
        if makes(v, t) || reads(v, t) || (isOld && isWanted) { live += values[v].bytes }
      }
      peak = max(peak, live)
    }
    let wait = slowWait(order, boundary: insertions.count { $0.position < backwardStart! } + backwardStart!)
    let cost = insertions.reduce(0) {
      $0 + ($1.operation < 0 ? fetches[-1 - $1.operation].price : operations[$1.operation].cost)
    }
    return (cost + wait, wait, peak)
  }

  /// Returns the fetches of values that nothing reads before they are made once more.
  fileprivate func idleFetches(_ insertions: [Insertion]) -> [Int] {
    let order = executions(with: insertions)
    return order.indices.filter { (t) in
      if order[t] >= 0 { return false }
      let v = fetches[-1 - order[t]].value
      let next = order[(t + 1)...].first {
        $0 < 0 ? fetches[-1 - $0].value == v : operations[$0].operands.contains(v) || operations[$0].results.contains(v)
      }
      return next.map { $0 < 0 || !operations[$0].operands.contains(v) } ?? true
    }
  }

  /// Returns what the executions of `order` wait for, of which the backward part begins at `boundary`.
  private func slowWait(_ order: [Int], boundary: Int) -> Int {
    var (now, waited) = (0, 0)
    var copies: [(value: Int, execution: Int, end: Int)] = []
    func wait(_ end: Int) {
      waited += max(0, end - now)
      now = max(now, end)
    }
    for (t, o) in order.enumerated() {
      if t == boundary { wait(copies.map(\.end).max() ?? 0) }
      if o < 0 {
        let f = fetches[-1 - o]
        copies.append((f.value, t, max(now, copies.last?.end ?? 0) + f.duration))
        continue
      }
      for v in operations[o].operands {
        // of the executions that made it, the last one counts
        let maker = (0..<t).last { order[$0] < 0 ? fetches[-1 - order[$0]].value == v : order[$0] == v }
        if let maker, order[maker] < 0, let c = copies.first(where: { $0.execution == maker }) { wait(c.end) }
      }
      now += operations[o].cost
      let isFirst = !order[..<t].contains(o)
      for f in fetches where isFirst && f.value == o && order.contains(where: { $0 < 0 && fetches[-1 - $0].value == o })
      {
        copies.append((o, -1, max(now, copies.last?.end ?? 0) + f.duration))
      }
    }
    return waited
  }

}
