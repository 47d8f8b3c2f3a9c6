/// A lower bound in whole numbers: what is there at some steps of the first executions, and what is made again between them.
///
/// For chosen steps *k* and values *v*, *x*(v, k) says that *v*, which the plain step only keeps at *k*, is absent then, and
/// *kept*(u, k) that *u* is there, for which the plain step has no use any more. For operations *o*, *m*(o, k) says that *o*
/// is executed again between *k* and the chosen step after it, and *a*(o, k) that it is at any time after *k*. So of
///
///     minimise Σ c·m  so that
///       Σ b·x(v, k) − Σ b·kept(u, k) ≥ ex(k)
///       Σ min(b, ex(k))·x(v, k) ≥ ex(k)
///       there(v, k) + m(v, k) ≥ there(v, l)     l the chosen step after k; 1 ≥ there(v, l)
///       there(v, k) + m(v, k) ≥ 1               v is used by a first execution between k and l
///       there(u, k) + m(u, k) ≥ m(v, k)         v is made of u
///       there(v, k) + a(v, k) ≥ 1               v is used after k
///       there(u, k) + a(u, k) ≥ a(v, k)         v is made of u
///       Σ m(o, j) ≥ a(o, k)                     over the steps j from k on
///
/// with *there* for 1 − x or kept, every sequence within the budget that keeps the order of first executions gives a point
/// with whole numbers, at no greater cost: whatever it makes before the first of the steps, and its transient values, are
/// not looked at. Points with fractions may cost far less, the more steps there are: it takes a few of them, and whole
/// numbers.
///
/// - Complexity: that of a program with three variables for each step and each value that may be needed again.
/// - Source: the rows between steps are those of Checkmate (Jain et al., 2020) for some stages instead of all.
package struct StageRelaxation {

  private let problem: RematerializationProblem

  private let plain: PlainStep

  /// The steps, ascending.
  private let steps: [Int]

  private(set) var program = IntegerProgram()

  /// The operations that a recomputation may need.
  private var isRelevant: [Bool]

  /// By step and value: the columns x and kept, -1 where there is none.
  private var absent: [[Int]] = []
  private var kept: [[Int]] = []

  /// By step and operation: the columns m and a, -1 where there is none; the same ones for the last step.
  private var made: [[Int]] = []
  private var after: [[Int]] = []

  /// The greatest number of bytes is told apart from another by so many bits.
  private static let byteBits = 16

  /// By how many bits numbers of bytes are shifted, those on the greater side rounded up and those on the other down.
  private let byteShift: Int

  /// Creates the relaxation of `p` for `budget` bytes.
  ///
  /// - Requires: `steps` ascend, and the plain step has more live bytes than `budget` at each.
  package init(_ p: RematerializationProblem, budget: Int, steps: [Int]) {
    problem = p
    plain = PlainStep(p)
    self.steps = steps
    isRelevant = .init(repeating: false, count: p.operations.count)
    let most = p.values.reduce(1) { max($0, $1.bytes) }
    byteShift = max(0, Int.bitWidth - most.leadingZeroBitCount - Self.byteBits)
    collectRelevant()
    for k in steps { addColumns(k) }
    for j in steps.indices {
      addAfter(j)
      addBytes(j, plain.live[steps[j]] - budget)
      addUses(j)
      if j + 1 < steps.count { addPassage(j) }
    }
  }

  /// What was found out about sequences.
  struct Bound: Sendable {

    /// No sequence that keeps the order of first executions costs less.
    let cost: Int

    /// The gaps over which the best point that was found evicts values.
    let gaps: [PlainStep.Gap]

    /// The nodes of branch and bound that it took.
    let nodes: Int

  }

  /// Returns what `nodes` nodes of branch and bound tell, with a cost of `limit` or less; `nil` if the solver gave up.
  func bound(below limit: Int, nodes: Int, seconds: Double?) -> Bound? {
    guard let s = program.leastInWholeNumbers(below: limit, nodes: nodes, seconds: seconds) else { return nil }
    let gaps = s.point.map { (point) in
      plain.gaps.filter { (g) in
        steps.indices.contains { g.from < steps[$0] && steps[$0] < g.to && point[absent[$0][g.value]] > 0.5 }
      }
    }
    return .init(cost: s.cost, gaps: gaps ?? [], nodes: s.nodes)
  }

  /// Returns a cost of at most `limit` that no sequence is below, as far as `nodes` nodes of branch and bound tell.
  package func leastCost(below limit: Int, nodes: Int) -> Int? {
    bound(below: limit, nodes: nodes, seconds: nil)?.cost
  }

  private func definition(_ v: Int) -> Int { problem.values[v].definition }

  private mutating func collectRelevant() {
    var pending = plain.gaps.filter { (g) in steps.contains { g.from < $0 && $0 < g.to } }.map { definition($0.value) }
    while let o = pending.popLast() {
      if isRelevant[o] || !problem.operations[o].isRecomputable { continue }
      isRelevant[o] = true
      pending += problem.operations[o].operands.filter { problem.values[$0].bytes > 0 }.map(definition)
    }
  }

  /// Adds the columns of step `k`.
  private mutating func addColumns(_ k: Int) {
    var x = [Int](repeating: -1, count: problem.values.count)
    var y = x
    for g in plain.gaps where g.from < k && k < g.to { x[g.value] = program.addColumn(cost: 0) }
    let isReopened = problem.applyStart.map { k < $0 } ?? true
    var m = [Int](repeating: -1, count: problem.operations.count)
    for o in 0...k where isRelevant[o] {
      if isReopened { m[o] = program.addColumn(cost: problem.operations[o].cost) }
      for u in problem.operations[o].operands + problem.operations[o].results
      where plain.last[u] < k && problem.values[u].bytes > 0 && y[u] < 0 {
        y[u] = program.addColumn(cost: 0)
      }
    }
    absent.append(x)
    kept.append(y)
    made.append(m)
  }

  private mutating func addAfter(_ j: Int) {
    if j == steps.count - 1 { return after.append(made[j]) }
    after.append(
      made[j].indices.map { (o) in
        if made[j][o] < 0 { return -1 }
        let a = program.addColumn(cost: 0)
        let row = program.addRow(least: 0)
        program.add(-1, row, a)
        for i in j..<steps.count where made[i][o] >= 0 { program.add(1, row, made[i][o]) }
        return a
      })
  }

  /// Adds the rows of the bytes that are missing at step `j`.
  private mutating func addBytes(_ j: Int, _ excess: Int) {
    func up(_ bytes: Int) -> Int { (bytes + 1 << byteShift - 1) >> byteShift }
    let bytes = program.addRow(least: up(excess))
    let cover = program.addRow(least: up(excess))
    for v in problem.values.indices {
      let size = problem.values[v].bytes
      if absent[j][v] >= 0 {
        program.add(up(size), bytes, absent[j][v])
        program.add(up(min(size, excess)), cover, absent[j][v])
      } else if kept[j][v] >= 0, size >> byteShift > 0 {
        program.add(-(size >> byteShift), bytes, kept[j][v])
      }
    }
  }

  /// Adds the rows of what is used after step `j`, or to make that again.
  private mutating func addUses(_ j: Int) {
    for v in problem.values.indices where absent[j][v] >= 0 { require(1, v, j, after) }
    addOperands(j, after)
  }

  /// Adds the rows of the operands of what is made again by the columns `making` of step `j`.
  private mutating func addOperands(_ j: Int, _ making: [[Int]]) {
    for o in problem.operations.indices where making[j][o] >= 0 {
      for u in problem.operations[o].operands { require(0, u, j, making, for: making[j][o]) }
    }
  }

  /// Adds the rows of what is there at the step after `j`, or used before it.
  private mutating func addPassage(_ j: Int) {
    let (from, to) = (steps[j], steps[j + 1])
    var isUsed = [Bool](repeating: false, count: problem.values.count)
    for t in from + 1..<to { for v in problem.operations[t].operands { isUsed[v] = true } }
    for v in problem.values.indices where definition(v) <= from {
      if isUsed[v] { require(1, v, j, made) }
      if absent[j + 1][v] >= 0 {
        require(1, v, j, made, unless: absent[j + 1][v])
      } else if kept[j + 1][v] >= 0 {
        require(0, v, j, made, for: kept[j + 1][v])
      } else if plain.last[v] >= to {
        require(1, v, j, made)
      }
    }
    addOperands(j, made)
  }

  /// Adds the row that `v` is there at step `j`, or made by the columns `making`, at least `least` times, for the column
  /// `user`, unless the column `excuse` says that it is not wanted.
  private mutating func require(
    _ least: Int, _ v: Int, _ j: Int, _ making: [[Int]], for user: Int? = nil, unless excuse: Int? = nil
  ) {
    let (x, y, m) = (absent[j][v], kept[j][v], making[j][definition(v)])
    if definition(v) > steps[j] || x < 0 && y < 0 { return }  // there in any case, or without bytes
    let row = program.addRow(least: least - (x >= 0 ? 1 : 0))
    if x >= 0 { program.add(-1, row, x) } else { program.add(1, row, y) }
    if m >= 0 { program.add(1, row, m) }
    if let user { program.add(-1, row, user) }
    if let excuse { program.add(1, row, excuse) }
  }

}
