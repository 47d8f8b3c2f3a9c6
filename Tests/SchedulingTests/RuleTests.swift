import Driver
import IR
import Operations
import PlanFormat
import Scheduling
import Support
import TestSupport
import Testing

/// `save`, `recompute` and marks.
@Suite struct RuleTests {

  /// Returns the names of the values that `text` recomputes.
  private static func recomputed(_ text: String, policy: String? = nil) throws -> [String] {
    let p = try compilation(of: text, policy: policy).compiled().plan.programs[0]
    return p.instructions.flatMap { (i) -> [String] in
      guard case .recompute = i.action else { return [] }
      return i.results.map { String(p.values[$0].name.prefix { $0 != "'" }) }
    }.sorted()
  }

  /// Returns the names of the values of the forward part that are live when the backward part begins.
  private static func kept(_ text: String, policy: String? = nil) throws -> [String] {
    let p = try compilation(of: text, policy: policy).compiled().plan.programs[0]
    var live: Set<Int> = []
    for i in p.instructions[..<(p.backwardStart ?? 0)] {
      live.formUnion(i.results)
      if case .delete = i.action { live.subtract(i.operands) }
    }
    return live.map { p.values[$0].name }.sorted()
  }

  /// Four layers `h = tanh(h @ weight)` under `rules`.
  private static func model(_ rules: String) -> String {
    Models.layers(4, width: 8, batch: 4, schedule: rules)
  }

  @Test func `a recompute rule is obeyed under a policy that saves`() throws {
    #expect(try Self.recomputed(Self.model("  checkpoint = none()\n  recompute layer.1.h")) == ["layer.1.h"])
  }

