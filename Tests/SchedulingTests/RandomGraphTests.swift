import IR
import Operations
import Rematerialization
import Scheduling
import Support
import TestSupport
import Testing

@Suite struct RandomGraphTests {

  /// Returns the most live bytes of `s` and the step that has them, by adding up what is live at every step anew.
  private static func peak(of s: Schedule, in f: Function) -> (bytes: Int, step: Int) {
    var live: Set<VersionID> = []
    var (peak, step) = (0, 0)
    for (t, x) in s.steps.enumerated() {
      live.subtract(overwritten(by: x, before: s.steps[(t + 1)...], of: s, in: f))
      live.formUnion(x.results)
      let bytes = live.reduce(0) { $0 + f[s.versions[$1.index].value].type.size.value }
      if bytes > peak { (peak, step) = (bytes, t) }
      if x.action == .delete { live.subtract(x.operands) }
    }
    return (peak, step)
  }

  /// Returns the operand of `x` whose bytes the result gets: one of the same type that is read for the last time, if
  /// every element of the result depends on one of its elements.
  private static func overwritten(
    by x: ScheduledStep, before rest: ArraySlice<ScheduledStep>, of s: Schedule, in f: Function
  ) -> Set<VersionID> {
    guard let r = x.results.first else { return [] }
    switch f[x.instruction].operation {
    case .elementwise, .random, .layout(.reshape): break
    case _: return []
    }
    let read = rest.reduce(into: Set<VersionID>()) { if $1.action != .delete { $0.formUnion($1.operands) } }
    let reported = Set(f.results.map(\.value))
    func value(_ v: VersionID) -> ValueID { s.versions[v.index].value }
    let last = x.operands.first { (o) in
      if case .storage = f[value(o)].origin { return false }
      return !read.contains(o) && !reported.contains(value(o)) && f[value(o)].type == f[value(r)].type
    }
    return Set(last.map { [$0] } ?? [])
  }

  /// Returns the bytes and the number of what the backward part reads of the forward part.
  private static func saved(of s: Schedule, in f: Function) -> (bytes: Int, count: Int) {
    let start = s.backwardStart ?? s.steps.count
    let before = Set(s.steps[..<start].flatMap(\.results))
    let read = Set(s.steps[start...].filter { $0.action != .delete }.flatMap(\.operands)).intersection(before)
    return (read.reduce(0) { $0 + f[s.versions[$1.index].value].type.size.value }, read.count)
  }

  static func check(_ s: Schedule, of p: SchedulingProblem) throws {
    let f = p.analysis.function
    var verifier = ScheduleVerifier(s, of: f, obligedToSave: p.obligations.saved)
    try verifier.verify()
    let m = p.metrics(of: s)
    let (bytes, step) = peak(of: s, in: f)
    #expect(m.liveBytes == bytes)
    #expect(m.peakStep == step)
    #expect((m.savedBytes, m.savedCount) == saved(of: s, in: f))
    let counts = Dictionary(grouping: s.steps, by: \.action).mapValues(\.count)
    // computed + updated = the program; recomputed values are counted; every version in the arena is deleted but the loss
    #expect((counts[.compute] ?? 0) + (counts[.update] ?? 0) == f.instructions.count)
    #expect(m.recomputedCount == counts[.recompute] ?? 0)
    #expect(counts[.delete] ?? 0 == (counts[.compute] ?? 0) + (counts[.recompute] ?? 0) - 1)
  }

  @Test(arguments: 0..<40)
  func `any decision gives a schedule that verifies and whose bytes add up`(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let g = try Graph.random(count: Int.random(in: 1...30, using: &random), &random)
    let p = try g.problem()
    for density in [0.0, 0.2, 0.5, 0.8, 1.0] {
      let decision = p.analysis.function.values.map { (_) in Double.random(in: 0..<1, using: &random) < density }
      try Self.check(p.schedule(saving: decision), of: p)
    }
  }

  @Test(arguments: 100..<106)
  func `every policy gives a schedule that verifies and whose bytes add up`(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let p = try Graph.random(count: 25, &random).problem()
    for c in try p.candidates() {
      let s = try Policy.schedule(c.policy, of: p)
      try Self.check(s, of: p)
      let m = p.metrics(of: s)
      #expect(m.liveBytes == c.score.peak)
      #expect(m.recomputeCost == c.score.cost)
    }
  }

  @Test(arguments: 400..<412)
  func `every policy without a place in the choice of budgets verifies too`(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let p = try Graph.random(count: 30, &random).problem()
    let none = p.metrics(of: try p.schedule("none"))
    var calls = ["all", "cost", "memory", "speed", "balanced"].map { PolicyCall(name: $0) }
    for slots in 1...4 { calls.append(.init(name: "revolve", arguments: [.init("slots", .integer(slots))])) }
    for part in [0, 50, 80, 100] {
      let bytes = none.liveBytes * part / 100
      calls.append(.init(name: "chain", arguments: [.init("budget", .integer(bytes))]))
      calls.append(.init(name: "budget", arguments: [.init("value", .integer(bytes))]))
    }
    for call in calls {
      let s = try Policy.schedule(call, of: p)
      try Self.check(s, of: p)
      let last = try #require(s.steps.last { $0.action == .compute || $0.action == .recompute })
      #expect(last.action == .compute, "nothing reads what is recomputed at the end")
    }
    let kept = try Policy.schedule(.init(name: "budget", arguments: [.init("value", .integer(none.liveBytes))]), of: p)
    #expect(p.metrics(of: kept).liveBytes <= none.liveBytes)
  }

  @Test(arguments: 200..<210)
  func `rules hold under every policy`(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let g = try Graph.random(count: 25, &random)
    let rules: [ScheduleRule] = [
      .init(.save, .init(segments: [.name("v3")], operation: nil, span: .init(0, 0))),
      .init(.recompute, .init(segments: [.name("v4")], operation: nil, span: .init(0, 0))),
    ]
    let p = try g.problem(rules: rules)
    let calls = ["none", "sqrt", "all", "cost", "memory", "speed", "balanced"].map { PolicyCall(name: $0) }
    for call in calls + [1, 3].map({ PolicyCall(name: "revolve", arguments: [.init("slots", .integer($0))]) }) {
      let s = try Policy.schedule(call, of: p)
      try Self.check(s, of: p)
      let f = p.analysis.function
      let recomputed = Set(
        s.steps.filter { $0.action == .recompute }.flatMap(\.results).map { f[s.versions[$0.index].value].name })
      #expect(!recomputed.contains("v3"))
      let start = try #require(s.backwardStart)
      let saved = s.steps[start...].flatMap(\.operands).filter { s.versions[$0.index].ordinal == 1 }
      #expect(!saved.contains { f[s.versions[$0.index].value].name == "v4" })
    }
  }

  @Test(arguments: 300..<310)
  func `nothing is recomputed more than once and keeping all recomputes nothing`(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let p = try Graph.random(count: 30, &random).problem()
    let least = p.schedule(saving: p.analysis.leastSaved())
    let recomputed = least.steps.filter { $0.action == .recompute }.map(\.instruction)
    #expect(Set(recomputed).count == recomputed.count)
    #expect(try p.schedule("none").steps.allSatisfy { $0.action != .recompute })
  }

}
