import Driver
import IR
import Operations
import PlanFormat
import Scheduling
import Support
import TestSupport
import Testing

/// A6 and A12: every policy on every shape of graph.
@Suite struct PolicyTests {

  static let policies = [
    "none()", "every(k: 2)", "every(k: 3)", "every(k: 7)", "every(k: 100000)", "sqrt()", "all()", "cost()",
    "memory(ratio: 0.3)", "speed(ratio: 0.3)", "balanced(ratio: 0.3)", "revolve(slots: 3)", "legacy_every_n(n: 2)",
    "legacy_by_depth(n: 3)",
  ]

  /// All models under all policies, by `"MODEL POLICY"`; what does not compile is missing.
  private static let compiled: [String: CompiledModel] = {
    var all: [String: CompiledModel] = [:]
    for m in Models.all {
      for p in policies { all["\(m.name) \(p)"] = try? compilation(of: m.text, policy: p).compiled() }
    }
    return all
  }()

  @Test(arguments: policies, Models.all.map(\.name))
  func `A12 every shape compiles under every policy and its text verifies`(_ policy: String, _ name: String) throws {
    let model = try #require(Self.compiled["\(name) \(policy)"])
    let plan = try PlanReader.read(Array(model.plan.text.utf8))
    try plan.verify()
    #expect(plan.text == model.plan.text)
    #expect(plan.header.policy == policy)
    try Self.checkProtected(plan)
    Self.checkCounts(plan.programs[0], model)
  }

  /// A6: storage and results are never deleted or recomputed.
  private static func checkProtected(_ plan: Plan) throws {
    for p in plan.programs {
      let results = Set(p.results.map(\.value))
      for i in p.instructions {
        switch i.action {
        case .delete: #expect(i.operands.allSatisfy { !isStorage(p.values[$0]) && !results.contains($0) })
        case .recompute(let o):
          #expect(o.effect != .update)
          #expect(i.results.allSatisfy { !isStorage(p.values[$0]) && !results.contains($0) })
          let names = i.results.map { p.values[$0].name.prefix { $0 != "'" } }
          #expect(!p.results.contains { names.contains(p.values[$0.value].name[...]) })
        case .compute, .update, .offload, .fetch: continue
        }
      }
    }
  }

  /// A23: computed + recomputed = executed, and what was made is deleted, but for the results.
  private static func checkCounts(_ p: PlanProgram, _ model: CompiledModel) {
    var (made, deleted, recomputed) = (0, 0, 0)
    for i in p.instructions {
      made += i.results.count
      if case .delete = i.action { deleted += 1 }
      if case .recompute = i.action { recomputed += i.results.count }
    }
    #expect(made == deleted + p.results.count)
    #expect(recomputed == model.metrics.recomputedCount)
  }

  private static func isStorage(_ v: PlanValue) -> Bool {
    switch v.place {
    case .storage: true
    case .arena: false
    }
  }

  @Test(arguments: Models.all.map(\.name))
  func `none recomputes nothing and is its own baseline`(_ name: String) throws {
    let model = try #require(Self.compiled["\(name) none()"])
    #expect(model.metrics == model.keepAll)
    #expect(model.plan.totals.peakBytes == model.keepAllPeakBytes)
    #expect(model.metrics.recomputedCount == 0)
    #expect(model.warnings.elements.isEmpty)
  }

  @Test(arguments: Models.all.map(\.name))
  func `every of 1 recomputes nothing that costs`(_ name: String) throws {
    let text = try #require(Models.all.first { $0.name == name }).text
    let one = try compilation(of: text, policy: "every(k: 1)").compiled()
    let none = try #require(Self.compiled["\(name) none()"])
    #expect(one.metrics.recomputeCost == 0)
    #expect(one.metrics.savedBytes <= none.metrics.savedBytes)
  }

  @Test(arguments: Models.all.map(\.name))
  func `a policy with a higher peak than none says so, and no other does`(_ name: String) throws {
    for policy in Self.policies {
      let model = try #require(Self.compiled["\(name) \(policy)"])
      let isHigher = model.plan.totals.peakBytes > model.keepAllPeakBytes
      #expect(model.warnings.elements.map(\.code) == (isHigher ? ["CG0507"] : []))
    }
  }

  @Test(arguments: policies, Models.all.map(\.name))
  func `updates stand after the last read of their parameter`(_ policy: String, _ name: String) throws {
    let p = try #require(Self.compiled["\(name) \(policy)"]).plan.programs[0]
    var updated: Set<Int> = []
    var count = 0
    for i in p.instructions {
      #expect(updated.isDisjoint(with: i.operands))
      guard case .update = i.action else { continue }
      updated.formUnion(i.operands.dropLast())
      count += 1
    }
    #expect(count > 0)
  }

  @Test(arguments: ["sqrt()", "every(k: 3)"])
  func `twenty compilations give the same bytes`(_ policy: String) throws {
    let first = try compilation(of: Models.dropout, policy: policy).compiled().plan.text
    for _ in 1..<20 { #expect(try compilation(of: Models.dropout, policy: policy).compiled().plan.text == first) }
  }

  @Test func `A12 saved, dropped, saved: the value between is recomputed from the one before`() throws {
    let text = Models.model(
      """
        param weight: f32[D, D]
        let a = tanh(x @ weight)
        let b = exp(a)
        let c = sigmoid(b)
        return c @ out
      """, schedule: "  save a, c\n  recompute b")
    let p = try compilation(of: text).compiled().plan.programs[0]
    let recomputed = p.instructions.compactMap { (i) -> [String]? in
      guard case .recompute = i.action else { return nil }
      return i.results.map { p.values[$0].name } + i.operands.map { p.values[$0].name }
    }
    // exp's adjoint reads its own result, once
    #expect(recomputed == [["b'2", "a"]])
  }

}
