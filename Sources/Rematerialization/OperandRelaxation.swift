/// A lower bound that counts what recomputations need: the gap paging relaxation with the operands of what is evicted.
///
/// What is absent at a step *k* has to be made again after it, and its operands have to be there then. One that the plain
/// step has no use for after *k* is either kept across *k*, where it takes bytes that have to be freed, too, or made again
/// after *k* from its own operands. With all variables in [0, 1]
///
///     minimise Σ c·y + Σ c·r  so that
///       Σ min(b, ex(t))·y(g) ≥ ex(t)                  for each step t: gaps g across it, as in `GapRelaxation`
///       Σ b·x(v, k) − Σ b·kept(u, k) ≥ ex(k)          for some steps k: values v in a gap, u used no more
///       Σ min(b, ex(k))·x(v, k) ≥ ex(k)
///       y(g) ≥ x(v, k)                                the gap g of v across k
///       kept(u, k) + made(u, k) ≥ x(v, k), made(w, k) for operands u of what makes v, and of what makes w
///       r(u) ≥ made(u, k)
///
/// An execution of an operation is paid for once: it lies in one gap of each of its results, or behind the last use. The
/// bound is what duals prove that are rounded to whole numbers of `2^-dualBits`, in exact arithmetic.
///
/// - Complexity: that of a linear program with at most `sizeLimit` variables beside the gaps.
package struct OperandRelaxation {

  /// The number of bits behind the point of a dual.
  private static let dualBits = 40

  /// The most variables for steps at which operands are looked at.
  private static let sizeLimit = 12_000

  /// The most coefficients of rows of all steps.
  private static let coefficientLimit = 500_000

  private let problem: RematerializationProblem

  /// Where values are live without being touched, by value.
  private var gaps: [[(from: Int, to: Int)]]

  /// The last operation at which each value is made or needed.
  private var lastTouch: [Int]

  /// The live bytes of the plain step beyond the budget, 0 where there are none.
  private var excess: [Int] = []

  /// The columns, each with its cost and its coefficients by row, and the least value of each row.
  private var program = IntegerProgram()

  /// The columns y(g) of each value's gaps, and r(u).
  private var evictions: [[Int]] = []
  private var again: [Int?] = []

  /// Creates the relaxation of `p` for `budget` bytes.
  package init(_ p: RematerializationProblem, budget: Int) {
    problem = p
    let plain = PlainStep(p)
    gaps = .init(repeating: [], count: p.values.count)
    for g in plain.gaps { gaps[g.value].append((g.from, g.to)) }
    lastTouch = plain.last
    excess = plain.live.map { max(0, $0 - budget) }
    let steps = steps()
    addGaps(steps)
    for k in steps { addStep(k) }
  }

  /// Returns a cost that no sequence is below that keeps the order of first executions, or `nil` if the program was not solved.
  package func bound() -> Int? { program.bound(dualBits: Self.dualBits) }

  private func isRecomputable(_ v: Int) -> Bool { problem.operations[problem.values[v].definition].isRecomputable }

  /// Adds the columns of gaps, and the rows of all steps with excess; those of `steps` alone where these would be too many.
  private mutating func addGaps(_ steps: [Int]) {
    let coefficients = gaps.joined().reduce(0) { $0 + $1.to - $1.from }
    var row = [Int](repeating: -1, count: excess.count)
    for t in coefficients <= Self.coefficientLimit ? Array(excess.indices) : steps where excess[t] > 0 {
      row[t] = program.addRow(least: excess[t])
    }
    again = .init(repeating: nil, count: gaps.count)
    for v in gaps.indices {
      evictions.append(
        gaps[v].map { (from, to) in
          let y = program.addColumn(cost: problem.charge(v))
          for t in from + 1..<to where row[t] >= 0 { program.add(min(problem.values[v].bytes, excess[t]), row[t], y) }
          return y
        })
    }
  }

  /// Returns the steps whose operands are looked at: of every so many with excess the one with the most.
  private func steps() -> [Int] {
    let all = excess.indices.filter { excess[$0] > 0 }
    let count = max(1, min(all.count, Self.sizeLimit / max(1, 2 * gaps.count)))
    return (0..<min(count, all.count)).map { (i) in
      let window = all[all.count * i / count..<all.count * (i + 1) / count]
      return window.reduce(window[window.startIndex]) { excess[$1] > excess[$0] ? $1 : $0 }
    }
  }

  /// Adds the rows and columns of step `k`.
  private mutating func addStep(_ k: Int) {
    let bytes = program.addRow(least: excess[k])
    let cover = program.addRow(least: excess[k])
    var made = [Int?](repeating: nil, count: gaps.count)
    var kept = made
    var pending: [(value: Int, user: Int)] = []  // a value that the column `user` needs
    for v in gaps.indices {
      guard let g = gaps[v].firstIndex(where: { $0.from < k && k < $0.to }) else { continue }
      let x = program.addColumn(cost: 0)
      program.add(problem.values[v].bytes, bytes, x)
      program.add(min(problem.values[v].bytes, excess[k]), cover, x)
      let row = program.addRow(least: 0)
      program.add(1, row, evictions[v][g])
      program.add(-1, row, x)
      for u in operands(v) { pending.append((u, x)) }
    }
    while let (u, user) = pending.popLast() {
      if lastTouch[u] >= k { continue }
      if kept[u] == nil {
        let c = program.addColumn(cost: 0)
        kept[u] = c
        program.add(-problem.values[u].bytes, bytes, c)
        if isRecomputable(u) {
          let m = program.addColumn(cost: 0)
          made[u] = m
          let r = again[u] ?? program.addColumn(cost: problem.charge(u))
          again[u] = r
          let row = program.addRow(least: 0)
          program.add(1, row, r)
          program.add(-1, row, m)
          for w in operands(u) { pending.append((w, m)) }
        }
      }
      let row = program.addRow(least: 0)
      if let c = kept[u] { program.add(1, row, c) }
      if let m = made[u] { program.add(1, row, m) }
      program.add(-1, row, user)
    }
  }

  private func operands(_ v: Int) -> [Int] { problem.operations[problem.values[v].definition].operands }

}
