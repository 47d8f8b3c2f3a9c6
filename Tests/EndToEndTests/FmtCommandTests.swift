import Foundation
import Testing

@Suite struct FmtCommandTests {

  private static let untidy = "dim B=4 // b\r\ntrain{loss=1\noptimizer=2}"

  private static let tidy = """
    dim B = 4                                     // b

    train {
      loss      = 1
      optimizer = 2
    }

    """

  @Test(arguments: Sample.allCases)
  func `the samples are in order`(_ sample: Sample) throws {
    let w = Workspace()
    let r = try w.cgadc("fmt", "--check", sample.path).exits(0)
    #expect(r.results.isEmpty && r.messages.isEmpty)
    #expect(try w.names.isEmpty)
  }

  @Test func `a file is rewritten, keeps its permissions, and nothing else is left`() throws {
    let w = Workspace()
    try w.write("a.cgm", Self.untidy)
    chmod(w.file("a.cgm"), 0o640)
    let r = try w.cgadc("fmt", "a.cgm").exits(0)
    #expect(r.results.isEmpty && r.messages.isEmpty)
    #expect(try w.text("a.cgm") == Self.tidy)
    #expect(try w.names == ["a.cgm"])
    let attributes = try FileManager.default.attributesOfItem(atPath: w.file("a.cgm"))
    #expect(attributes[.posixPermissions] as? Int == 0o640)
  }

  @Test func `a file in order is not touched`() throws {
    let w = Workspace()
    try w.write("a.cgm", Self.tidy)
    let before = try inode("a.cgm", in: w)
    try w.cgadc("fmt", "a.cgm").exits(0)
    #expect(try inode("a.cgm", in: w) == before)
  }

  private func inode(_ name: String, in w: Workspace) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: w.file(name))[.systemFileNumber] as? Int
  }

  @Test func `a link is followed and stays`() throws {
    let w = Workspace()
    try w.write("a.cgm", Self.untidy)
    try FileManager.default.createSymbolicLink(atPath: w.file("link.cgm"), withDestinationPath: "a.cgm")
    try w.cgadc("fmt", "link.cgm").exits(0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: w.file("link.cgm")) == "a.cgm")
    #expect(try w.text("a.cgm") == Self.tidy)
  }

  @Test func `--check names the files that are not in order and writes nothing`() throws {
    let w = Workspace()
    try w.write("a.cgm", Self.untidy)
    try w.write("b.cgm", Self.tidy)
    try w.write("c.cgm", "dim B")
    let r = try w.cgadc("fmt", "--check", "a.cgm", "b.cgm", "c.cgm").exits(1)
    #expect(r.results == "a.cgm\nc.cgm\n" && r.messages.isEmpty)
    #expect(try w.text("a.cgm") == Self.untidy)
    try w.cgadc("fmt", "--check", "b.cgm").exits(0)
  }

  @Test func `--diff prints what would change and writes nothing`() throws {
    let w = Workspace()
    try w.write("a.cgm", "dim B\ndim C\ntrain {\n  x=1\n}\n")
    try w.write("b.cgm", Self.tidy)
    let r = try w.cgadc("fmt", "--diff", "a.cgm", "b.cgm").exits(1)
    #expect(
      r.results == """
        --- a.cgm
        +++ a.cgm
        @@ -1,5 +1,6 @@
         dim B
         dim C
        +
         train {
        -  x=1
        +  x = 1
         }

        """)
    #expect(try w.text("a.cgm") == "dim B\ndim C\ntrain {\n  x=1\n}\n")
    let same = try w.cgadc("fmt", "--diff", "b.cgm").exits(0)
    #expect(same.results.isEmpty)
  }

  @Test func `errors are shown, the file stays, and other files are formatted`() throws {
    let w = Workspace()
    try w.write("wrong.cgm", "dim B =\n")
    try w.write("a.cgm", Self.untidy)
    let r = try w.cgadc("fmt", "wrong.cgm", "a.cgm").exits(1)
    #expect(
      r.messages.contains("wrong.cgm:1:8: error: expected an expression") && r.messages.contains("[CG0103]"), "\(r)")
    #expect(try w.text("wrong.cgm") == "dim B =\n")
    #expect(try w.text("a.cgm") == Self.tidy)
  }

  @Test(arguments: [[], ["--check"], ["--diff"]])
  func `a missing file is unreadable, whatever the others are`(_ flags: [String]) throws {
    let w = Workspace()
    try w.write("wrong.cgm", "dim B =\n")
    let r = try w.run(.cgadc, ["fmt"] + flags + ["none.cgm", "wrong.cgm"]).exits(2)
    #expect(r.messages.contains("none.cgm: there is no such file") && r.messages.contains("CG0103"), "\(r)")
    try w.cgadc("fmt", ".").refuses(2, "is a folder")
  }

  /// Executes a shell command with `cgadc` in it.
  private func shell(_ command: String, in w: Workspace) throws -> Finished {
    let text = "cgadc() { \"\(try Program.cgadc.path)\" \"$@\"; }; \(command)"
    var execution = try Execution("/bin/sh", ["-c", text], ExecutionOptions(folder: w.path))
    return try execution.finish()
  }

  @Test(arguments: [("fmt -", 0, tidy), ("fmt --check -", 1, "<stdin>\n"), ("fmt - absent", 2, tidy)])
  func `- reads standard input`(_ arguments: String, _ code: Int, _ output: String) throws {
    let w = Workspace()
    try w.write("in", Self.untidy)
    let r = try shell("cgadc \(arguments) <in", in: w).exits(Int32(code))
    #expect(r.results == output)
    #expect(try w.names == ["in"])
  }

  @Test func `a pipe is checked and not rewritten`() throws {
    let w = Workspace()
    try w.write("in", Self.untidy)
    try shell("cat in | cgadc fmt /dev/stdin", in: w).refuses(2, "/dev/stdin: is no file that could be rewritten")
    #expect(try shell("cat in | cgadc fmt --check /dev/stdin", in: w).exits(1).results == "/dev/stdin\n")
  }

}
