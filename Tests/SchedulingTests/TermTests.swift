import IR
import Operations
import Scheduling
import Testing

/// Schedules of steps that clip gradients or have several micro-batches.
@Suite struct TermTests {

  /// Six tanh layers with weights, whose gradients are 1,024 bytes each.
  private static func problem(microBatches: Int = 1, clip: Double? = nil) throws -> SchedulingProblem {
    var g = Graph()
    var v = g.input("x", .f32, 16, 16)
    for i in 1...6 { v = try g.unary(.tanh, try g.matmul(v, g.parameter("w\(i)", 16, 16), "p\(i)"), "h\(i)") }
    g.setLoss(try g.reduce(.mean, v, "root"))
    g.train(microBatches: microBatches, clip: clip)
    return try g.problem()
  }

  private static func positions(
    _ p: SchedulingProblem, _ s: Schedule, of isWanted: (Operation) -> Bool
  ) -> [Int] {
    s.steps.indices.filter { (t) in
      s.steps[t].action != .delete && isWanted(p.analysis.function[s.steps[t].instruction].operation)
    }
  }

  /// Returns the most gradients of weights, of 1,024 bytes each, that live at once.
  private static func mostLiveGradients(_ p: SchedulingProblem, _ s: Schedule) -> Int {
    let isGradient = p.analysis.parameterGradients(of: s)
    var (live, most) = (0, 0)
    for step in s.steps {
      for v in step.results where isGradient[v.index] && p.analysis.arenaBytes(of: s.versions[v.index].value) == 1024 {
        live += 1
      }
      most = max(most, live)
      if step.action != .delete { continue }
      for v in step.operands where isGradient[v.index] && p.analysis.arenaBytes(of: s.versions[v.index].value) == 1024 {
        live -= 1
      }
    }
    return most
  }

  private static func isOptimizer(_ o: Operation) -> Bool { if case .update = o { true } else { false } }

  @Test(arguments: ["none", "sqrt"], [(1, nil), (1, 1.0), (3, nil), (3, 1.0)] as [(Int, Double?)])
  func `is accepted`(_ policy: String, _ terms: (Int, Double?)) throws {
    let p = try Self.problem(microBatches: terms.0, clip: terms.1)
    let s = try p.schedule(policy)
    var verifier = ScheduleVerifier(s, of: p.analysis.function)
    try verifier.verify()
    #expect(Self.positions(p, s, of: Self.isOptimizer).count == 6)
    #expect((s.applyStart != nil) == (terms.0 > 1))
  }

  @Test func `without terms a gradient dies before the next is made; with a clip norm all live until it is known`()
    throws
  {
    let (free, clipped) = (try Self.problem(), try Self.problem(clip: 1))
    #expect(Self.mostLiveGradients(free, try free.schedule("none")) == 1)
    #expect(Self.mostLiveGradients(clipped, try clipped.schedule("none")) == 6)
    let s = try clipped.schedule("none")
    let last = try #require(Self.positions(clipped, s) { $0 == .reduction(.sumSquares) }.last)
    #expect(Self.positions(clipped, s, of: Self.isOptimizer).allSatisfy { $0 > last })
  }

  @Test func `with micro-batches a gradient is added to its sum at once, and parameters wait for the last`() throws {
    let p = try Self.problem(microBatches: 2)
    let s = try p.schedule("sqrt")
    let start = try #require(s.applyStart)
    let sums = Self.positions(p, s) { $0 == .accumulate }
    #expect(sums.count == 6 && sums.allSatisfy { $0 < start })
    #expect(Self.positions(p, s, of: Self.isOptimizer).allSatisfy { $0 >= start })
    #expect(Self.mostLiveGradients(p, s) == 1)
    let clipped = try Self.problem(clip: 1)
    #expect(p.metrics(of: s).liveBytes < clipped.metrics(of: try clipped.schedule("sqrt")).liveBytes)
  }

  /// Returns what the verifier says of the schedule after `change`.
  private static func verdict(_ change: (inout [ScheduledStep], inout Int?) -> Void) throws -> String {
    let p = try problem(microBatches: 2)
    let s = try p.schedule("none")
    var (steps, start) = (s.steps, s.applyStart)
    change(&steps, &start)
    let broken = Schedule(versions: s.versions, steps: steps, backwardStart: s.backwardStart, applyStart: start)
    var verifier = ScheduleVerifier(broken, of: p.analysis.function)
    do throws(ScheduleViolation) { try verifier.verify() } catch { return error.message }
    return "ok"
  }

  @Test func `a step on the wrong side of the end of the micro-batch is refused`() throws {
    let message = "a step on the wrong side of the end of the micro-batch"
    #expect(try Self.verdict { (_, _) in } == "ok")
    #expect(try Self.verdict { (_, start) in start = nil } == message)
    #expect(try Self.verdict { (_, start) in start = start.map { $0 + 1 } } == message)
    // the steps before are an accumulation and the deletion of its gradient
    #expect(try Self.verdict { (_, start) in start = start.map { $0 - 2 } } == message)
  }

}
