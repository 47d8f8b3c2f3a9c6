import Support

/// Computes the bound of an `OperandBoundCertificate` from the plan alone, in exact arithmetic.
///
/// What is absent at a step *k* is made again after it, from operands that the step without recomputation needs no more: each
/// is kept across *k*, or made again, too. Whoever recomputes pays the price of a value for each gap where it is absent, or
/// once where it is made again behind its last use: all of the cost of its instruction, of which several results have parts.
/// The sum of all that the weights say is worth, less what one can get for nothing in every such choice, is a bound:
///
///     Σ π·ex + Σ (bytes + cover)·ex
///       + Σ min(0, share(v) + Σ need(v, u) − bytes·b − cover·min(b, ex))        v within a gap at k
///       + Σ min(0, bytes·b − Σ need(·, u))                                      u kept across k
///       + Σ min(0, share(u) + Σ need(u, w) − Σ need(·, u))                      u made again after k
///       + Σ min(0, price(v) − Σ π·min(b, ex) − Σ share(v))                      gaps
///       + Σ min(0, price(u) − Σ share(u))                                       made again behind the last use
///
/// - Source: linear programming duality, of `OperandRelaxation`.
struct OperandBoundChecker {

  private let plan: BoundChecker

  private let certificate: OperandBoundCertificate

  private let budget: Int

  private var total: Int128 = 0

  /// The products that were taken, and the gaps that were looked at.
  private var terms = 0
  private var lookedAt = 0

  /// What is left of the price of each gap, and of each value that is made again behind its last use.
  private var gapRest: [Int128] = []
  private var valueRest: [Int: Int128] = [:]

  init(_ plan: BoundChecker, _ certificate: OperandBoundCertificate, arenaBudget budget: Int) {
    self.plan = plan
    self.certificate = certificate
    self.budget = budget
  }

  /// Returns the operations that the weights prove to be recomputed, or `nil` if they are no certificate.
  ///
  /// - Complexity: that of the products of a gap with a weight or a stage within it, of which more than 2^20 are refused,
  ///   and of the pairs of any gap and any of these, of which more than 2^28 are.
  mutating func bound() -> Int? {
    guard BoundCertificate.bits.contains(certificate.bits), let prices = prices() else { return nil }
    gapRest = plan.gaps.map { prices[plan.number[$0.value]] }
    guard payDuals() else { return nil }
    for (i, s) in certificate.stages.enumerated() {
      guard i == 0 || certificate.stages[i - 1].step < s.step, pay(s, prices) else { return nil }
    }
    for r in gapRest { total += min(0, r) }
    for r in valueRest.values { total += min(0, r) }
    let one = Int128(1) << Int128(certificate.bits)
    return Int(clamping: max(0, (total + one - 1) / one))
  }

  private func isWeight(_ w: Int) -> Bool { OperandBoundCertificate.weights.contains(w) }

  /// Returns the price of each value, or `nil` if those of the results of an instruction are more than its cost.
  private func prices() -> [Int128]? {
    var prices = plan.numbered.map { (v) in
      plan.resultCount[v] == 1 ? Int128(plan.cost[v] ?? 0) << Int128(certificate.bits) : 0
    }
    var (last, left) = (-1, [Int: Int128]())
    for p in certificate.prices {
      guard p.value > last, prices.indices.contains(p.value), isWeight(p.weight) else { return nil }
      let v = plan.numbered[p.value]
      guard plan.resultCount[v] > 1, plan.cost[v] != nil else { return nil }
      let rest = left[plan.made[v]] ?? Int128(plan.flops[v]) << Int128(certificate.bits)
      guard rest >= Int128(p.weight) else { return nil }
      left[plan.made[v]] = rest - Int128(p.weight)
      prices[p.value] = Int128(p.weight)
      last = p.value
    }
    return prices
  }

  /// Returns what is missing at `step`, or `nil` if nothing is.
  private func excess(_ step: Int) -> Int? {
    plan.live.indices.contains(step) && plan.live[step] > budget ? plan.live[step] - budget : nil
  }

  /// Counts one look at all gaps, and returns `false` iff that is one too many.
  private mutating func mayLookAtGaps() -> Bool {
    lookedAt += plan.gaps.count
    return lookedAt <= OperandBoundCertificate.gapLimit
  }

