import PlanFormat
import Testing

/// Copies to the host and back: part of the text, of the totals and of what the verifier proves.
@Suite struct OffloadPlanTests {

  /// The short plan with `h` on the host, 512 bytes, where that recomputes it.
  static let text = ShortPlan.text
    .replacing("recompute_flops 128\n", with: "recompute_flops 0\nhost_bytes 512\n")
    .replacing("  y = dropout", with: "  offload h host @0  // s.cgm:4  for the backward part\n  y = dropout")
    .replacing("h'2 = recompute add x, b : f32[16,8] @0", with: "h'2 = fetch h : f32[16,8] @0 host @0")

  private static let fetch = "  h'2 = fetch h : f32[16,8] @0 host @0  // s.cgm:4  for the gradient of b\n"

  /// What brings `y` to the host and back, at `@64` there.
  private static let second = [
    ("  delete h  // s.cgm:5  last use\n", "  delete h  // s.cgm:5\n  offload y host @64  // s.cgm:5\n"),
    ("host_bytes 512", "host_bytes 640"),
    (
      "  grad(total) = constant",
      "  y'2 = fetch y : f32[16,8] @512 host @64  // s.cgm:5\n  delete y'2  // s.cgm:5\n  grad(total) = constant"
    ),
  ]

  private static func edited(_ edits: [(String, String)]) throws -> String {
    try edits.reduce(text) { (text, e) in
      try #require(text.firstRange(of: e.0) != nil, "\(e.0)")
      return text.replacing(e.0, with: e.1)
    }
  }

  private static func problem(_ edits: [(String, String)]) throws -> String {
    let plan = try PlanReader.read(Array(edited(edits).utf8))
    do { try plan.verify() } catch { return error.description }
    return "accepted"
  }

  @Test func `copies are read, verified and written`() throws {
    let plan = try PlanReader.read(Array(Self.text.utf8))
    #expect(plan.totals.hostBytes == 512)
    let actions = plan.programs[0].instructions.map(\.action)
    #expect(actions.contains(.offload(host: 0)))
    #expect(actions.contains { if case .fetch(_, host: 0) = $0 { true } else { false } })
    try plan.verify()
    #expect(plan.text == Self.text)
  }

  @Test func `a plan without copies has no host bytes`() throws {
    #expect(!ShortPlan.text.contains("host"))
    #expect(try PlanReader.read(Array(ShortPlan.text.utf8)).totals.hostBytes == 0)
  }

  @Test func `what a plan computes does not depend on where values are kept`() throws {
    let (a, b) = (try PlanReader.read(Array(ShortPlan.text.utf8)), try PlanReader.read(Array(Self.text.utf8)))
    #expect(a.contentDigest == b.contentDigest)
  }

  @Test func `each line of the text is that of its instruction`() throws {
    let plan = try PlanReader.read(Array(Self.text.utf8))
    let lines = Self.text.split(separator: "\n", omittingEmptySubsequences: false)
    let offload = try #require(plan.programs[0].instructions.firstIndex { $0.action == .offload(host: 0) })
    #expect(lines[plan.line(ofInstruction: offload, inProgram: 0) - 1].hasPrefix("  offload h"))
  }

