import PlanFormat
import Testing

/// What instructions work in: part of the text, of the totals and of what the verifier proves.
@Suite struct WorkspaceTests {

  /// A convolution of 4 images of 9 by 9 pixels with 2 windows of 2 by 2, on two threads.
  ///
  /// A tile has 4 rows and 64 columns of f32, 1024 bytes, and each of the two threads has one: 2048 bytes, from the end of
  /// the result at 2048 to 4096. Persistent: 32 bytes of weights and 4 · 324 bytes of images at 256, 1552 in all.
  private static let text = """
    cgplan 1
    source "c.cgm"
    model C
    policy none()
    target cpu
    threads 2
    peak_bytes 5648
    arena_bytes 4096
    persistent_bytes 1552
    live_lower_bound_bytes 5648
    activation_peak_bytes 4096
    saved_bytes 0
    step_flops 4608
    recompute_flops 0
    training 3 steps seed 1
    data d : f32[4,1,9,9] = synthetic(count: 64)  // c.cgm:2
    frozen w : f32[2,1,2,2] @0 ~ uniform(low: -1.0, high: 1.0)  // c.cgm:3
    input x : f32[4,1,9,9] @256  // c.cgm:2

    program train {
      bind x = d.0
      y = conv2d x, w {stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1} : f32[4,2,8,8] @0 workspace 2048 @2048  // c.cgm:4
      total = mean y {axes: [0, 1, 2, 3]} : f32[] @2048  // c.cgm:5
      delete y  // c.cgm:5
      loss loss = total
    }

    """

  private static func edited(_ from: String, _ to: String) throws -> Plan {
    try #require(text.firstRange(of: from) != nil, "\(from)")
    return try PlanReader.read(Array(text.replacing(from, with: to).utf8))
  }

  @Test func `a workspace is read, verified and written`() throws {
    let plan = try PlanReader.read(Array(Self.text.utf8))
    #expect(plan.programs[0].instructions[0].workspace == .init(byteCount: 2048, offset: 2048))
    #expect(plan.programs[0].instructions[1].workspace == nil)
    try plan.verify()
    #expect(plan.text == Self.text)
  }

  @Test(arguments: [
    ("workspace 2048", "workspace 1024", "conv2d works in 2048 bytes, but is given a workspace of 1024"),
    ("workspace 2048", "workspace 3072", "conv2d works in 2048 bytes, but is given a workspace of 3072"),
    (" workspace 2048 @2048", "", "conv2d works in 2048 bytes, but is given a workspace of 0"),
    ("threads 2", "threads 1", "conv2d works in 1024 bytes, but is given a workspace of 2048"),
    ("threads 2", "threads 4", "conv2d works in 4096 bytes, but is given a workspace of 2048"),
    ("target cpu", "target cuda", "conv2d works in 0 bytes, but is given a workspace of 2048"),
    ("@2048  // c.cgm:5", "@2048 workspace 64 @0  // c.cgm:5", "mean works in 0 bytes, but is given a workspace of 64"),
    ("@2048  // c.cgm:5", "@2048 workspace 0 @0  // c.cgm:5", "mean works in 0 bytes, but is given a workspace of 0"),
    ("2048 @2048", "2048 @2000", "the workspace of conv2d lies at 2000, which is not a multiple of 64"),
    ("2048 @2048", "2048 @2112", "the workspace of conv2d takes 2048 bytes at 2112, outside of arena_bytes 4096"),
    ("2048 @2048", "2048 @9223372036854775744", "outside of arena_bytes 4096"),
    ("2048 @2048", "2048 @1984", "the workspace at 1984 + 2048 overlaps y, which is live"),
    ("2048 @2048", "2048 @0", "the workspace at 0 + 2048 overlaps y, which is live"),
    ("arena_bytes 4096", "arena_bytes 4160", "arena_bytes is 4160, but the instructions give 4096"),
    (
      "live_lower_bound_bytes 5648", "live_lower_bound_bytes 3604",
      "live_lower_bound_bytes is 3604, but the instructions give 5648"
    ),
    (
      "activation_peak_bytes 4096", "activation_peak_bytes 2048",
      "activation_peak_bytes is 2048, but the instructions give 4096"
    ),
  ])
  func `a workspace that is not what the operation needs, where nothing is live, is refused`(
    _ from: String, _ to: String, _ message: String
  ) throws {
    let plan = try Self.edited(from, to)
    let violation = #expect(throws: PlanViolation.self) { try plan.verify() }
    #expect("\(violation.map(\.description) ?? "")".contains(message), "\(violation.map(\.description) ?? "")")
  }

  @Test func `threads without tasks have no workspace`() throws {
    // 4 tasks on 3 threads are 2 chunks of 2, as on 2 threads
    try Self.edited("threads 2", "threads 3").verify()
  }

  @Test(arguments: ["workspace 2048", "workspace @2048", "workspace -1 @2048", "workspace 1 @0 workspace 1 @0"])
  func `a workspace that is not written as one is not read`(_ text: String) {
    #expect(throws: PlanError.self) { try Self.edited("workspace 2048 @2048", text) }
  }

}
