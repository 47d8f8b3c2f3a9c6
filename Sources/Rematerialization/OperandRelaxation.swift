package import Support

/// A lower bound that counts what recomputations need: the gap paging relaxation with the operands of what is evicted.
///
/// What is absent at a step *k* has to be made again after it, and its operands have to be there then. One that the plain
/// step has no use for after *k* is either kept across *k*, where it takes bytes that have to be freed, too, or made again
/// after *k* from its own operands. With *n* executions of an operation beside the first, and all others in [0, 1]
///
///     minimise Σ c·n  so that
///       n(o) ≥ Σ y(g) + r(v)                          over the gaps of each result v of o
///       Σ min(b, ex(t))·y(g) ≥ ex(t)                  for each step t: gaps g across it, as in `GapRelaxation`
///       Σ b·x(v, k) − Σ b·kept(u, k) ≥ ex(k)          for some steps k: values v in a gap, u used no more
///       Σ min(b, ex(k))·x(v, k) ≥ ex(k)
///       y(g) ≥ x(v, k)                                the gap g of v across k
///       kept(u, k) + made(u, k) ≥ x(v, k), made(w, k) for operands u of what makes v, and of what makes w
///       r(u) ≥ made(u, k)
///
/// An execution of an operation lies in one gap of each of its results, or behind the last use. Of an operation with one
/// result *n* is left out, and its cost paid by *y* and *r*. The bound is what duals prove that are rounded to whole numbers
/// of `2^-bits`, in exact arithmetic: the `certificate` has them.
///
/// What is alike is solved for once (`ProgramPartition`), so that the layers of a model may be as many as they like.
///
/// - Complexity: that of a linear program with at most `columnLimits` variables that are not alike.
package struct OperandRelaxation {

  /// The most variables for steps at which operands are looked at.
  private static let sizeLimit = 12_000

  /// The most variables that are not alike, of problems with up to so many operations and of larger ones.
  private static let columnLimits = (operations: 4000, small: 100_000, large: 20_000)

  /// The most coefficients of rows of all steps.
  private static let coefficientLimit = 500_000

  /// The most steps at which operands are looked at for the greatest bounds there alone.
  private static let rankedSteps = 8

  /// What a row says.
  private enum Row {
    case price(Int)
    case excess(Int)
    case bytes(Int)
    case cover(Int)
    case share(Int, Int)
    case need(Int, Int, Int)
  }

  private let problem: RematerializationProblem

  private let budget: Int

  /// Where values are live without being touched, by value.
  private var gaps: [[(from: Int, to: Int)]]

  /// The last operation at which each value is made or needed.
  private var lastTouch: [Int]

  /// The live bytes of the plain step beyond the budget, 0 where there are none.
  private var excess: [Int] = []

  /// The columns, each with its cost and its coefficients by row, and the least value of each row.
  private var program = IntegerProgram()

  /// By row of the program.
  private var rows: [Row] = []

  /// The columns y(g) of each value's gaps, and r(u).
  private var evictions: [[Int]] = []
  private var again: [Int?] = []

  /// The rows of the prices of results of operations with several ones.
  private var prices: [Int?]

  /// Creates the relaxation of `p` for `budget` bytes.
  package init(_ p: RematerializationProblem, budget: Int) {
    let plain = PlainStep(p)
    self.init(p, plain, budget)
    let ranked = StepRanking(p, plain, budget: budget).steps.prefix(Self.rankedSteps)
    let steps = Set(steps() + ranked).sorted()
    addGaps(steps)
    for k in steps { addStep(k) }
  }

  /// Creates the relaxation of `p`, of which `plain` is the plain step, for `budget` bytes at step `k` alone.
  init(_ p: RematerializationProblem, _ plain: PlainStep, budget: Int, step k: Int) {
    self.init(p, plain, budget)
    addGaps([k], limit: 0)
    addStep(k)
  }

  private init(_ p: RematerializationProblem, _ plain: PlainStep, _ budget: Int) {
    problem = p
    self.budget = budget
    gaps = .init(repeating: [], count: p.values.count)
    for g in plain.gaps { gaps[g.value].append((g.from, g.to)) }
    lastTouch = plain.last
    excess = plain.live.map { max(0, $0 - budget) }
    prices = .init(repeating: nil, count: p.values.count)
    for o in p.operations where o.results.count > 1 && o.isRecomputable { addExecutions(o) }
  }

  /// Returns a cost that no sequence is below that keeps the order of first executions, or `nil` if the program was not solved.
  package func bound() -> Int? { certificate()?.bound }

  private func isRecomputable(_ v: Int) -> Bool { problem.operations[problem.values[v].definition].isRecomputable }

  private mutating func addRow(_ row: Row, least: Int = 0) -> Int {
    rows.append(row)
    return program.addRow(least: least)
  }

  /// Adds the column n of `o`, as a part of the most that is needed.
  private mutating func addExecutions(_ o: RematerializationProblem.Operation) {
    let most = 1 + o.results.reduce(0) { max($0, gaps[$1].count) }
    let n = program.addColumn(cost: o.cost * most)
    for v in o.results {
      let row = addRow(.price(v))
      program.add(most, row, n)
      prices[v] = row
    }
  }

  /// Adds a column that stands for an execution that makes `v`.
  private mutating func addExecution(_ v: Int) -> Int {
    guard let row = prices[v] else { return program.addColumn(cost: problem.charge(v)) }
    let y = program.addColumn(cost: 0)
    program.add(-1, row, y)
    return y
  }

  /// Adds the columns of gaps, and the rows of all steps with excess; those of `steps` alone where these would be too many.
  private mutating func addGaps(_ steps: [Int], limit: Int = Self.coefficientLimit) {
    let coefficients = gaps.joined().reduce(0) { $0 + $1.to - $1.from }
    var row = [Int](repeating: -1, count: excess.count)
    for t in coefficients <= limit ? Array(excess.indices) : steps where excess[t] > 0 {
      row[t] = addRow(.excess(t), least: excess[t])
    }
    again = .init(repeating: nil, count: gaps.count)
    for v in gaps.indices {
      evictions.append(
        gaps[v].map { (from, to) in
          let y = addExecution(v)
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
    let bytes = addRow(.bytes(k), least: excess[k])
    let cover = addRow(.cover(k), least: excess[k])
    var made = [Int?](repeating: nil, count: gaps.count)
    var kept = made
    // values that others need, with the columns of these
    var pending: [(value: Int, user: Int, column: Int)] = []
    for v in gaps.indices {
      guard let g = gaps[v].firstIndex(where: { $0.from < k && k < $0.to }) else { continue }
      let x = program.addColumn(cost: 0)
      program.add(problem.values[v].bytes, bytes, x)
      program.add(min(problem.values[v].bytes, excess[k]), cover, x)
      let row = addRow(.share(v, k))
      program.add(1, row, evictions[v][g])
      program.add(-1, row, x)
      for u in operands(v) { pending.append((u, v, x)) }
    }
    while let (u, user, column) = pending.popLast() {
      if lastTouch[u] >= k { continue }
      if kept[u] == nil {
        let c = program.addColumn(cost: 0)
        kept[u] = c
        program.add(-problem.values[u].bytes, bytes, c)
        if isRecomputable(u) {
          let m = program.addColumn(cost: 0)
          made[u] = m
          let r = again[u] ?? addExecution(u)
          again[u] = r
          let row = addRow(.share(u, k))
          program.add(1, row, r)
          program.add(-1, row, m)
          for w in operands(u) { pending.append((w, u, m)) }
        }
      }
      let row = addRow(.need(user, u, k))
      if let c = kept[u] { program.add(1, row, c) }
      if let m = made[u] { program.add(1, row, m) }
      program.add(-1, row, column)
    }
  }

  private func operands(_ v: Int) -> [Int] { problem.operations[problem.values[v].definition].operands }

  /// Returns what proves the bound, or `nil` if the program was not solved.
  package func certificate() -> OperandBoundCertificate? { outcome()?.certificate }

  /// Returns what proves the bound, and two choices of gaps to evict that follow the optimum, or `nil` if the program was not
  /// solved.
  func outcome() -> (certificate: OperandBoundCertificate, evictions: [[PlainStep.Gap]])? {
    let limits = Self.columnLimits
    let limit = problem.operations.count > limits.operations ? limits.large : limits.small
    guard let optimum = program.symmetricOptimum(limit: limit) else { return nil }
    return (certificate(optimum.duals), [true, false].map { evicted(optimum.rounded(first: $0)) })
  }

  /// Returns the gaps whose columns are `chosen`.
  private func evicted(_ chosen: [Bool]) -> [PlainStep.Gap] {
    gaps.indices.flatMap { (v) in
      zip(gaps[v], evictions[v]).filter { chosen[$0.1] }.map { .init(value: v, from: $0.0.from, to: $0.0.to) }
    }
  }

  private func certificate(_ duals: [Double]) -> OperandBoundCertificate {
    let greatest = max(1, duals.max() ?? 1)
    let wanted = OperandBoundCertificate.weightBits - 1 - Int(greatest.exponent)
    let bits = max(0, min(BoundCertificate.bits.upperBound, wanted))
    let scale = Double(sign: .plus, exponent: bits, significand: 1)
    var weights = duals.map { $0 > 0 ? Int($0 * scale) : 0 }
    for o in problem.operations { limitPrices(o, &weights, bits) }
    silence(&weights)
    return certificate(weights, bits)
  }

  /// Lowers the prices of the results of `o` until they are no more than its cost together.
  private func limitPrices(_ o: RematerializationProblem.Operation, _ weights: inout [Int], _ bits: Int) {
    var left = Int128(o.cost) << Int128(bits)
    for row in o.results.compactMap({ prices[$0] }) {
      weights[row] = Int(min(left, Int128(weights[row])))
      left -= Int128(weights[row])
    }
  }

  /// Drops the weights of steps at which no byte is worth anything: there is nothing to be gained there.
  private func silence(_ weights: inout [Int]) {
    var isSilent = [Bool](repeating: true, count: excess.count)
    for (row, w) in zip(rows, weights) where w > 0 {
      switch row {
      case .bytes(let k), .cover(let k): isSilent[k] = false
      case .price, .excess, .share, .need: continue
      }
    }
    for (i, row) in rows.enumerated() {
      switch row {
      case .share(_, let k), .need(_, _, let k): if isSilent[k] { weights[i] = 0 }
      case .price, .excess, .bytes, .cover: continue
      }
    }
  }

  private func certificate(_ weights: [Int], _ bits: Int) -> OperandBoundCertificate {
    let bound = program.bound(weights, bits: bits)
    var (duals, prices) = ([BoundCertificate.Dual](), [OperandBoundCertificate.Share]())
    var stages: [OperandBoundCertificate.Stage] = []
    func stage(_ k: Int) -> Int {  // rows come step by step
      if stages.last?.step != k { stages.append(.init(step: k)) }
      return stages.count - 1
    }
    for (row, w) in zip(rows, bound > 0 ? weights : []) where w > 0 {
      switch row {
      case .price(let v): prices.append(.init(value: v, weight: w))
      case .excess(let t): duals.append(.init(step: t, weight: w))
      case .bytes(let k): stages[stage(k)].bytes = w
      case .cover(let k): stages[stage(k)].cover = w
      case .share(let v, let k): stages[stage(k)].shares.append(.init(value: v, weight: w))
      case .need(let v, let u, let k): stages[stage(k)].needs.append(.init(value: v, operand: u, weight: w))
      }
    }
    for s in stages.indices {
      stages[s].shares.sort { $0.value < $1.value }
      stages[s].needs.sort { ($0.value, $0.operand) < ($1.value, $1.operand) }
    }
    return .init(
      bound: bound, bits: bound > 0 ? bits : 0, duals: duals,
      prices: prices.sorted { $0.value < $1.value }, stages: stages)
  }

}