  @Test func `a save rule is obeyed under a policy that recomputes`() throws {
    let all = ["layer.0.h", "layer.1.h", "layer.2.h", "layer.3.h"]
    let without = try Self.recomputed(Self.model("  checkpoint = every(k: 1000)"))
    #expect(without.filter { $0.hasSuffix(".h") } == all)
    let with = try Self.recomputed(Self.model("  checkpoint = every(k: 1000)\n  save layer.1.h"))
    #expect(with.filter { $0.hasSuffix(".h") } == ["layer.0.h", "layer.2.h", "layer.3.h"])
    #expect(
      try Self.kept(Self.model("  checkpoint = every(k: 1000)\n  save layer.1.h")) == ["layer.1.h", "train.loss"])
  }

  @Test(arguments: PolicyTests.policies)
  func `A6 what a rule saves is kept and never recomputed, under every policy`(_ policy: String) throws {
    let text = Self.model("  save layer.{0..2}.h")
    let saved = ["layer.0.h", "layer.1.h", "layer.2.h"]
    #expect(try Set(Self.recomputed(text, policy: policy)).isDisjoint(with: saved))
    #expect(try Set(Self.kept(text, policy: policy)).isSuperset(of: saved))
  }

  @Test(arguments: PolicyTests.policies)
  func `A6 what checkpoint marks is kept and never recomputed, under every policy`(_ policy: String) throws {
    let text = Self.model("").replacing("tanh(h @ weight)", with: "checkpoint(tanh(h @ weight))")
    #expect(try Self.recomputed(text, policy: policy).allSatisfy { !$0.hasSuffix(".h") })
  }

  @Test func `marks make manual the policy`() throws {
    let text = Self.model("").replacing("tanh(h @ weight)", with: "checkpoint(tanh(h @ weight))")
    let m = try compilation(of: text).compiled()
    #expect(m.plan.header.policy == "manual()")
    #expect(try compilation(of: Self.model("")).compiled().plan.header.policy == "none()")
  }

  @Test func `manual recomputes what is not marked`() throws {
    let text = Models.model(
      """
        let a = checkpoint(tanh(x @ out))
        let b = exp(a)
        let c = sigmoid(b)
        return c
      """)
    #expect(try Self.recomputed(text) == ["b", "c"])
    #expect(try Self.recomputed(text, policy: "none()") == [])
  }

  @Test func `A16 of 20 layers every third keeps 6`() throws {
    // i > 0, i % 3 == 0, i < 19: 3, 6, 9, 12, 15 and 18
    let selected = (0..<20).filter { $0 > 0 && $0 % 3 == 0 && $0 < 19 }.map { "layer.\($0).h" }
    #expect(selected.count == 6)
    let rules = "  checkpoint = every(k: 1000)\n  save \(selected.joined(separator: ", "))"
    let kept = try Self.kept(Models.layers(20, width: 8, batch: 4, schedule: rules))
    #expect(kept == (selected + ["train.loss"]).sorted())
  }

  @Test func `A16 of 50 layers of 1024 every second keeps 24`() throws {
    // i > 0, i % 2 == 0, i < 49: 2, 4, …, 48; each 128 · 1024 · 4 bytes
    let selected = (0..<50).filter { $0 > 0 && $0 % 2 == 0 && $0 < 49 }.map { "layer.\($0).h" }
    #expect(selected.count == 24)
    let rules = "  checkpoint = every(k: 1000)\n  save \(selected.joined(separator: ", "))"
    let text = Models.layers(50, width: 1024, batch: 128, schedule: rules)
    #expect(try Self.kept(text) == (selected + ["train.loss"]).sorted())
    #expect(try compilation(of: text).compiled().metrics.savedBytes == 24 * 128 * 1024 * 4)
  }

  @Test(arguments: [
    ("layer.*.h", 4), ("layer.{1..2}.h", 2), ("**.h", 4), ("**", 8), ("layer.3.**", 2), ("** :: tanh", 4),
    ("layer.0.** :: matmul", 1), ("layer.{0..9}.h :: tanh", 4),
  ])
  func `selectors select`(_ selector: String, _ count: Int) throws {
    // 4 layers of a matmul and a tanh; the loss is reported and never selected
    let recomputed = try Self.recomputed(Self.model("  checkpoint = every(k: 1)\n  recompute \(selector)"))
    let kept = try Self.kept(Self.model("  checkpoint = every(k: 1)\n  save \(selector)"))
    #expect(recomputed.count <= count)
    #expect(kept.count >= 1)
    let values = try compilation(of: Self.model("  recompute \(selector)")).compiled()
    #expect(values.metrics.recomputedCount >= min(1, count - 4) || count <= 4)
  }

  @Test func `a more specific later rule overrides with a warning`() throws {
    let m = try compilation(of: Self.model("  recompute layer.*.h\n  save layer.2.h")).compiled()
    #expect(m.warnings.elements.map(\.code) == ["CG0513"])
    #expect(m.warnings.elements.allSatisfy { $0.severity == .warning })
    #expect(
      try Self.recomputed(Self.model("  recompute layer.*.h\n  save layer.2.h")) == [
        "layer.0.h", "layer.1.h", "layer.3.h",
      ])
  }

  @Test func `a later rule that agrees is silent`() throws {
    let m = try compilation(of: Self.model("  save layer.*.h\n  save layer.2.h")).compiled()
    #expect(m.warnings.elements.isEmpty)
  }

  @Test(arguments: [
    ("  save layer.2.h\n  recompute layer.2.h", "CG0511"),
    ("  save layer.{1..2}.h\n  recompute layer.{2..3}.h", "CG0511"),
    ("  save layer.*.h\n  recompute *.1.h", "CG0511"),
    ("  save layer.9.h", "CG0510"),
    ("  save layer", "CG0510"),
    ("  save layer.*.h :: relu", "CG0510"),
    ("  save train.loss", "CG0510"),
    ("  save layer.0.weight", "CG0510"),
    ("  save grad*", "CG0109"),
  ])
  func `contradictions and rules without a match are refused`(_ rules: String, _ code: String) {
    let c = compilation(of: Self.model(rules))
    let text = failure { () throws(CompileFailure) in _ = try c.compiled() }
    #expect(text.contains("[\(code)]"), "\(text)")
  }

  @Test func `a rule without a match names the nearest path`() {
    let c = compilation(of: Self.model("  save layer.*.g"))
    let text = failure { () throws(CompileFailure) in _ = try c.compiled() }
    // 4 values of 4 · 8 · 4 = 128 bytes
    #expect(text.contains("note: did you mean 'layer.*.h' (4 values, 512 B)?"), "\(text)")
  }

}
