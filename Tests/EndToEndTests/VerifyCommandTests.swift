import Testing

@Suite struct VerifyCommandTests {

  /// What CLI.md lists; the program adds what explains them.
  private static let keys = JSONKeys(kinds: [
    "max_abs_diff": .number, "bitwise_equal": .bool, "effects_once": .bool, "peak_ok": .bool,
  ])

  @Test(arguments: Sample.allCases, ["none()", "sqrt()", "every(k: 4)"])
  func `A5: executing a sample's plan gives the same bits as keeping everything`(
    _ sample: Sample, _ policy: String
  ) throws {
    let w = try Workspace.withDigits()
    let planned = try w.compile(sample.path, "--policy", policy)
    // The images of mlp.cgm may not be at hand; --synthetic stands in for them.
    let flags = sample == .mlp ? ["--synthetic", "--steps", "2"] : ["--steps", "2"]
    let report = try w.run(.cgad, ["verify", "model.cgplan", "--json"] + flags).exits(0).json
    Self.keys.expect(in: report)
    #expect(report["max_abs_diff"] == .number(0))
    for key in ["bitwise_equal", "effects_once", "peak_ok"] { #expect(report[key] == .bool(true), "\(key)") }
    #expect(report["peak_bytes_measured"] == planned["peak_bytes"])
  }

  @Test func `the report for people is on standard output`() throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain())
    try w.compile("chain.cgm", "--policy", "sqrt()")
    let r = try w.cgad("verify", "model.cgplan").exits(0)
    #expect(r.results.contains("same bits") && !r.results.contains("WRONG") && r.messages.isEmpty, "\(r)")
  }

  @Test(arguments: Sample.allCases, ["none()", "sqrt()", "every(k: 1)", "every(k: 3)"])
  func `the static verifier accepts what the compiler makes`(_ sample: Sample, _ policy: String) throws {
    let w = Workspace()
    let peak = try #require(try w.compile(sample.path, "--policy", policy)["peak_bytes"].integer)
    let r = try w.cgadc("verify", "model.cgplan", "model.cgplan").exits(0)
    let lines = r.results.split(separator: "\n")
    #expect(lines.count == 2 && lines.allSatisfy { $0.contains("ok") && $0.contains("(\(peak) bytes)") }, "\(r)")
    #expect(r.messages.isEmpty)
  }

}
