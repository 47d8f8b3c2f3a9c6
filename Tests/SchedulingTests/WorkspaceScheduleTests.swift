import IR
import Operations
import Rematerialization
import Scheduling
import Testing

/// Schedules of convolutions, which need more than operands and results while they run.
@Suite struct WorkspaceScheduleTests {

  /// Six times tanh of a convolution of 4 images of 4 channels of 8 by 8 pixels with windows of 3 by 3.
  private static func problem(_ workspace: WorkspaceModel) throws -> SchedulingProblem {
    let geometry = Convolution.Geometry(stride: .init(1, 1), padding: .init(1, 1), dilation: .init(1, 1), groups: 1)
    var g = Graph()
    var h = g.input("x", .f32, 4, 4, 8, 8)
    for i in 0..<6 {
      let w = g.parameter("w\(i)", 4, 4, 3, 3)
      h = try g.unary(.tanh, try g.append(.convolution(.convolution(geometry)), [h, w], "c\(i)"), "h\(i)")
    }
    g.setLoss(try g.reduce(.mean, h, "loss"))
    return try .init(try g.differentiated(), rules: [], cost: .flops, workspace: workspace)
  }

  /// Two tiles of 4 · 3 · 3 rows and 8 · 8 columns of f32.
  private static let forward = 2 * 4 * 3 * 3 * 8 * 8 * 4

  /// Returns the most live bytes of `schedule`, counted step by step.
  private static func recounted(_ schedule: Schedule, _ p: SchedulingProblem) -> Int {
    let takeovers = p.analysis.takeovers(of: schedule)
    var (live, most) = (Set<VersionID>(), 0)
    for (t, s) in schedule.steps.enumerated() {
      if s.action == .delete { live.subtract(s.operands) }
      if let v = takeovers[t] { live.remove(v) }
      live.formUnion(s.results)
      let values = live.reduce(0) { $0 + p.analysis.arenaBytes(of: schedule.versions[$1.index].value) }
      let i = p.analysis.function[s.instruction]
      let types = i.operands.map { p.analysis.function[$0].type }
      let work = s.action == .delete ? 0 : WorkspaceModel.processor(threads: 2).bytes(of: i.operation, types)
      most = max(most, values + work)
    }
    return most
  }

  @Test func `a convolution needs a tile for each thread`() throws {
    let p = try Self.problem(.processor(threads: 2))
    let f = p.analysis.function
    for id in f.instructionIDs where f[id].operation.mnemonic == "conv2d" {
      #expect(p.analysis.workspaces[id.index] == Self.forward)
    }
    for id in f.instructionIDs where f[id].operation.mnemonic.hasPrefix("tanh") {
      #expect(p.analysis.workspaces[id.index] == 0)
    }
    #expect(try Self.problem(.none).analysis.workspaces.allSatisfy { $0 == 0 })
  }

  @Test func `the peak of every policy counts it`() throws {
    let p = try Self.problem(.processor(threads: 2))
    for c in try p.candidates() {
      let s = try Policy.schedule(c.policy, of: p)
      #expect(p.metrics(of: s).liveBytes == Self.recounted(s, p), "\(c.policy)")
      #expect(p.metrics(of: s).liveBytes == c.score.peak, "\(c.policy)")
    }
  }

  @Test(arguments: ["optimal", "budget", "chain"])
  func `a budget binds it`(_ name: String) throws {
    let (p, blind) = (try Self.problem(.processor(threads: 2)), try Self.problem(.none))
    let most = p.metrics(of: try p.schedule("none")).liveBytes
    let budget = PolicyCall(
      name: name, arguments: [.init(name == "budget" ? "value" : "budget", .integer(most - 1))])
    // who does not see it finds that all can be kept
    let kept = try Policy.schedule(budget, of: blind)
    #expect(blind.metrics(of: kept).recomputedCount == 0)
    #expect(p.metrics(of: kept).liveBytes == most)
    let bound = p.metrics(of: try Policy.schedule(budget, of: p))
    #expect(bound.liveBytes < most && bound.recomputedCount > 0, "\(bound)")
  }

}
