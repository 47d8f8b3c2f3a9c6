/// The gap paging relaxation: a lower bound on the cost of every sequence within a budget, and which values it would evict.
///
/// In the plain step each value has gaps between consecutive uses. A value that is absent anywhere in a gap has to be made
/// again before the gap ends, whatever else is recomputed, and the gaps of a value are disjoint. With *y* in [0, 1] for each
/// gap,
///
///     minimise Σ c·y  so that  Σ min(b, ex(t))·y ≥ ex(t)  over the gaps across *t*, for each step *t* with ex(t) > 0
///
/// where ex(t) is what the plain step has live beyond the budget. For any duals π ≥ 0,
///
///     Σ π(t)·ex(t) − Σ max(0, Σ π(t)·min(b, ex(t)) − c)
///
/// is a bound: `bound` is that, of duals rounded to whole numbers of `2^-dualBits`, in exact arithmetic.
struct GapRelaxation {

  /// Where a value is live without being touched: after operation `from` and before operation `to`.
  struct Gap: Hashable {
    let value: Int
    let from: Int
    let to: Int
  }

  /// The number of bits behind the point of a dual.
  static let dualBits = 40

  private(set) var gaps: [Gap] = []

  /// The part of each gap that the relaxation evicts.
  private(set) var evicted: [Double] = []

  /// No sequence that keeps the order of first executions costs less; `nil` if none fits the budget at all.
  private(set) var bound: Int? = 0

  /// The steps with excess, ascending.
  private var steps: [Int] = []

  /// The excess at each of the `steps`.
  private var excess: [Int] = []

  /// Solves the relaxation of `p` for `budget` bytes.
  ///
  /// Where the program would have more than `limit` coefficients, only the step with the greatest excess of every so many
  /// is asked for: the bound is one still, but lower.
  init(_ p: RematerializationProblem, budget: Int, limit: Int = 4_000_000) {
    var live = collectGaps(p)
    for t in live.indices.dropFirst() { live[t] += live[t - 1] }
    evicted = .init(repeating: 0, count: gaps.count)
    var stride = 1
    repeat {
      collectSteps(live, budget, stride)
      stride *= 2
    } while stride < 2 * live.count && rows(p).reduce(0, { $0 + $1.count }) > limit
    if !steps.isEmpty { solve(p) }
  }

  /// Takes, of every `stride` operations, the one with the greatest excess.
  private mutating func collectSteps(_ live: [Int], _ budget: Int, _ stride: Int) {
    (steps, excess) = ([], [])
    for start in Swift.stride(from: 0, to: live.count, by: stride) {
      let window = start..<min(start + stride, live.count)
      guard let t = window.max(by: { live[$0] < live[$1] }), live[t] > budget else { continue }
      steps.append(t)
      excess.append(live[t] - budget)
    }
  }

  /// Returns for each gap the positions in `steps` that it crosses.
  private func rows(_ p: RematerializationProblem) -> [Range<Int>] {
    var row = [Int](repeating: steps.count, count: p.operations.count + 1)
    for (i, t) in steps.enumerated() { row[t] = i }
    for t in row.indices.dropLast().reversed() { row[t] = min(row[t], row[t + 1]) }
    return gaps.map { row[$0.from + 1]..<row[$0.to] }
  }

  /// Collects the gaps of values that may be made again and returns the change of the live bytes at each operation.
  private mutating func collectGaps(_ p: RematerializationProblem) -> [Int] {
    var change = [Int](repeating: 0, count: p.operations.count + 1)
    var last = [Int](repeating: 0, count: p.values.count)
    var lastRead = [Int](repeating: 0, count: p.storageCount)
    func retain(_ v: Int, _ t: Int, _ gaps: inout [Gap]) {
      let from = last[v]
      if t <= from { return }
      change[from + 1] += p.values[v].bytes
      change[t + 1] -= p.values[v].bytes
      if t > from + 1, p.operations[p.values[v].definition].isRecomputable, p.values[v].bytes > 0 {
        gaps.append(.init(value: v, from: from, to: t))
      }
      last[v] = t
    }
    for (t, o) in p.operations.enumerated() {
      let taken = o.overwritable.isEmpty ? 0 : p.values[o.results[0]].bytes  // at most: the operand may live on
      let made = o.results.reduce(o.workspace - taken) { $0 + p.values[$1].bytes }
      change[t] += made
      change[t + 1] -= made
      for r in o.results { last[r] = t }
      for v in o.operands { retain(v, t, &gaps) }
      for s in o.reads { lastRead[s] = t }
    }
    for u in p.updates {
      let first = u.isApplied ? max(0, (p.applyStart ?? 0) - 1) : 0
      let read = u.storage.reduce(first) { max($0, lastRead[$1]) }
      let t = max(read, u.operands.map { last[$0] }.max() ?? 0)
      for v in u.operands { retain(v, t, &gaps) }
    }
    for v in p.values.indices where p.values[v].isKept { retain(v, p.operations.count - 1, &gaps) }
    change.removeLast()
    return change
  }

  private mutating func solve(_ p: RematerializationProblem) {
    let rows = rows(p)
    let unit = Double(max(1, excess.max() ?? 1))
    var program = LinearProgram()
    program.least = excess.map { Double($0) / unit }
    program.cost = gaps.map { Double(charge($0, p)) }
    program.upper = .init(repeating: 1, count: gaps.count)
    program.columns = zip(gaps, rows).map { (g, r) in
      r.map { .init(row: $0, value: Double(min(p.values[g.value].bytes, excess[$0])) / unit) }
    }
    guard let s = program.solved() else {
      bound = nil
      return
    }
    evicted = s.columns
    bound = certified(s.duals.map { $0 / unit }, rows, p)
  }

  /// What evicting over `g` costs at least: an operation with several results is charged to all of them together.
  private func charge(_ g: Gap, _ p: RematerializationProblem) -> Int {
    let o = p.operations[p.values[g.value].definition]
    return o.cost / o.results.count
  }

  /// Returns the bound that duals, in cost per byte, prove, rounded up to a whole cost.
  private func certified(_ duals: [Double], _ rows: [Range<Int>], _ p: RematerializationProblem) -> Int {
    let scale = Double(sign: .plus, exponent: Self.dualBits, significand: 1)
    let pi = duals.map { Int128(max(0, $0 * scale)) }
    var total: Int128 = 0
    for (d, e) in zip(pi, excess) { total += d * Int128(e) }
    for (g, r) in zip(gaps, rows) {
      var worth: Int128 = 0
      for i in r where pi[i] > 0 { worth += pi[i] * Int128(min(p.values[g.value].bytes, excess[i])) }
      total -= max(0, worth - Int128(charge(g, p)) << Int128(Self.dualBits))
    }
    let one = Int128(1) << Int128(Self.dualBits)
    return Int(clamping: max(0, (total + one - 1) / one))
  }

}
