import Rematerialization

/// Random numbers that are the same in every run.
struct ProblemRandom: RandomNumberGenerator {

  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

}

extension RematerializationProblem {

  /// Returns a problem of `count` operations with one result each, which read up to three earlier ones.
  static func random(_ count: Int, seed: UInt64) -> RematerializationProblem {
    var random = ProblemRandom(seed: seed)
    var p = RematerializationProblem(operations: [], values: [])
    for o in 0..<count {
      let wanted = Int.random(in: 0...min(3, o), using: &random)
      let operands = Set((0..<wanted).map { (_) in Int.random(in: 0..<o, using: &random) }).sorted()
      let isRecomputable = Int.random(in: 0..<8, using: &random) > 0
      p.operations.append(
        .init(
          cost: Int.random(in: 1...9, using: &random), workspace: Int.random(in: 0...2, using: &random),
          operands: operands, results: [o], isRecomputable: isRecomputable))
      p.values.append(.init(bytes: Int.random(in: 1...8, using: &random), definition: o))
    }
    return p
  }

  /// Returns the score of a sequence by looking at every value at every execution.
  ///
  /// - Complexity: O(*e*·*v*·*e*) for *e* executions and *v* values: slow, and simple on purpose.
  func slowScore(_ insertions: [Insertion]) -> (cost: Int, peak: Int) {
    let order = executions(with: insertions)
    func touches(_ v: Int, _ t: Int) -> Bool { operations[order[t]].operands.contains(v) || makes(v, t) }
    func makes(_ v: Int, _ t: Int) -> Bool { operations[order[t]].results.contains(v) }
    var peak = 0
    for t in order.indices {
      var live = operations[order[t]].workspace
      for v in values.indices {
        let isOld = (0..<t).contains { makes(v, $0) }
        let next = (t + 1..<max(order.count, t + 1)).first { touches(v, $0) }
        let isWanted = next.map { !makes(v, $0) } ?? false
        if touches(v, t) || (isOld && isWanted) { live += values[v].bytes }
      }
      peak = max(peak, live)
    }
    return (insertions.reduce(0) { $0 + operations[$1.operation].cost }, peak)
  }

  /// Returns the least cost of recomputation of any sequence that is never beyond `budget` bytes, or `nil` if there is none.
  ///
  /// Dijkstra's algorithm over the number of operations that were executed and the set of values that are there.
  func leastCost(within budget: Int) -> Int? {
    struct State: Hashable {
      var done: Int
      var there: Set<Int>
    }
    var open: [State: Int] = [.init(done: 0, there: []): 0]
    var closed: Set<State> = []
    while let (state, cost) = open.min(by: { $0.value < $1.value }) {
      open[state] = nil
      if state.done == operations.count { return cost }
      if !closed.insert(state).inserted { continue }
      func reach(_ next: State, _ c: Int) {
        if !closed.contains(next), open[next].map({ c < $0 }) ?? true { open[next] = c }
      }
      for v in state.there { reach(.init(done: state.done, there: state.there.subtracting([v])), cost) }
      for o in 0...state.done where o < operations.count && state.there.isSuperset(of: operations[o].operands) {
        let isFirst = o == state.done
        if !isFirst, !operations[o].isRecomputable { continue }
        let there = state.there.union(operations[o].results)
        if there.reduce(operations[o].workspace, { $0 + values[$1].bytes }) > budget { continue }
        reach(.init(done: isFirst ? o + 1 : state.done, there: there), cost + (isFirst ? 0 : operations[o].cost))
      }
    }
    return nil
  }

}