  private mutating func payDuals() -> Bool {
    for (i, d) in certificate.duals.enumerated() {
      guard i == 0 || certificate.duals[i - 1].step < d.step, isWeight(d.weight), let e = excess(d.step) else {
        return false
      }
      guard mayLookAtGaps() else { return false }
      total += Int128(d.weight) * Int128(e)
      for (j, g) in plan.gaps.enumerated() where g.from < d.step && d.step < g.to {
        gapRest[j] -= Int128(d.weight) * Int128(min(plan.bytes(g.value), e))
        terms += 1
      }
      if terms > OperandBoundCertificate.termLimit { return false }
    }
    return true
  }

  /// Pays for stage `s`, or returns `false` if it is none.
  private mutating func pay(_ s: OperandBoundCertificate.Stage, _ prices: [Int128]) -> Bool {
    guard let e = excess(s.step), (s.bytes == 0 || isWeight(s.bytes)) && (s.cover == 0 || isWeight(s.cover)) else {
      return false
    }
    guard mayLookAtGaps() else { return false }
    total += (Int128(s.bytes) + Int128(s.cover)) * Int128(e)
    let gaps = plan.gaps.indices.filter { plan.gaps[$0].from < s.step && s.step < plan.gaps[$0].to }
    terms += gaps.count + s.needs.count + s.shares.count
    if terms > OperandBoundCertificate.termLimit { return false }
    let within = Set(gaps.map { plan.number[plan.gaps[$0].value] })
    guard let share = shares(s, within), let (wanting, wanted) = needs(s, within) else { return false }
    for j in gaps {
      let (v, b) = (plan.number[plan.gaps[j].value], plan.bytes(plan.gaps[j].value))
      let gain = Int128(s.bytes) * Int128(b) + Int128(s.cover) * Int128(min(b, e))
      total += min(0, share[v, default: 0] + wanting[v, default: 0] - gain)
      gapRest[j] -= share[v, default: 0]
    }
    for u in Set(share.keys).union(wanting.keys).union(wanted.keys).subtracting(within) {
      let value = plan.numbered[u]
      total += min(0, Int128(s.bytes) * Int128(plan.bytes(value)) - wanted[u, default: 0])
      if plan.cost[value] == nil { continue }
      total += min(0, share[u, default: 0] + wanting[u, default: 0] - wanted[u, default: 0])
      valueRest[u, default: prices[u]] -= share[u, default: 0]
    }
    return true
  }

  /// `true` iff value `v` may be absent at `step` and be made again: `within` a gap, or used no more before.
  private func mayComeAgain(_ v: Int, _ step: Int, _ within: Set<Int>) -> Bool {
    within.contains(v)
      || plan.numbered.indices.contains(v) && plan.last[plan.numbered[v]] < step && plan.cost[plan.numbered[v]] != nil
  }

  /// Returns what each value pays at stage `s`, or `nil` if one has nothing to pay.
  private func shares(_ s: OperandBoundCertificate.Stage, _ within: Set<Int>) -> [Int: Int128]? {
    var shares: [Int: Int128] = [:]
    for p in s.shares {
      guard mayComeAgain(p.value, s.step, within), isWeight(p.weight),
        shares.updateValue(Int128(p.weight), forKey: p.value) == nil
      else { return nil }
    }
    return shares
  }

  /// Returns what the operands of each value are worth at stage `s`, and each operand to all values; or `nil` if one is none.
  private func needs(
    _ s: OperandBoundCertificate.Stage, _ within: Set<Int>
  ) -> (wanting: [Int: Int128], wanted: [Int: Int128])? {
    var (wanting, wanted) = ([Int: Int128](), [Int: Int128]())
    var before = (-1, -1)
    for n in s.needs {
      guard before < (n.value, n.operand), mayComeAgain(n.value, s.step, within), isWeight(n.weight),
        plan.numbered.indices.contains(n.operand)
      else { return nil }
      let u = plan.numbered[n.operand]
      guard plan.operands[plan.numbered[n.value]].contains(u), plan.last[u] < s.step else { return nil }
      wanting[n.value, default: 0] += Int128(n.weight)
      wanted[n.operand, default: 0] += Int128(n.weight)
      before = (n.value, n.operand)
    }
    return (wanting, wanted)
  }

}
