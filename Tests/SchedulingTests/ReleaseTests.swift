import Driver
import IR
import Operations
import PlanFormat
import Scheduling
import Support
import TestSupport
import Testing

/// A6, A16 and A27: policies with a budget of their own, and all of them with rules.
@Suite struct ReleaseTests {

  /// Eight layers whose weights and activations have 1,024 bytes each.
  private static let text = Models.layers(8, width: 16, batch: 16, schedule: "")

  private static func peak(_ policy: String) throws -> Int {
    try compilation(of: text, policy: policy).compiled().plan.totals.peakBytes
  }

  private static func call(_ name: String, _ bytes: Int) -> String {
    name == "chain" ? "chain(budget: \(bytes))" : "budget(\(bytes))"
  }

  /// Returns the least budget that the refusal of 1 byte names.
  private static func least(_ name: String) throws -> Int {
    do throws(CompileFailure) {
      _ = try compilation(of: text, policy: call(name, 1)).compiled()
      Issue.record("1 byte is enough")
      return 0
    } catch {
      guard case .infeasible(let d, _, _) = error else {
        Issue.record("not a matter of the budget: \(error.text)")
        return 0
      }
      #expect(d.code == "CG0501")
      let note = try #require(d.notes.first?.message)
      #expect(note.hasSuffix(" works"))
      return try #require(Int(note.filter { "0"..."9" ~= $0 }))
    }
  }

  @Test(arguments: ["budget", "chain"])
  func `A27 the total peak is within the budget, and more budget never costs more`(_ name: String) throws {
    let (low, high) = (try Self.least(name), try Self.peak("none()"))
    #expect(low < high)
    var last = Int.max
    for i in 0...6 {
      let bytes = low + (high - low) * i / 6
      let m = try compilation(of: Self.text, policy: Self.call(name, bytes)).compiled()
      #expect(m.plan.totals.peakBytes <= bytes)
      #expect(m.plan.header.policy == Self.call(name, bytes))
      #expect(m.metrics.recomputeCost <= last)
      last = m.metrics.recomputeCost
    }
    #expect(last == 0)
  }

