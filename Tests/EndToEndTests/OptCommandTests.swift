import Testing

@Suite struct OptCommandTests {

  /// A module with two equal products, of which one is not used.
  private static func module(in w: Workspace) throws -> String {
    try w.write("model.cgm", Models.chain())
    return try w.cgadc("dump", "model.cgm", "--stage", "ir").exits(0).results
  }

  @Test(arguments: Sample.allCases)
  func `textual IR reads back, and no pass at all leaves it as it is`(_ sample: Sample) throws {
    let w = Workspace()
    let ir = try w.cgadc("dump", sample.path, "--stage", "ir").exits(0).results
    try w.write("model.cgir", ir)
    let r = try w.cgadc("opt", "model.cgir").exits(0)
    #expect(r.results == ir)
    #expect(r.messages.isEmpty)
  }

  @Test(arguments: [["cse"], ["dce"], ["cse", "dce"], ["dce", "cse", "dce"]])
  func `passes do not change what is simple already`(_ passes: [String]) throws {
    let w = Workspace()
    let ir = try Self.module(in: w)
    try w.write("model.cgir", ir)
    let r = try w.run(.cgadc, ["opt"] + passes.flatMap { ["--pass", $0] } + ["model.cgir"]).exits(0)
    #expect(r.results == ir)
  }

  @Test func `cse merges equal instructions, dce removes those that no one reads`() throws {
    let w = Workspace()
    let ir = try Self.module(in: w)
    let lines = ir.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let first = try #require(lines.firstIndex { $0.contains("= tanh ") })
    let twin = "  twin =" + (lines[first].split(separator: "=", maxSplits: 1).last ?? "")
    try w.write("model.cgir", (lines[...first] + [twin] + lines[(first + 1)...]).joined(separator: "\n"))
    #expect(try w.cgadc("opt", "model.cgir").exits(0).results.contains("twin"))
    #expect(try w.cgadc("opt", "--pass", "dce", "model.cgir").exits(0).results == ir)
    #expect(try w.cgadc("opt", "--pass", "cse", "--pass", "dce", "model.cgir").exits(0).results == ir)
  }

  @Test func `a pass that does not exist is a usage error`() throws {
    try Workspace().cgadc("opt", "--pass", "fold", "model.cgir").refuses(64, "fold", "cse, accumulate-products, dce")
  }

  @Test(arguments: ["", "cgir 2\n", "cgir", "dim B = 4\n", "cgir 1\nprogram"])
  func `text that is no IR is unreadable`(_ text: String) throws {
    let w = Workspace()
    try w.write("model.cgir", text)
    try w.cgadc("opt", "--pass", "cse", "model.cgir").refuses(2, "model.cgir")
  }

}
