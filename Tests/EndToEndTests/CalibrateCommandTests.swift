import Testing

/// `cgad calibrate`, and `cgadc --cost-profile`.
@Suite struct CalibrateCommandTests {

  @Test func `a calibration is a profile by which a model is compiled, and no bit of the run changes`() throws {
    let w = try Workspace.withDigits()
    let said = try w.cgad("calibrate", "-o", "costs.json", "--name", "here").exits(0).results
    #expect(said.contains("wrote costs.json ("))
    let text = try w.text("costs.json")
    #expect(
      text.hasPrefix("{\n  \"cgad_costs\": 1,\n  \"name\": \"here\",\n  \"target\": \"cpu\",\n  \"threads\": 2,\n"))
    for name in ["*", "copy", "matmul", "conv2d", "softmax", "dropout", "adam"] {
      #expect(text.contains("\n    \"\(name)\": {"))
    }
    func compile(_ plan: String, _ flags: String...) throws -> JSONValue {
      try w.run(.cgadc, ["compile", Sample.digits.path, "-o", plan, "--budget", "670KiB", "--json"] + flags).exits(0)
        .json
    }
    let (plain, timed) = (try compile("a.cgplan"), try compile("b.cgplan", "--cost-profile", "costs.json"))
    #expect(plain["cost_unit"] == .string("flops") && plain["cost_profile"] == .null)
    #expect(timed["cost_unit"] == .string("ns") && timed["cost_profile"] == .string("here"))
    #expect(try #require(timed["estimated_step_ms"].number) > 0)
    #expect(try #require(timed["recompute_cost"].integer) > 0 && #require(timed["step_cost"].integer) > 0)
    _ = try compile("c.cgplan", "--cost-profile", "costs.json")
    #expect(try w.text("b.cgplan") == w.text("c.cgplan"))
    let digests = try ["a.cgplan", "b.cgplan"].map {
      try w.cgad("run", $0, "--steps", "5", "--json").exits(0).json["gradients_digest"]
    }
    #expect(digests[0] == digests[1] && digests[0] != .null)
  }

  private static let profile = """
    {"cgad_costs": 1, "name": "x", "target": "cpu", "threads": 2, "unit": "ns",
     "classes": {"*": {"bytes": [[1, 1]]}}}
    """

  @Test func `a hand-written profile counts for compile, check, dump and sweep`() throws {
    let w = Workspace()
    try w.write("c.json", Self.profile)
    let digits = Sample.digits.path
    let rows = try w.cgadc(
      "sweep", digits, "--points", "2", "--solver-moves", "1000", "--cost-profile", "c.json", "--format", "json"
    ).exits(0).json.elements
    #expect(rows.count == 2 && rows.allSatisfy { $0["cost_unit"] == .string("ns") })
    #expect(try #require(rows[0]["recompute_cost"].integer) < #require(rows[1]["recompute_cost"].integer))
    let dump = try w.cgadc("dump", digits, "--stage", "plan", "--cost-profile", "c.json").exits(0).results
    #expect(dump.contains("\ncosts \"x\" "))
    try w.cgadc("check", digits, "--cost-profile", "c.json").exits(0)
    #expect(try w.cgadc("compile", digits, "--cost-profile", "c.json").exits(0).results.contains("estimated step "))
  }

  @Test(arguments: [
    ("\"ns\"", "\"s\"", [String](), "c.json:1:74: the unit of times is 'ns'"),
    ("[1, 1]", "[1]", [], "c.json:2:32: expected ','"),
    ("\"*\"", "\"addd\"", [], "c.json:2:22: there is no operation 'addd'; did you mean 'add'?"),
    ("", "", ["--threads", "3"], "c.json: has the times of 2 threads, and the plan uses 3; "),
    ("", "", ["--target", "cuda"], "c.json: has the times of cpu, and the plan is for cuda"),
  ])
  func `a profile that is wrong or of something else is refused`(
    _ old: String, _ new: String, _ flags: [String], _ message: String
  ) throws {
    let w = Workspace()
    try w.write("c.json", old.isEmpty ? Self.profile : Self.profile.replacing(old, with: new))
    let r = try w.run(.cgadc, ["compile", Sample.digits.path, "--cost-profile", "c.json"] + flags).exits(2)
    #expect(r.messages.contains(message), "\(r)")
    #expect(try w.names == ["c.json"])
  }

  @Test func `a profile that is not there is refused, and so is a place where none can be written`() throws {
    let w = Workspace()
    let r = try w.cgadc("compile", Sample.digits.path, "--cost-profile", "no.json").exits(2)
    #expect(r.messages.contains("no.json: there is no such file"))
    try w.cgad("calibrate", "-o", "no/costs.json").exits(2)
    try w.cgad("calibrate", "--threads", "0").exits(64)
    #expect(try w.names.isEmpty)
  }

}