  @Test(arguments: ["budget", "chain"])
  func `A27 what cannot be met is an error, with the flag too`(_ name: String) throws {
    let peak = try Self.peak("none()")
    #expect(throws: CompileFailure.self) {
      try compilation(of: Self.text, policy: Self.call(name, peak), budget: 1).compiled()
    }
    let met = try compilation(of: Self.text, policy: Self.call(name, peak), budget: peak - 1).compiled()
    #expect(met.plan.totals.peakBytes < peak)
  }

  @Test func `A27 budget says what it gave up, and in which order`() throws {
    let peak = try Self.peak("none()")
    let one = try compilation(of: Self.text, policy: Self.call("budget", peak - 1)).compiled()
    #expect(one.released.count == 1)
    #expect(one.summary.contains("  gave up \(one.released[0])\n"))
    let more = try compilation(of: Self.text, policy: Self.call("budget", peak - 2049)).compiled()
    #expect(more.released.count > 1)
    #expect(more.released.first == one.released.first)
    let none = try compilation(of: Self.text, policy: Self.call("budget", peak)).compiled()
    #expect(none.released.isEmpty)
    #expect(!none.summary.contains("gave up"))
  }

  @Test func `A27 what is cheap to recompute goes first`() throws {
    // each layer's sum is read by gelu's gradient, its result by the next product's
    let text = Models.model(
      """
        var h = x
        repeat 6 as layer {
          param weight: f32[D, D]
          param bias:   f32[D]
          h = gelu(h @ weight + bias)
        }
        return h @ out
      """)
    let peak = try compilation(of: text, policy: "none()").compiled().plan.totals.peakBytes
    // 8 · 2 + 1 FLOPs for an element of the sum with its product, 20 for one of gelu
    let sums = (0..<6).map { "layer.\($0).h.x" }
    for (missing, count) in [(100, 1), (300, 3), (600, 5)] {
      let m = try compilation(of: text, policy: "budget(\(peak - missing))").compiled()
      #expect(m.plan.totals.peakBytes <= peak - missing)
      #expect(m.released == Array(sums.prefix(count)), "\(missing) bytes")
    }
  }

  private static let policies = [
    "all()", "cost()", "memory(ratio: 0)", "speed(ratio: 0)", "balanced(ratio: 0)", "revolve(slots: 1)",
    "revolve(slots: 3)", "legacy_every_n(n: 5)", "legacy_by_depth(n: 5)",
  ]

  @Test(arguments: policies)
  func `A6, A16 what rules save is kept under every policy, and what they recompute is not`(_ policy: String) throws {
    // i > 0, i % 3 == 0, i < 19: 3, 6, 9, 12, 15 and 18
    let kept = (0..<20).filter { $0 > 0 && $0 % 3 == 0 && $0 < 19 }.map { "layer.\($0).h" }
    let rules = "  save \(kept.joined(separator: ", "))\n  recompute layer.4.h"
    let p = try compilation(of: Models.layers(20, width: 8, batch: 4, schedule: rules), policy: policy).compiled()
      .plan.programs[0]
    let again = Set(
      p.instructions.flatMap { (i) -> [String] in
        guard case .recompute = i.action else { return [] }
        return i.results.map { String(p.values[$0].name.prefix { $0 != "'" }) }
      })
    #expect(kept.count == 6)
    #expect(again.isDisjoint(with: kept))
    #expect(again.contains("layer.4.h"))
  }

  @Test(arguments: ["memory(ratio: 0)", "speed(ratio: 0)", "balanced(ratio: 0)"])
  func `A16 a ratio of nothing keeps what rules save and no more`(_ policy: String) throws {
    let rules = "  save layer.3.h, layer.6.h"
    let m = try compilation(of: Models.layers(9, width: 16, batch: 16, schedule: rules), policy: policy).compiled()
    #expect(m.metrics.savedBytes == 2 * 1024)
  }

  @Test(arguments: [0, 1, 2, 3])
  func `revolve runs no more stages again than the count says`(_ seed: UInt64) throws {
    var g = Graph()
    let w = g.parameter("w", 16, 16)
    var v = w
    // the gradient of a product reads its operand, so that each stage is a product and a tanh, one value kept of it
    for i in 0..<12 { v = try g.unary(.tanh, try g.matmul(v, w, "m\(i)"), "h\(i)") }
    g.setLoss(try g.reduce(.mean, v, "loss"))
    let p = try g.problem()
    let slots = Int(seed) + 1
    let s = try Policy.schedule(.init(name: "revolve", arguments: [.init("slots", .integer(slots))]), of: p)
    var verifier = ScheduleVerifier(s, of: p.analysis.function)
    try verifier.verify()
    let again = p.metrics(of: s).recomputedCount
    #expect(again > 0)
    // a stage is two instructions; the last stage is the loss
    #expect(again <= 2 * ReversalTable.extraSteps(stages: 13, slots: slots) + 2 * 13)
    if slots > 1 {
      let fewer = try Policy.schedule(.init(name: "revolve", arguments: [.init("slots", .integer(slots - 1))]), of: p)
      #expect(again <= p.metrics(of: fewer).recomputedCount)
    }
  }

  @Test func `all saves the borders of the outermost calls alone`() throws {
    let p = try compilation(
      of: DeepTests.text.replacing("return relu(x @ weight + bias)", with: "return exp(tanh(x @ weight) + bias)"),
      policy: "all()"
    )
    .compiled().plan.programs[0]
    var again: [String] = []
    for i in p.instructions { if case .recompute(let o) = i.action { again.append(o.mnemonic) } }
    // 20 layers; tanh and exp read their results: exp's leave their layers, tanh's do not
    #expect(again.filter { $0 == "tanh" }.count == 20)
    #expect(!again.contains("exp"))
  }

  @Test func `policies with wrong arguments are refused`() throws {
    for call in ["revolve(slots: 0)", "revolve()", "chain()", "budget()", "budget(bytes: 3)", "memory(0.5)", "cost(1)"]
    {
      do throws(CompileFailure) {
        _ = try compilation(of: Self.text, policy: call).compiled()
        Issue.record("\(call) is accepted")
      } catch {
        #expect(error.codes == ["CG0504"], "\(call)")
      }
    }
  }

}
