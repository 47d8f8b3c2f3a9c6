import IR
import Operations
import Scheduling
import TestSupport
import Testing

/// Schedules from sequences of executions, in which anything may come again.
@Suite struct ExecutionTests {

  /// Returns the step of training on `layers` tanh of a parameter of 16×16, 1,024 bytes a value.
  private static func chain(_ layers: Int) throws -> StepAnalysis {
    var g = Graph()
    var v = g.parameter("w", 16, 16)
    for i in 1...layers { v = try g.unary(.tanh, v, "h\(i)") }
    g.setLoss(try g.reduce(.mean, v, "root"))
    return try g.problem().analysis
  }

  /// Returns the steps as text: `compute h1`, `delete h1'2`.
  private static func text(_ s: Schedule, _ f: Function) -> [String] {
    func name(_ v: VersionID) -> String {
      let version = s.versions[v.index]
      return f[version.value].name + (version.ordinal == 1 ? "" : "'\(version.ordinal)")
    }
    return s.steps.map { "\($0.action) \(name($0.results.first ?? $0.operands[0]))" }
  }

  /// Returns the instructions of `schedule` that are executed, in order.
  private static func order(of schedule: Schedule) -> [InstructionID] {
    schedule.steps.filter { $0.action == .compute || $0.action == .recompute }.map(\.instruction)
  }

  @Test func `what comes again is a recomputation, and each version lives to its last use`() throws {
    let a = try Self.chain(3)
    let f = a.function
    let forward = (0..<4).map(InstructionID.init)
    let backward = f.instructionIDs.filter { $0.index >= 4 && f[$0].operation.effect != .update }
    // h1 again after the forward part, and once more with h2 before the last gradient
    let order = forward + [forward[0]] + backward.dropLast() + [forward[0], forward[1]] + backward.suffix(1)
    let s = a.schedule(executing: order)
    let lines = Self.text(s, f)
    let start = [
      "compute h1", "compute h2", "delete h1", "compute h3", "compute root", "recompute h1'2", "delete h1'2",
      "compute grad(root)",
    ]
    #expect(Array(lines.prefix(start.count)) == start)
    // the last gradient, which reads h1, comes right after both; nothing reads the new h2
    let again = ["recompute h1'3", "recompute h2'2", "delete h2'2"]
    let place = try #require(lines.firstIndex(of: again[0]))
    #expect(Array(lines[place...].prefix(again.count)) == again)
    #expect(lines[place...].contains("delete h1'3"))
    #expect(s.versions.filter { f[$0.value].name == "h1" }.map(\.ordinal) == [1, 2, 3])
    #expect(s.backwardStart == 5)
  }

  @Test func `an order with every instruction once is the plain step`() throws {
    let a = try Self.chain(5)
    let s = a.schedule(executing: Array(a.function.instructionIDs))
    let plain = a.schedule(saving: .init(repeating: true, count: a.function.values.count))
    #expect(s.steps == plain.steps)
    #expect(s.steps.allSatisfy { $0.action != .recompute })
  }

  @Test(arguments: 0..<20)
  func `the executions of any decision's schedule give that schedule`(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let a = try Graph.random(count: 25, &random).problem().analysis
    for density in [0.0, 0.3, 0.7, 1.0] {
      let saved = a.function.values.map { (_) in Double.random(in: 0..<1, using: &random) < density }
      let s = a.schedule(saving: saved)
      let again = a.schedule(executing: Self.order(of: s))
      #expect(again.steps == s.steps)
      #expect(again.versions == s.versions)
      #expect(again.backwardStart == s.backwardStart)
    }
  }

  @Test(arguments: 100..<140)
  func `any sequence whose first occurrences are in order verifies and its bytes add up`(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let p = try Graph.random(count: Int.random(in: 1...25, using: &random), &random).problem()
    let f = p.analysis.function
    var order: [InstructionID] = []
    for id in f.instructionIDs where f[id].operation.effect != .update {
      while let again = order.randomElement(using: &random), Int.random(in: 0..<3, using: &random) == 0 {
        if f[again].results.allSatisfy({ !p.analysis.isResult[$0.index] }) { order.append(again) }
      }
      order.append(id)
    }
    try RandomGraphTests.check(p.analysis.schedule(executing: order), of: p)
  }

  @Test func `what is reported lives to the end in its first version`() throws {
    let a = try Self.chain(2)
    let f = a.function
    let root = InstructionID(2)
    #expect(f[f[root].results[0]].name == "root")
    let s = a.schedule(executing: [0, 1, 2, 2].map(InstructionID.init) + f.instructionIDs.dropFirst(3))
    let lines = Self.text(s, f)
    #expect(lines.contains("delete root'2"))
    #expect(!lines.contains("delete root"))
    var verifier = ScheduleVerifier(s, of: f)
    try verifier.verify()
  }

}
