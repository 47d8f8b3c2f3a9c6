import PlanFormat
import Testing

/// What checking a bound may take is limited, so that a hostile plan ends early.
///
/// The step has two values of 4096 bytes that are there for its whole length unless they are made again, so that what keeps
/// everything is above the budget at all steps between, and many values of 4 bytes, each with a gap of its own.
@Suite struct BoundWorkTests {

  /// The number of units, with a gap each: with those of `a`, `b`, `p`, `r` and the last `u` there are 2^13.
  private static let units = (1 << 13) - 5

  /// The weights of bytes, and with the stages all for which each gap is looked at: 2^28 times together.
  private static let duals = 30_000
  private static let stages = (1 << 15) - duals

  /// Returns four instructions; what the first makes is read by the second and the fourth, and lies in a gap at the third.
  private static func unit(_ i: Int) -> String {
    """
      v.\(i) = relu u.\(i - 1) : f32[] @4160  // s.cgm:4
      delete u.\(i - 1)  // s.cgm:4
      w.\(i) = tanh v.\(i) : f32[] @4224  // s.cgm:4
      y.\(i) = tanh w.\(i) : f32[] @4288  // s.cgm:4
      delete w.\(i)  // s.cgm:4
      u.\(i) = add y.\(i), v.\(i) : f32[] @4096  // s.cgm:4
      delete y.\(i)  // s.cgm:4
      delete v.\(i)  // s.cgm:4

    """
  }

  /// Persistent: `x`. Arena: a large value at 0 and scalars behind it, the last at 4352.
  private static func text(stages: Int) -> String {
    let arena = 4352 + 4
    let last = units
    let duals = (3..<3 + duals).map { "\($0):1" }
    let lines = stride(from: 0, to: duals.count, by: 8).map { "duals " + duals[$0..<$0 + 8].joined(separator: " ") }
    return """
      cgplan 1
      source "s.cgm"
      model S
      policy manual()
      target cpu
      threads 2
      peak_bytes \(4096 + arena)
      arena_bytes \(arena)
      persistent_bytes 4096
      live_lower_bound_bytes \(4096 + 4096 + 3 * 4)
      activation_peak_bytes 4096
      saved_bytes 4
      step_flops \(6 * 1024 + units * (1 + 2 * 16 + 1) + 3)
      recompute_flops \(2 * 1024)
      bound_flops 0 budget \(4096 + arena) bits 0
      operand_bound_flops 0 bits 0
      \(lines.joined(separator: "\n"))
      \((3..<3 + stages).map { "absent_at \($0) bytes 1 cover 0" }.joined(separator: "\n"))
      training 1 steps seed 1
      data d : f32[1024] = synthetic(count: 64)  // s.cgm:1
      input x : f32[1024] @0  // s.cgm:1

      program train {
        bind x = d.0
        a = relu x : f32[1024] @0  // s.cgm:2
        p = sum a {axes: [0]} : f32[] @4160  // s.cgm:2
        delete a  // s.cgm:2
        b = abs x : f32[1024] @0  // s.cgm:3
        q = sum b {axes: [0]} : f32[] @4224  // s.cgm:3
        delete b  // s.cgm:3
        u.0 = add p, q : f32[] @4096  // s.cgm:3
        delete p  // s.cgm:3
        delete q  // s.cgm:3
      \((1...last).map(unit).joined())\
        backward
        a'2 = recompute relu x : f32[1024] @0  // s.cgm:2
        r = sum a'2 {axes: [0]} : f32[] @4160  // s.cgm:5
        delete a'2  // s.cgm:2
        b'2 = recompute abs x : f32[1024] @0  // s.cgm:3
        s = sum b'2 {axes: [0]} : f32[] @4224  // s.cgm:5
        delete b'2  // s.cgm:3
        t = add r, s : f32[] @4288  // s.cgm:5
        delete r  // s.cgm:5
        delete s  // s.cgm:5
        total = add t, u.\(last) : f32[] @4352  // s.cgm:5
        delete t  // s.cgm:5
        delete u.\(last)  // s.cgm:4
        loss loss = total
      }

      """
  }

  @Test func `each gap may be looked at for so many weights that it is 2^28 times, and no more`() throws {
    let most = try PlanReader.read(Array(Self.text(stages: Self.stages).utf8))
    #expect(throws: Never.self) { try most.verify() }
    let tooMany = try PlanReader.read(Array(Self.text(stages: Self.stages + 1).utf8))
    let refusal = #expect(throws: PlanViolation.self) { try tooMany.verify() }
    #expect(
      refusal?.description.hasPrefix("header: the weights of operand_bound_flops are no certificate") == true)
  }

}