  @Test func `two copies lie side by side, or one behind the other in one slot`() throws {
    let apart = Self.second.map { ($0.0, $0.1.replacing("host @64", with: "host @512").replacing("640", with: "1024")) }
    #expect(try Self.problem(apart) == "accepted")
    #expect(
      try Self.problem([
        (Self.fetch, Self.fetch + "  offload h'2 host @0  // s.cgm:4\n"),
        (
          "  delete h'2  // s.cgm:5\n",
          "  delete h'2  // s.cgm:5\n  h'3 = fetch h'2 : f32[16,8] @0 host @0  // s.cgm:4\n  delete h'3  // s.cgm:4\n"
        ),
      ]) == "accepted")
  }

  @Test func `a value is fetched again`() throws {
    let again = [
      (
        "  delete h'2  // s.cgm:5\n",
        "  delete h'2  // s.cgm:5\n  h'3 = fetch h : f32[16,8] @0 host @0  // s.cgm:4\n  delete h'3  // s.cgm:4\n"
      )
    ]
    #expect(try Self.problem(again) == "accepted")
  }

  /// What is changed, and what the verifier says of it.
  private static let broken: [(what: String, edits: [(String, String)], message: String)] = [
    (
      "a value that is not there", [("  h = add", "  offload b host @0  // s.cgm:4\n  h = add")],
      "instruction 0 (line 24): b is persistent and must not be offloaded"
    ),
    (
      "after its deletion",
      [
        ("  offload h host @0  // s.cgm:4  for the backward part\n", ""),
        ("  total = mean", "  offload h host @0  // s.cgm:4\n  total = mean"),
      ], "instruction 3 (line 27): h is read after instruction 2 deleted it"
    ),
    (
      "twice", [("  y = dropout", "  offload h host @0  // s.cgm:4\n  y = dropout")],
      "instruction 2 (line 26): h was offloaded by instruction 1"
    ),
    (
      "misaligned", [("h host @0", "h host @32")],
      "instruction 1 (line 25): the host slot of h lies at 32, which is not a multiple of 64"
    ),
    (
      "outside", [("h host @0", "h host @64")],
      "instruction 1 (line 25): the host slot of h takes 512 bytes at 64, outside of host_bytes 512"
    ),
    (
      "far outside", [("h host @0", "h host @9223372036854775744")],
      "instruction 1 (line 25): the host slot of h takes 512 bytes at 9223372036854775744, outside of host_bytes 512"
    ),
    (
      "never fetched", [(fetch, "  h'2 = recompute add x, b : f32[16,8] @0  // s.cgm:4\n")],
      "instruction 1 (line 25): h is offloaded and never fetched after that"
    ),
    (
      "overlapping slots", second,
      "instruction 4 (line 28): the host slot of y at 64 + 512 overlaps that of h at 0 + 512, which is fetched later"
    ),
    (
      "not offloaded",
      [
        ("  offload h host @0  // s.cgm:4  for the backward part\n", ""),
        ("  delete h  ", "  offload y host @0  // s.cgm:4\n  delete h  "),
        ("  delete g  ", "  y'2 = fetch y : f32[16,8] @0 host @0  // s.cgm:4\n  delete g  "),
      ], "instruction 7 (line 32): h'2 is fetched of h, which no instruction before offloads"
    ),
    (
      "another slot", [("@0 host @0  //", "@0 host @64  //")],
      "instruction 7 (line 32): h'2 is fetched from host offset 64, but h was offloaded to 0"
    ),
    (
      "before the copy is done",
      [
        ("  delete h  // s.cgm:5  last use\n", ""), ("@0 host @0  //", "@1152 host @0  //"),
        ("arena_bytes 1092", "arena_bytes 1664"), ("  delete h'2", "  delete h  // s.cgm:5\n  delete h'2"),
      ], "instruction 6 (line 31): h'2 is fetched before a deletion of h waits for its copy"
    ),
    (
      "another type", [("h'2 = fetch h : f32[16,8]", "h'2 = fetch h : f32[8,16]")],
      "instruction 7 (line 32): h'2 is declared f32[8,16], but h is f32[16,8]"
    ),
    ("another name", [("h'2", "k'2")], "instruction 7 (line 32): k'2 is fetched, but its name is no version of h"),
    ("no version", [("h'2", "k")], "instruction 7 (line 32): k is fetched, but its name is no version of h"),
    ("a version left out", [("h'2", "h'3")], "instruction 7 (line 32): h'3 is out of order; the next version is '2"),
    (
      "into live bytes",
      [("fetch h : f32[16,8] @0", "fetch h : f32[16,8] @576"), ("arena_bytes 1092", "arena_bytes 1152")],
      "instruction 7 (line 32): h'2 at 576 + 512 overlaps total at 1024 + 4, which is live"
    ),
    (
      "overwritten while it is copied",
      [("f32[16,8] @512  // s.cgm:5\n  delete h", "f32[16,8] @0  // s.cgm:5\n  delete h")],
      "instruction 2 (line 26): h is overwritten, but no deletion waits for its copy, which instruction 1 began"
    ),
    ("host bytes", [("host_bytes 512", "host_bytes 576")], "header: host_bytes is 576, but the instructions give 512"),
    (
      "no host bytes", [("host_bytes 512\n", "")],
      "instruction 1 (line 24): the host slot of h takes 512 bytes at 0, outside of host_bytes 0"
    ),
    (
      "a deletion left out", [("  delete h'2  // s.cgm:5\n", "")],
      "instruction 10 (line 35): grad(b) at 0 + 32 overlaps h'2 at 0 + 512, which is live"
    ),
    (
      "a bound", [("training 3", "bound_flops 0 budget 4096 bits 0\ntraining 3")],
      "header: bound_flops is there, but bounds hold for schedules that offload nothing"
    ),
  ]

  @Test(arguments: broken.indices)
  func `refuses`(_ k: Int) throws {
    let (what, edits, message) = Self.broken[k]
    let said = try Self.problem(edits)
    #expect(said == (message.hasPrefix("header") ? message : "program train, \(message)"), "\(what)")
  }

  @Test(arguments: [
    ("host_bytes 512", "host_bytes 0"), ("host_bytes 512", "host_bytes"), ("h host @0", "h @0"),
    ("h host @0", "h host 0"),
    ("h host @0", "k host @0"), ("fetch h :", "fetch k :"), ("fetch h :", "fetch h, y :"),
    ("@0 host @0", "@0, @64 host @0"), ("@0 host @0", "@0"), ("@0 host @0", "host @0"), ("host @0  //", "host @-1  //"),
  ])
  func `what is not written as a copy is not read`(_ from: String, _ to: String) {
    #expect(throws: PlanError.self) { try PlanReader.read(Array(Self.edited([(from, to)]).utf8)) }
  }

}
