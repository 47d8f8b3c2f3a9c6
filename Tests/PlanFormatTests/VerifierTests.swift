import Operations
import PlanFormat
import Support
import Testing

@Suite struct VerifierTests {

  @Test func `accepts the sample`() throws { try SamplePlan.plan.verify() }

  @Test(arguments: BrokenText.plans)
  func `refuses plan`(_ broken: BrokenText) throws {
    let plan = try PlanReader.read(Array(broken.text.utf8))
    let violation = #expect(throws: PlanViolation.self) { try plan.verify() }
    #expect(violation?.description == broken.message)
  }

  /// Returns what the verifier says of the short plan after `lines` were put before the sum over `g`.
  private func violation(inserting lines: String, recomputeFlops: Int, stepFlops: Int = 2080) throws -> String? {
    let text = ShortPlan.text.replacing("  grad(b) = sum", with: lines + "  grad(b) = sum")
      .replacing("recompute_flops 128", with: "recompute_flops \(recomputeFlops)")
      .replacing("step_flops 2080", with: "step_flops \(stepFlops)")
    let plan = try PlanReader.read(Array(text.utf8))
    do { try plan.verify() } catch { return error.description }
    return nil
  }

  @Test func `accepts a value recomputed again, and from other versions of its operands`() throws {
    let third = """
        h'3 = recompute add x, b : f32[16,8] @0  // s.cgm:4
        delete h'3  // s.cgm:4

      """
    #expect(try violation(inserting: third, recomputeFlops: 2 * 128) == nil)
    let chain = """
        h'3 = recompute add x, b : f32[16,8] @0  // s.cgm:4
        z = sum h'3 {axes: [0, 1]} : f32[] @1088  // s.cgm:4
        delete h'3  // s.cgm:4
        delete z  // s.cgm:4
        h'4 = recompute add x, b : f32[16,8] @0  // s.cgm:4
        z'2 = recompute sum h'4 {axes: [0, 1]} : f32[] @1088  // s.cgm:4
        delete h'4  // s.cgm:4
        delete z'2  // s.cgm:4

      """
    #expect(try violation(inserting: chain, recomputeFlops: 4 * 128, stepFlops: 2080 + 128) == nil)
  }

  @Test func `refuses a version that leaves one out`() throws {
    let skipped = "  h'4 = recompute add x, b : f32[16,8] @0  // s.cgm:4\n  delete h'4  // s.cgm:4\n"
    #expect(
      try violation(inserting: skipped, recomputeFlops: 256)
        == "program train, instruction 10 (line 34): h'4 is out of order; the next version is '3")
  }

  @Test func `refuses a mean of bools that would be larger than any value may be`() {
    let side = 1 << 24  // bool[2^24,2^24] has 2^48 bytes, the most there may be; as f32 it would have four times that.
    var sketch = ProgramSketch("train", [])
    sketch.compute("one", .elementwise(.constant(1)), [], [], at: 0)
    sketch.compute("row", .reduction(.broadcast(extents: [1, side], inserted: [])), ["one"], [1, side], at: 64)
    sketch.compute(
      "column", .reduction(.broadcast(extents: [side, 1], inserted: [])), ["one"], [side, 1], at: 1 << 30)
    sketch.compute(
      "all", .elementwise(.compare(.less)), ["row", "column"], [side, side], at: 1 << 31, element: .bool)
    sketch.compute("mean", .reduction(.reduce(.mean, axes: [], keep: false)), ["all"], [], at: 1 << 32)
    sketch.loss("one")
    var plan = SamplePlan.plan
    plan.totals.arenaBytes = 1 << 50
    plan.training = .init(length: .init(1, .steps), seed: 0)
    (plan.storage, plan.data, plan.programs) = ([], [], [sketch.program])
    let violation = #expect(throws: PlanViolation.self) { try plan.verify() }
    #expect(violation?.problem.message == "the result [16777216, 16777216] is too large")
  }

}
