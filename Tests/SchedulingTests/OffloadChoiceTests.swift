import Driver
import IR
import Operations
import PlanFormat
import Rematerialization
import Scheduling
import Support
import TestSupport
import Testing

/// `optimal(budget:, offload: true)`: what it chooses to keep, to make again and to keep on the host.
@Suite struct OffloadChoiceTests {

  /// Eight layers of 32 KiB, `h = tanh(h @ weight)`, under `rules`.
  private static func model(_ rules: String = "  checkpoint = none()") -> String {
    Models.layers(8, width: 64, batch: 128, schedule: rules)
  }

  private static let text = model()

  private static func policy(_ budget: Int, costPerByte: String? = nil) -> String {
    "optimal(budget: \(budget), offload: true\(costPerByte.map { ", cost_per_byte: \($0)" } ?? ""))"
  }

  private static func compiled(_ text: String, _ budget: Int, costPerByte: String? = nil) throws -> CompiledModel {
    try compilation(of: text, policy: policy(budget, costPerByte: costPerByte)).compiled()
  }

  /// Returns the least peak that the refusal of a budget of 1 KiB names.
  private static func least(_ policy: String) throws -> Int {
    do throws(CompileFailure) {
      _ = try compilation(of: text, policy: policy).compiled()
    } catch {
      guard case .infeasible(_, _, let least) = error else { throw error }
      return least
    }
    Issue.record("\(policy) fits")
    return 0
  }

  @Test func `a budget that nothing fits without offloading is met with it, exactly and the same every time`() throws {
    let (with, without) = (try Self.least(Self.policy(1024)), try Self.least("optimal(budget: 1024)"))
    #expect(with < without)
    let m = try Self.compiled(Self.text, with)
    #expect(m.plan.totals.peakBytes <= with && m.metrics.offloadedCount > 0)
    try m.plan.verify()
    #expect(m.plan.contentDigest == m.plan.header.computes)
    #expect(m.plan.header.policy == Self.policy(with))
    #expect(try Self.compiled(Self.text, with).plan.text == m.plan.text)
    #expect(try PlanReader.read(Array(m.plan.text.utf8)).text == m.plan.text)
  }

