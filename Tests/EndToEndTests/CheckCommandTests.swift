import Testing

@Suite struct CheckCommandTests {

  @Test(arguments: Sample.allCases)
  func `the samples are right, and nothing is written`(_ sample: Sample) throws {
    let w = Workspace()
    let r = try w.cgadc("check", sample.path, "--Werror").exits(0)
    #expect(r.results.contains("\(sample.path): ok") && r.messages.isEmpty, "\(r)")
    #expect(try w.names.isEmpty)
  }

  @Test func `every file is checked, and the worst result counts`() throws {
    let w = Workspace()
    try w.write("wrong.cgm", "dim B =\n")
    let r = try w.cgadc("check", "wrong.cgm", "absent.cgm", Sample.digits.path).exits(2)
    #expect(r.results.contains("digits.cgm: ok"))
    #expect(r.messages.contains("wrong.cgm:1:") && r.messages.contains("absent.cgm"), "\(r)")
  }

  @Test func `a budget that nothing fits is no ok`() throws {
    try Workspace().cgadc("check", Sample.digits.path, "--budget", "1KiB").refuses(3, "CG0501")
  }

}
