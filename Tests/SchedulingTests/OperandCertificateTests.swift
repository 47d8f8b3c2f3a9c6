import Driver
import PlanFormat
import Support
import TestSupport
import Testing

/// The bound that counts what recomputations need is what its weights in the plan prove, and nothing else is accepted.
@Suite struct OperandCertificateTests {

  private typealias Certificate = OperandBoundCertificate

  private static let layers = Models.layers(8, width: 16, batch: 16, schedule: "")

  /// Returns the plan of `layers` within `fraction` of what it needs to keep everything.
  private func plan(at fraction: Double) throws -> Plan {
    let t = try compilation(of: Self.layers).compiled().plan.totals
    let budget = t.peakBytes - Int((1 - fraction) * Double(t.activationPeakBytes))
    return try compilation(of: Self.layers, budget: budget).compiled().plan
  }

  private func message(_ plan: Plan) -> String? {
    do throws(PlanViolation) {
      try plan.verify()
      return nil
    } catch {
      return error.description
    }
  }

  /// Returns what verifying says of `plan` with `certificate` instead of its own.
  private func message(_ plan: Plan, with certificate: Certificate) -> String? {
    var other = plan
    other.operandCertificate = certificate
    return message(other)
  }

  /// Returns what `certificate` proves, of which the refusal of a wrong bound tells.
  private func proven(_ plan: Plan, _ certificate: Certificate) throws -> Int {
    let c = Certificate(
      bound: .max, bits: certificate.bits, duals: certificate.duals, prices: certificate.prices,
      stages: certificate.stages)
    return try #require(message(plan, with: c)?.split(separator: " ").last.flatMap { Int($0) })
  }

  /// Returns `c` with other stages.
  private func replacing(_ c: Certificate, _ stages: [Certificate.Stage]) -> Certificate {
    .init(bound: c.bound, bits: c.bits, duals: c.duals, prices: c.prices, stages: stages)
  }

  @Test(arguments: [0.7, 0.6])
  func `a plan has it where it proves more than the bytes alone`(_ fraction: Double) throws {
    let plan = try plan(at: fraction)
    #expect(message(plan) == nil)
    let c = try #require(plan.operandCertificate)
    #expect(c.bound > (try #require(plan.certificate)).bound && c.bound <= plan.totals.recomputeFlops)
    #expect(c.stages.contains { $0.bytes > 0 && !$0.shares.isEmpty && !$0.needs.isEmpty })
  }

  @Test func `a plan that keeps everything, or has no budget, has none`() throws {
    #expect(try plan(at: 1).operandCertificate == nil)
    #expect(try compilation(of: Self.layers, policy: "sqrt()").compiled().plan.operandCertificate == nil)
  }

  @Test func `another bound than the weights prove is refused, and one without the plain bound`() throws {
    let plan = try plan(at: 0.6)
    let c = try #require(plan.operandCertificate)
    for flops in [c.bound - 1, c.bound + 1, 0, .max] {
      let other = Certificate(bound: flops, bits: c.bits, duals: c.duals, prices: c.prices, stages: c.stages)
      let said = message(plan, with: other)
      #expect(said == "header: operand_bound_flops is \(flops), but the weights prove \(c.bound)")
    }
    var alone = plan
    alone.certificate = nil
    #expect(message(alone) == "header: operand_bound_flops is there without bound_flops")
  }

