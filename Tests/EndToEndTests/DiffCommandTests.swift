import Testing

/// `cgadc diff`.
@Suite struct DiffCommandTests {

  private static func plans(_ w: Workspace) throws {
    try w.compile(Sample.digits.path, "--policy", "none()", to: "old.cgplan")
    try w.compile(Sample.digits.path, "--policy", "sqrt()", to: "new.cgplan")
  }

  @Test func `the same plan is no difference, and exits with 0`() throws {
    let w = Workspace()
    try Self.plans(w)
    #expect(try w.cgadc("diff", "old.cgplan", "old.cgplan").exits(0).results.isEmpty)
    #expect(try w.cgadc("diff", "old.cgplan", "old.cgplan", "--json").exits(0).json["same"] == .bool(true))
  }

  @Test func `a difference exits with 1, as text, Markdown and JSON`() throws {
    let w = Workspace()
    try Self.plans(w)
    let text = try w.cgadc("diff", "old.cgplan", "new.cgplan").exits(1)
    #expect(text.results.contains("  policy: none() -> sqrt()\n") && text.results.contains("saved -> recomputed"))
    #expect(text.messages.isEmpty)
    let markdown = try w.cgadc("diff", "old.cgplan", "new.cgplan", "--markdown").exits(1).results
    #expect(markdown.hasPrefix("| | old | new | change |\n") && markdown.hasSuffix("```\n"))
    let json = try w.cgadc("diff", "old.cgplan", "new.cgplan", "--json").exits(1).json
    JSONKeys(kinds: [
      "same": .bool, "settings": .objects, "totals": .objects, "values": .objects, "moved_values": .count,
      "reordered": .bool,
    ]).expect(exactlyIn: json)
    let changed = json["values"].elements.filter { $0["change"] == .string("changed") }
    #expect(changed.contains { $0["old"]["fate"] == .string("saved") && $0["new"]["fate"] == .string("recomputed") })
  }

  @Test func `trouble exits with 2`() throws {
    let w = Workspace()
    try Self.plans(w)
    try w.cgadc("diff", "old.cgplan", "absent.cgplan").refuses(2, "absent.cgplan")
    try w.write("broken.cgplan", "cgplan 1\n")
    try w.cgadc("diff", "broken.cgplan", "old.cgplan").refuses(2, "broken.cgplan")
    let edited = try w.text("old.cgplan").replacing("step_flops ", with: "step_flops 1")
    try w.write("edited.cgplan", edited)
    try w.cgadc("diff", "old.cgplan", "edited.cgplan").refuses(2, "refused by the verifier")
  }

  @Test func `a model is compiled first`() throws {
    let w = Workspace()
    try w.compile(Sample.digits.path, to: "digits.cgplan")
    try w.cgadc("diff", "digits.cgplan", Sample.digits.path).exits(0)
  }

  @Test(arguments: [["diff"], ["diff", "a.cgplan"], ["diff", "a.cgplan", "b.cgplan", "--json", "--markdown"]])
  func `wrong usage is refused`(_ arguments: [String]) throws {
    try Workspace().run(.cgadc, arguments).exits(64)
  }

}
