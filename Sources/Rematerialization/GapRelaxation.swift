import Support

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
/// is a bound: the `certificate` has that, of duals rounded to rational numbers, in exact arithmetic.
struct GapRelaxation {

  /// The number of bits of the greatest dual.
  private static let dualBits = 25

  private(set) var gaps: [PlainStep.Gap] = []

  /// The part of each gap that the relaxation evicts.
  private(set) var evicted: [Double] = []

  /// What proves that no sequence that keeps the order of first executions costs less than its bound; `nil` if none fits
  /// the budget at all.
  private(set) var certificate: BoundCertificate?

  /// The steps with excess, ascending.
  private var steps: [Int] = []

  /// The excess at each of the `steps`.
  private var excess: [Int] = []

  /// Solves the relaxation of `p` for `budget` bytes.
  ///
  /// Where the program would have more than `limit` coefficients, only the step with the greatest excess of every so many
  /// is asked for: the bound is one still, but lower.
  init(_ p: RematerializationProblem, budget: Int, limit: Int = 4_000_000) {
    let plain = PlainStep(p)
    gaps = plain.gaps
    evicted = .init(repeating: 0, count: gaps.count)
    certificate = .init(bound: 0, budget: budget, bits: 0, duals: [])
    var stride = 1
    repeat {
      collectSteps(plain.live, budget, stride)
      stride *= 2
    } while stride < 2 * plain.live.count && rows(p).reduce(0, { $0 + $1.count }) > limit
    if !steps.isEmpty { solve(p, budget) }
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

  private mutating func solve(_ p: RematerializationProblem, _ budget: Int) {
    let rows = rows(p)
    let unit = Double(max(1, excess.max() ?? 1))
    var program = LinearProgram()
    program.least = excess.map { Double($0) / unit }
    program.cost = gaps.map { Double(p.charge($0.value)) }
    program.upper = .init(repeating: 1, count: gaps.count)
    program.columns = zip(gaps, rows).map { (g, r) in
      r.map { .init(row: $0, value: Double(min(p.values[g.value].bytes, excess[$0])) / unit) }
    }
    guard let s = program.solved() else {
      certificate = nil
      return
    }
    evicted = s.columns
    certificate = certified(s.duals.map { max(0, $0 / unit) }, rows, p, budget)
  }

  /// Returns what duals, in cost per byte, prove: a bound, rounded up to a whole cost.
  private func certified(
    _ duals: [Double], _ rows: [Range<Int>], _ p: RematerializationProblem, _ budget: Int
  ) -> BoundCertificate {
    let greatest = duals.max() ?? 0
    let wanted = greatest > 0 ? Self.dualBits - 1 - Int(greatest.exponent) : 0
    let bits = max(0, min(BoundCertificate.bits.upperBound, wanted))
    let scale = Double(sign: .plus, exponent: bits, significand: 1)
    let pi = duals.map { Int(min(Double(BoundCertificate.weights.upperBound), $0 * scale)) }
    var total: Int128 = 0
    for (d, e) in zip(pi, excess) { total += Int128(d) * Int128(e) }
    for (g, r) in zip(gaps, rows) {
      var worth: Int128 = 0
      for i in r where pi[i] > 0 { worth += Int128(pi[i]) * Int128(min(p.values[g.value].bytes, excess[i])) }
      total -= max(0, worth - Int128(p.charge(g.value)) << Int128(bits))
    }
    let one = Int128(1) << Int128(bits)
    let bound = Int(clamping: (total + one - 1) / one)
    if bound <= 0 { return .init(bound: 0, budget: budget, bits: 0, duals: []) }
    let positive = steps.indices.filter { pi[$0] > 0 }
    return .init(
      bound: bound, budget: budget, bits: bits, duals: positive.map { .init(step: steps[$0], weight: pi[$0]) })
  }

}
