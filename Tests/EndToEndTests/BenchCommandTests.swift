import Testing

@Suite struct BenchCommandTests {

  /// What CLI.md lists; the program adds the plan.
  private static let keys = JSONKeys(kinds: [
    "policy": .string, "step_ms_median": .number, "step_ms_p10": .number, "step_ms_p90": .number,
    "peak_bytes": .count, "saved_bytes": .count, "overhead_time_fraction": .number,
  ])

  private static func workspace(_ policy: String) throws -> Workspace {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain())
    try w.compile("chain.cgm", "--policy", policy)
    return w
  }

  @Test func `bench reports its keys for each plan`() throws {
    let w = try Self.workspace("none()")
    let kept = try w.compile("chain.cgm", "--policy", "none()")
    let other = try w.compile("chain.cgm", "--policy", "every(k: 4)", to: "other.cgplan")
    let r = try w.cgad("bench", "model.cgplan", "other.cgplan", "--steps", "4", "--warmup", "1", "--json").exits(0)
    let reports = try r.json.elements
    try #require(reports.count == 2)
    for (report, planned) in zip(reports, [kept, other]) {
      Self.keys.expect(in: report)
      for key in ["policy", "peak_bytes", "saved_bytes"] { #expect(report[key] == planned[key]) }
    }
    #expect(reports[0]["overhead_time_fraction"] == .number(0), "the first is what others are compared with")
  }

  @Test func `--against compiles the model beside the plan under other policies`() throws {
    let w = try Self.workspace("every(k: 4)")
    let r = try w.cgad("bench", "model.cgplan", "--against", "none,sqrt", "--steps", "2", "--warmup", "0", "--json")
    let reports = try r.exits(0).json.elements
    #expect(reports.map(\.["policy"].string) == ["none()", "sqrt()", "every(k: 4)"])
    #expect(try w.names == ["chain.cgm", "model.cgplan"], "nothing is left behind")
  }

  @Test func `--against without the model is a usage error`() throws {
    let w = Workspace()
    try w.compile(Sample.deep.path)
    try w.cgad("bench", "model.cgplan", "--against", "none").refuses(64, "deep.cgm")
  }

  @Test func `the table has a line for each plan`() throws {
    let w = try Self.workspace("none()")
    let r = try w.cgad("bench", "model.cgplan", "--steps", "2", "--warmup", "0").exits(0)
    #expect(r.results.split(separator: "\n").count == 2 && r.messages.isEmpty, "\(r)")
  }

}