  @Test func `other weights prove no more`() throws {
    let plan = try plan(at: 0.6)
    let c = try #require(plan.operandCertificate)
    let most = c.bound + c.bound / 100_000  // weights are rounded: they are the best but for that
    var (lower, tried) = (0, 0)
    for (i, s) in c.stages.enumerated() {
      func check(_ bytes: Int, _ cover: Int, _ shares: [Certificate.Share], _ needs: [Certificate.Need]) throws {
        var stages = c.stages
        stages[i] = .init(step: s.step, bytes: bytes, cover: cover, shares: shares, needs: needs)
        let less = try proven(plan, replacing(c, stages))
        #expect(less <= most)
        lower += less < c.bound ? 1 : 0
        tried += 1
      }
      for bytes in [0, s.bytes / 2, s.bytes * 2] { try check(bytes, s.cover, s.shares, s.needs) }
      try check(s.bytes, s.cover + s.bytes + 1, s.shares, s.needs)
      for j in s.shares.indices {
        var shares = s.shares
        shares.remove(at: j)
        try check(s.bytes, s.cover, shares, s.needs)
        shares.insert(.init(value: s.shares[j].value, weight: s.shares[j].weight * 2), at: j)
        try check(s.bytes, s.cover, shares, s.needs)
      }
      for j in s.needs.indices {
        var needs = s.needs
        needs.remove(at: j)
        try check(s.bytes, s.cover, s.shares, needs)
        let n = s.needs[j]
        needs.insert(.init(value: n.value, operand: n.operand, weight: n.weight / 2 + 1), at: j)
        try check(s.bytes, s.cover, s.shares, needs)
      }
    }
    #expect(lower > tried / 2, "\(lower) of \(tried)")
  }

  @Test func `weights that are none are refused`() throws {
    let plan = try plan(at: 0.6)
    let c = try #require(plan.operandCertificate)
    let s = try #require(c.stages.first { !$0.shares.isEmpty && !$0.needs.isEmpty })
    let (share, need) = (s.shares[0], s.needs[0])
    func stage(
      step: Int? = nil, bytes: Int? = nil, cover: Int? = nil, shares: [Certificate.Share]? = nil,
      needs: [Certificate.Need]? = nil
    ) -> Certificate.Stage {
      .init(
        step: step ?? s.step, bytes: bytes ?? s.bytes, cover: cover ?? s.cover, shares: shares ?? s.shares,
        needs: needs ?? s.needs)
    }
    let cases: [[Certificate.Stage]] = [
      [s, s], [stage(step: -1)], [stage(step: 1 << 40)], [stage(step: 0)],
      [stage(bytes: -1)], [stage(bytes: .max)], [stage(cover: -1)], [stage(cover: .max)],
      [stage(shares: [share, share])], [stage(shares: [.init(value: share.value, weight: 0)])],
      [stage(shares: [.init(value: share.value, weight: .max)])], [stage(shares: [.init(value: -1, weight: 1)])],
      [stage(shares: [.init(value: 1 << 40, weight: 1)])],
      [stage(needs: [need, need])], [stage(needs: [.init(value: need.value, operand: need.operand, weight: 0)])],
      [stage(needs: [.init(value: need.value, operand: need.operand, weight: -3)])],
      [stage(needs: [.init(value: need.value, operand: need.value, weight: 1)])],  // not made of itself
      [stage(needs: [.init(value: need.value, operand: -1, weight: 1)])],
      [stage(needs: [.init(value: -1, operand: need.operand, weight: 1)])],
      [stage(needs: [.init(value: need.value, operand: .max, weight: 1)])],
    ]
    for (i, stages) in cases.enumerated() {
      let said = message(plan, with: replacing(c, stages))
      #expect(said?.hasPrefix("header: the weights of operand_bound_flops are no certificate") == true, "case \(i)")
    }
    for bits in [-1, 61, .max] {
      let other = Certificate(bound: c.bound, bits: bits, duals: c.duals, prices: c.prices, stages: c.stages)
      #expect(message(plan, with: other)?.contains("are no certificate") == true)
    }
    for value in [-1, share.value, .max] {  // the instructions have one result each
      let prices = [Certificate.Share(value: value, weight: 1)]
      let other = Certificate(bound: c.bound, bits: c.bits, duals: c.duals, prices: prices, stages: c.stages)
      #expect(message(plan, with: other)?.contains("are no certificate") == true)
    }
  }

  @Test func `text keeps it, and lines are counted`() throws {
    let plan = try plan(at: 0.6)
    let text = PlanWriter.write(plan)
    let read = try PlanReader.read(Array(text.utf8))
    #expect(PlanWriter.write(read) == text && read.operandCertificate == plan.operandCertificate)
    let line = plan.line(ofInstruction: 0, inProgram: 0)
    let written = text.split(separator: "\n", omittingEmptySubsequences: false)[line - 1]
    #expect(plan.programs[0].instructions[0].results.allSatisfy { written.contains(plan.programs[0].values[$0].name) })
  }

}