  @Test(arguments: [311_296, 344_064, 376_832, 409_600, 442_368, 491_520])
  func `it is never worse than recomputing alone, whatever copies cost`(_ budget: Int) throws {
    let effort = SolverEffort(moves: 5000)
    let plain = try compilation(of: Self.text, policy: "optimal(budget: \(budget))", effort: effort).compiled()
    for cost in ["0", "4", "16", "64", "256", "1e6"] {
      let m = try compilation(
        of: Self.text, policy: Self.policy(budget, costPerByte: cost), effort: effort
      ).compiled()
      #expect(m.plan.totals.peakBytes <= budget)
      #expect(m.metrics.extraCost <= plain.metrics.recomputeCost, "\(cost)")
      #expect(m.plan.certificate == nil && m.costBound == nil, "no bound is known")
      if cost == "0" { #expect(m.metrics.extraCost == 0 && m.metrics.recomputedCount == 0) }
      if cost == "1e6" { #expect(m.metrics.offloadedCount == 0 && m.plan.totals.hostBytes == 0) }
    }
  }

  @Test func `all three choices are made in one plan`() throws {
    let m = try Self.compiled(Self.text, 380_000)
    #expect(m.metrics.savedCount > 0 && m.metrics.recomputedCount > 0 && m.metrics.offloadedCount > 0)
    #expect(m.plan.totals.hostBytes == m.metrics.offloadedBytes)
    // 256 FLOPs for each byte there, and for each back
    #expect(m.metrics.copyCost == m.metrics.offloadedBytes * 2 * 256)
    #expect(m.metrics.waitCost < m.metrics.copyCost && m.metrics.waitCost > 0)
  }

  @Test func `nothing is offloaded where everything fits`() throws {
    let m = try Self.compiled(Self.text, 1 << 20, costPerByte: "0")
    #expect(m.metrics.extraCost == 0 && m.plan.totals.hostBytes == 0)
  }

  @Test(arguments: Models.all.map(\.name))
  func `every shape verifies at budgets below what keeping everything needs`(_ name: String) throws {
    let text = try #require(Models.all.first { $0.name == name }).text
    let full = try compilation(of: text, policy: "none()").compiled()
    let offloaded = try compilation(of: text + "\nschedule {\n  checkpoint = none()\n  offload **\n}\n").compiled()
    let (high, low) = (full.plan.totals.peakBytes, offloaded.plan.totals.peakBytes)
    if low == high { return }  // the peak is where nothing is away
    for budget in [(high + low) / 2, high - 1] {
      let m = try compilation(of: text, policy: Self.policy(budget, costPerByte: "0")).compiled()
      let plan = try PlanReader.read(Array(m.plan.text.utf8))
      #expect(plan.totals.peakBytes <= budget && plan.contentDigest == plan.header.computes)
    }
  }

  @Test func `what rules demand is no matter of choice`() throws {
    let rules = "  save layer.0.h\n  recompute layer.1.h\n  offload layer.2.h"
    let m = try Self.compiled(Self.model(rules), 360_448, costPerByte: "0")
    let p = m.plan.programs[0]
    func names(_ isChosen: (PlanInstruction) -> Bool) -> Set<String> {
      Set(p.instructions.filter(isChosen).flatMap { $0.operands.map { p.values[$0].name } })
    }
    let copied = names { if case .offload = $0.action { true } else { false } }
    #expect(copied.contains("layer.2.h") && copied.isDisjoint(with: ["layer.0.h", "layer.1.h"]))
    let made = p.instructions.filter { if case .recompute = $0.action { true } else { false } }
      .flatMap { $0.results.map { p.values[$0].name } }
    #expect(made.contains { $0.hasPrefix("layer.1.h'") })
    #expect(!made.contains { $0.hasPrefix("layer.0.h'") || $0.hasPrefix("layer.2.h'") })
  }

  @Test func `what checkpoint marks stays on the device`() throws {
    let text = Self.text.replacing("tanh(h @ weight)", with: "checkpoint(tanh(h @ weight))")
    let full = try compilation(of: text, policy: "none()").compiled().plan.totals.peakBytes
    let text2 = failure { () throws(CompileFailure) in
      _ = try compilation(of: text, policy: Self.policy(full - 65536, costPerByte: "0")).compiled()
    }
    #expect(text2.contains("[CG0501]") && text2.contains("offload: true"), "\(text2)")
  }

  @Test func `copies begin and are waited for where the estimate says, and a plan says so`() throws {
    let m = try Self.compiled(Self.text, 376_832, costPerByte: "16")
    let summary = m.summary
    #expect(m.metrics.waitCost == 0 && m.metrics.recomputeCost == 0)
    #expect(summary.contains("\(m.metrics.offloadedCount) values offloaded: "))
    #expect(summary.contains("  estimated transfer: as long as "), "\(summary)")
    #expect(summary.contains(" (16 FLOPs a byte), not hidden +0.0 % of a step"), "\(summary)")
    let report = m.report(path: "p", seconds: 1)
    #expect(report.offloadedBytes == m.metrics.offloadedBytes && report.copyWaitCost == 0)
    #expect(report.copyCost == m.metrics.offloadedBytes * 2 * 16)
  }

  @Test func `a flag's budget binds, too`() throws {
    let m = try compilation(of: Self.text, policy: Self.policy(1 << 20, costPerByte: "16"), budget: 376_832).compiled()
    #expect(m.plan.totals.peakBytes <= 376_832 && m.metrics.offloadedCount > 0)
  }

  @Test(arguments: [
    "optimal(offload: true)", "optimal(budget: 400000, offload: 1)", "optimal(budget: 400000, cost_per_byte: 4)",
    "optimal(budget: 400000, offload: false, cost_per_byte: 4)", "chain(budget: 400000, offload: true)",
    "optimal(budget: 400000, offload: true, cost_per_byte: -1)", "none(offload: true)",
    "optimal(budget: 400000, offload: true, cost_per_byte: 2e9)",
  ])
  func `other arguments are refused`(_ policy: String) {
    let text = failure { () throws(CompileFailure) in _ = try compilation(of: Self.text, policy: policy).compiled() }
    #expect(text.contains("[CG0504]"), "\(text)")
  }

  @Test func `offload false is the policy without it`() throws {
    let a = try compilation(of: Self.text, policy: "optimal(budget: 380000, offload: false)").compiled()
    let b = try compilation(of: Self.text, policy: "optimal(budget: 380000)").compiled()
    #expect(a.plan.programs == b.plan.programs && a.costBound == b.costBound)
  }

}
