import Driver
import PlanFormat
import Support
import TestSupport
import Testing

/// The lower bound in a plan is what its weights prove, and nothing else is accepted.
@Suite struct CertificateTests {

  private static let layers = Models.layers(8, width: 16, batch: 16, schedule: "")

  /// Returns the plan of `text` within `fraction` of what it needs to keep everything.
  private func plan(_ text: String, at fraction: Double) throws -> Plan {
    let t = try compilation(of: text).compiled().plan.totals
    let budget = t.peakBytes - Int((1 - fraction) * Double(t.activationPeakBytes))
    return try compilation(of: text, budget: budget).compiled().plan
  }

  private func message(_ plan: Plan) -> String? {
    do throws(PlanViolation) {
      try plan.verify()
      return nil
    } catch {
      return error.description
    }
  }

  @Test(arguments: [0.9, 0.7, 0.6])
  func `every plan with a budget has a bound that its weights prove`(_ fraction: Double) throws {
    let plan = try plan(Self.layers, at: fraction)
    let c = try #require(plan.certificate)
    #expect(message(plan) == nil)
    #expect(c.bound > 0 && c.bound <= plan.totals.recomputeFlops && !c.duals.isEmpty)
    #expect(c.budget == plan.header.budget)
  }

  @Test func `a plan without a budget claims nothing, and one that keeps everything a bound of 0`() throws {
    #expect(try compilation(of: Self.layers, policy: "sqrt()").compiled().plan.certificate == nil)
    let free = try #require(try plan(Self.layers, at: 1).certificate)
    #expect(free.bound == 0 && free.duals.isEmpty)
  }

  @Test func `another bound than the weights prove is refused`() throws {
    let plan = try plan(Self.layers, at: 0.7)
    let c = try #require(plan.certificate)
    for flops in [c.bound - 1, c.bound + 1, 0, .max] {
      var broken = plan
      broken.certificate = .init(bound: flops, budget: c.budget, bits: c.bits, duals: c.duals)
      #expect(message(broken) == "header: bound_flops is \(flops), but the duals prove \(c.bound)")
    }
  }

  @Test func `other weights prove no more`() throws {
    let plan = try plan(Self.layers, at: 0.7)
    let c = try #require(plan.certificate)
    var lower = 0
    for i in c.duals.indices {
      for weight in [c.duals[i].weight / 2, c.duals[i].weight * 2, c.duals[i].weight * 1000] where weight > 0 {
        var duals = c.duals
        duals[i] = .init(step: duals[i].step, weight: weight)
        let less = try proven(duals, plan)
        #expect(less <= c.bound)
        lower += less < c.bound ? 1 : 0
      }
      var fewer = c.duals
      fewer.remove(at: i)
      #expect(try proven(fewer, plan) < c.bound)
    }
    #expect(lower > c.duals.count)
  }

  /// Returns what `duals` prove, of which the refusal of a wrong bound tells.
  private func proven(_ duals: [BoundCertificate.Dual], _ plan: Plan) throws -> Int {
    var other = plan
    let c = try #require(plan.certificate)
    other.certificate = .init(bound: .max, budget: c.budget, bits: c.bits, duals: duals)
    return try #require(message(other)?.split(separator: " ").last.flatMap { Int($0) })
  }

  @Test func `weights that are none are refused`() throws {
    let plan = try plan(Self.layers, at: 0.7)
    let c = try #require(plan.certificate)
    let first = c.duals[0]
    let cases: [[BoundCertificate.Dual]] = [
      [first, first], [first, .init(step: first.step - 1, weight: first.weight)], [.init(step: -1, weight: 1)],
      [.init(step: 1 << 40, weight: 1)],
      [.init(step: first.step, weight: 0)], [.init(step: first.step, weight: -5)],
      [.init(step: first.step, weight: .max)], [.init(step: 0, weight: 1)],
    ]
    for duals in cases {
      var broken = plan
      broken.certificate = .init(bound: c.bound, budget: c.budget, bits: c.bits, duals: duals)
      #expect(message(broken)?.hasPrefix("header: duals are no certificate") == true, "\(duals)")
    }
    for bits in [-1, 61, .max] {
      var broken = plan
      broken.certificate = .init(bound: c.bound, budget: c.budget, bits: bits, duals: c.duals)
      #expect(message(broken)?.hasPrefix("header: duals are no certificate") == true)
    }
  }

  @Test func `a bound of a budget that the plan breaks is refused`() throws {
    var plan = try plan(Self.layers, at: 0.7)
    let c = try #require(plan.certificate)
    let less = plan.totals.peakBytes - 1
    plan.certificate = .init(bound: c.bound, budget: less, bits: c.bits, duals: c.duals)
    #expect(
      message(plan) == "header: bound_flops is that of a budget of \(less), but peak_bytes is \(less + 1)")
  }

  @Test func `what rules demand is no part of the bound, as the plan does not know it`() throws {
    let text = Models.layers(8, width: 16, batch: 16, schedule: "save layer.1.h")
    let plan = try plan(text, at: 0.7)
    let c = try #require(plan.certificate)
    #expect(message(plan) == nil && c.bound > 0 && c.bound <= plan.totals.recomputeFlops)
  }

  @Test func `text keeps the certificate, and lines are counted`() throws {
    let plan = try plan(Self.layers, at: 0.6)
    let text = PlanWriter.write(plan)
    let read = try PlanReader.read(Array(text.utf8))
    #expect(PlanWriter.write(read) == text && read.certificate == plan.certificate && read.certificate != nil)
    let line = plan.line(ofInstruction: 0, inProgram: 0)
    let written = text.split(separator: "\n", omittingEmptySubsequences: false)[line - 1]
    #expect(plan.programs[0].instructions[0].results.allSatisfy { written.contains(plan.programs[0].values[$0].name) })
  }

}
