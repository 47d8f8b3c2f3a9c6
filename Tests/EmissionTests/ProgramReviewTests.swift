import Emission
import Operations
import PlanFormat
import Support
import Testing

/// What is derived from the instructions of a plan.
@Suite struct ProgramReviewTests {

  /// Returns the live bytes at each instruction, each value looked at anew: from where it is defined to before it is
  /// deleted or overwritten.
  ///
  /// - Complexity: O(*n*²).
  private static func recounted(_ p: PlanProgram) -> [Int] {
    let taken = p.takeovers
    var live = p.instructions.map { $0.workspace?.byteCount ?? 0 }
    for (v, value) in p.values.enumerated() {
      guard case .arena = value.place else { continue }
      let birth = p.instructions.firstIndex { $0.results.contains(v) } ?? p.instructions.count
      let deletion = p.instructions.firstIndex { $0.action == .delete && $0.operands == [v] } ?? p.instructions.count
      for t in birth..<min(deletion, taken.firstIndex { $0 == v } ?? deletion) { live[t] += value.type.size.value }
    }
    return live
  }

  @Test func `live bytes are those of the values counted one by one`() throws {
    for plan in try Review.plans.get() {
      let r = ProgramReview(plan)
      #expect(r.liveBytes == Self.recounted(r.program))
      #expect(plan.totals.liveLowerBoundBytes == plan.totals.persistentBytes + (r.liveBytes.max() ?? 0))
      #expect(r.liveBytes[r.peak] == r.liveBytes.max() && !r.liveBytes[..<r.peak].contains(r.liveBytes[r.peak]))
    }
  }

  @Test func `what is saved is what the plan says it is`() throws {
    for plan in try Review.plans.get() {
      let saved = ProgramReview(plan).versions.filter { $0.category == .saved }
      #expect(saved.reduce(0) { $0 + $1.bytes } == plan.totals.savedBytes)
    }
  }

  @Test func `the groups at any instruction add up to what is live and stored`() throws {
    for plan in try Review.plans.get() {
      let r = ProgramReview(plan)
      let stored = plan.storage.reduce(0) { $0 + $1.storage.type.size.value }
      for t in r.program.instructions.indices {
        #expect(r.breakdown(at: t).reduce(0) { $0 + $1.bytes } == stored + r.liveBytes[t], "step \(t + 1)")
      }
    }
  }

  @Test func `operations add up to the totals`() throws {
    for plan in try Review.plans.get() {
      let r = ProgramReview(plan)
      var (step, again) = (0, 0)
      for (t, i) in r.program.instructions.enumerated() {
        if case .recompute = i.action { again += r.flops(at: t) } else { step += r.flops(at: t) }
      }
      #expect(step == plan.totals.stepFlops && again == plan.totals.recomputeFlops)
    }
  }

  @Test(arguments: [
    ("h", "recomputed"), ("y", "transient"), ("total", "transient"), ("grad(total)", "backward"), ("g", "backward"),
    ("b", "param"), ("velocity(b)", "slot"), ("x", "input"),
  ])
  func `a value has one fate`(_ path: String, _ fate: String) throws {
    let r = ProgramReview(try Review.plan())
    #expect(r.value(at: path)?.fate.description == fate)
  }

  @Test func `versions are one value, and other names are not`() throws {
    let r = ProgramReview(try Review.plan())
    #expect(r.value(at: "h'2") == r.value(at: "h") && r.value(at: "h")?.versions.count == 2)
    #expect(r.value(at: "h'x") == nil && r.value(at: "hh") == nil)
  }

  @Test func `a gradient that a parameter is updated from is told from other values of the backward part`() throws {
    let r = ProgramReview(try Review.plan())
    let categories = Dictionary(uniqueKeysWithValues: r.versions.map { (r.program.values[$0.value].name, $0.category) })
    #expect(categories["grad(b)"] == .gradients && categories["g"] == .adjoints)
    #expect(
      categories["h"] == .transient && categories["h'2"] == .recomputed && categories["velocity(b)"] == .optimizer)
  }

  @Test func `to have a value again takes what it was computed from, as far as that is gone`() throws {
    let r = ProgramReview(try Review.plan())
    let y = try #require(r.value(at: "y")).versions[0]
    // behind h'2: dropout of h'2 alone, 2 * 128 operations; before it h has to be computed, too, another 128
    let dropout = r.flops(at: 1)
    #expect(r.recomputation(of: y, at: 7) == .some(.init(count: 1, flops: dropout)))
    #expect(r.recomputation(of: y, at: 5) == .some(.init(count: 2, flops: dropout + 128)))
    // the parameter is another one after its update
    #expect(r.recomputation(of: y, at: r.program.instructions.count - 1) == nil)
  }

  @Test func `what would lower the peak is what the live bytes without the value say`() throws {
    var count = 0
    for plan in try Review.plans.get() {
      let r = ProgramReview(plan)
      for relief in r.reliefs {
        // the value is gone from behind its last use before the peak to its next use
        let uses = r.program.instructions.indices.filter {
          (r.program.instructions[$0].operands + r.program.instructions[$0].results).contains(relief.value)
        }
        let (last, next) = (uses.last { $0 < r.peak } ?? -1, uses.first { $0 > r.peak } ?? r.liveBytes.count)
        let bytes = r.versions[relief.value].bytes
        let without = r.liveBytes.enumerated().map { last < $0 && $0 < next ? $1 - bytes : $1 }
        #expect(relief.bytes == bytes && relief.liveBytes == without.max())
        count += 1
      }
    }
    #expect(count > 10)
  }

}
