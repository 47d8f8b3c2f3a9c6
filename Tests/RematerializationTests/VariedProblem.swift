import Rematerialization

extension RematerializationProblem {

  /// What a varied problem may have beside operations and values.
  struct Variety: OptionSet {
    let rawValue: Int
    static let overwriting = Variety(rawValue: 1)
    static let updates = Variety(rawValue: 2)
    static let kept = Variety(rawValue: 4)
    static let transient = Variety(rawValue: 8)
  }

  /// Returns a problem of one to `most` operations, some with two results, some free of cost, some that must not come again.
  static func varied(_ most: Int, _ variety: Variety, seed: UInt64) -> RematerializationProblem {
    var random = ProblemRandom(seed: seed)
    var p = RematerializationProblem(operations: [], values: [])
    let (count, sizes) = (Int.random(in: 1...most, using: &random), Int.random(in: 1...9, using: &random))
    let dearest = Int.random(in: 1...20, using: &random)
    for o in 0..<count {
      let wanted = p.values.isEmpty ? 0 : Int.random(in: 0...3, using: &random)
      let operands = Set((0..<wanted).map { (_) in Int.random(in: 0..<p.values.count, using: &random) }).sorted()
      let first = p.values.count
      for _ in 0..<(Int.random(in: 0..<6, using: &random) == 0 ? 2 : 1) {
        p.values.append(.init(bytes: Int.random(in: 1...sizes, using: &random), definition: o))
      }
      let results = Array(first..<p.values.count)
      p.operations.append(
        .init(
          cost: Int.random(in: 0...dearest, using: &random), workspace: Int.random(in: 0...2, using: &random),
          operands: operands, results: results, isRecomputable: Int.random(in: 0..<8, using: &random) > 0))
    }
    p.vary(variety, &random)
    return p
  }

  private mutating func vary(_ variety: Variety, _ random: inout ProblemRandom) {
    let count = operations.count
    if variety.contains(.kept) { for v in values.indices where chance(8, &random) { values[v].isKept = true } }
    if variety.contains(.overwriting) {
      for o in operations.indices where operations[o].results.count == 1 && chance(2, &random) {
        let result = values[operations[o].results[0]].bytes
        operations[o].overwritable = operations[o].operands.filter { values[$0].bytes == result && !values[$0].isKept }
      }
    }
    if variety.contains(.transient) {
      backwardStart = Int.random(in: 0...count, using: &random)
      for v in values.indices where chance(3, &random) { values[v].isTransient = true }
    }
    if !variety.contains(.updates) { return }
    storageCount = 2
    for o in operations.indices where chance(3, &random) {
      operations[o].reads = [Int.random(in: 0...1, using: &random)]
    }
    if chance(3, &random) { applyStart = Int.random(in: 0...count, using: &random) }
    for s in 0...1 where chance(2, &random) {
      let isApplied = applyStart != nil && chance(2, &random)
      let operand = Int.random(in: 0..<values.count, using: &random)
      operations[values[operand].definition].isRecomputable = false  // an update reads what was made first
      updates.append(.init(storage: [s], operands: [operand], isApplied: isApplied))
    }
  }

  /// `true` once in `n` times.
  private func chance(_ n: Int, _ random: inout ProblemRandom) -> Bool { Int.random(in: 0..<n, using: &random) == 0 }

  /// Returns the least cost of recomputation within `budget` bytes by shortest paths over all states, or `nil` if there is no
  /// path: what was executed, and the values that are there, any of which may go at any time.
  ///
  /// - Requires: nothing is transient, and there are no updates.
  func leastCostOverStates(within budget: Int) -> Int? {
    let (count, sets) = (operations.count, 1 << values.count)
    func bits(_ all: [Int]) -> Int { all.reduce(0) { $0 | 1 << $1 } }
    let size = (0..<sets).map { (s) in values.indices.reduce(0) { $0 + (s >> $1 & 1) * values[$1].bytes } }
    let (operands, results) = (operations.map { bits($0.operands) }, operations.map { bits($0.results) })
    var least = [Int](repeating: .max, count: (count + 1) * sets)
    var queue: [[Int]] = [[0]]  // states by cost
    least[0] = 0
    func reach(_ state: Int, _ cost: Int) {
      if cost >= least[state] { return }
      least[state] = cost
      while queue.count <= cost { queue.append([]) }
      queue[cost].append(state)
    }
    let kept = bits(values.indices.filter { values[$0].isKept })
    var cost = 0
    while cost < queue.count {
      guard let state = queue[cost].popLast() else {
        cost += 1
        continue
      }
      if least[state] < cost { continue }
      let (done, there) = (state / sets, state % sets)
      if done == count, kept & ~there == 0 { return cost }
      for v in values.indices where there >> v & 1 == 1 { reach(state - 1 << v, cost) }
      for o in 0..<min(count, done + 1) where operands[o] & ~there == 0 {
        if o < done, done == count || !operations[o].isRecomputable { continue }
        let (first, price) = (o == done ? sets : 0, o == done ? 0 : operations[o].cost)
        let after = there | results[o]
        if size[after] + operations[o].workspace <= budget { reach(done * sets + first + after, cost + price) }
        for v in operations[o].overwritable where size[after] + operations[o].workspace - values[v].bytes <= budget {
          reach(done * sets + first + after & ~(1 << v), cost + price)
        }
      }
    }
    return nil
  }

  /// Returns the least cost of all sequences with at most `most` recomputations that the score says are within `budget`,
  /// or `nil` if none is.
  func leastCostOverSequences(within budget: Int, most: Int) -> Int? {
    var evaluator = SequenceEvaluator(self)
    var least: Int?
    func extend(_ insertions: [Insertion]) {
      let s = evaluator.score(insertions, budget: budget)
      if s.excess == 0, least.map({ s.cost < $0 }) ?? true { least = s.cost }
      if insertions.count == most { return }
      let last = min(applyStart ?? .max, operations.count - 1)
      for position in stride(from: insertions.last?.position ?? 1, through: last, by: 1) {
        for o in 0..<position where operations[o].isRecomputable {
          extend(insertions + [.init(position: position, operation: o)])
        }
      }
    }
    extend([])
    return least
  }

}
