import Testing

@Suite struct ExplainCommandTests {

  @Test(arguments: ["CG0203", "cg0203", "Cg0203"])
  func `a code is explained with an example`(_ code: String) throws {
    let r = try Workspace().cgadc("explain", code).exits(0)
    #expect(r.results.hasPrefix("CG0203: "))
    for s in ["nominal", "Erroneous", "Corrected", "    model Net("] { #expect(r.results.contains(s), "\(r)") }
    #expect(r.messages.isEmpty)
  }

  @Test func `an unknown code is refused with the nearest one`() throws {
    try Workspace().cgadc("explain", "CG0299").refuses(1, "there is no code CG0299", "CG02")
  }

  @Test(arguments: [["explain"], ["explain", "mlp.txt"], ["explain", "CG20"], ["explain", "CG0203", "CG0204"]])
  func `what is no code is wrong usage`(_ arguments: [String]) throws {
    try Workspace().run(.cgadc, arguments).refuses(64, "rror: ", "sage: cgadc explain")
  }

  @Test func `all entries come as one document`() throws {
    let r = try Workspace().cgadc("explain", "--all", "--markdown").exits(0)
    #expect(r.results.hasPrefix("# Diagnostics\n"))
    #expect(r.results.contains("\n### CG0101: ") && r.results.contains("\n### CG0701: "))
  }

}
