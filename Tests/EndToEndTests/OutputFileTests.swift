import Foundation
import Testing

@Suite struct OutputFileTests {

  /// Ways in which a compilation fails, with the exit code.
  private static let failures: [(flags: [String], source: String, code: Int32)] = [
    ([], "dim B =\n", 1), ([], Models.chain().replacing("x @ weight", with: "weight @ x"), 1),
    (["--budget", "100"], Models.chain(), 3), (["--budget", "banana"], Models.chain(), 64),
    (["--policy", "every(k"], Models.chain(), 64), (["--policy", "evry(k: 3)"], Models.chain(), 1),
  ]

  @Test(arguments: failures)
  func `a failed compilation leaves no file`(_ f: (flags: [String], source: String, code: Int32)) throws {
    let w = Workspace()
    try w.write("model.cgm", f.source)
    try w.run(.cgadc, ["compile", "model.cgm", "-o", "out.cgplan"] + f.flags).exits(f.code)
    #expect(try w.names == ["model.cgm"])
  }

  @Test(arguments: failures)
  func `a failed compilation leaves an older plan as it is`(
    _ f: (flags: [String], source: String, code: Int32)
  ) throws {
    let w = Workspace()
    try w.write("model.cgm", f.source)
    try w.write("out.cgplan", "older")
    try w.run(.cgadc, ["compile", "model.cgm", "-o", "out.cgplan"] + f.flags).exits(f.code)
    #expect(try w.text("out.cgplan") == "older")
    #expect(try w.names == ["model.cgm", "out.cgplan"])
  }

  @Test func `a compilation replaces an older plan and leaves nothing else`() throws {
    let w = Workspace()
    try w.write("out.cgplan", "older")
    try w.compile(Sample.digits.path, to: "out.cgplan")
    #expect(try w.text("out.cgplan").hasPrefix("cgplan 1\n"))
    #expect(try w.names == ["out.cgplan"])
  }

  @Test(arguments: ["model.cgm", "./model.cgm"])
  func `a plan is never written over its model`(_ path: String) throws {
    let w = Workspace()
    try w.write("model.cgm", Models.chain())
    try w.cgadc("compile", "model.cgm", "-o", path).refuses(1, "is the model itself")
    #expect(try w.text("model.cgm") == Models.chain())
    #expect(try w.names == ["model.cgm"])
  }

  @Test func `a folder that is not there is named, and not made`() throws {
    let w = Workspace()
    try w.cgadc("compile", Sample.digits.path, "-o", "none/out.cgplan").refuses(2, "none/out.cgplan: cannot be written")
    #expect(try w.names.isEmpty)
  }

  @Test func `a plan does not take the place of a folder`() throws {
    let w = Workspace()
    try FileManager.default.createDirectory(atPath: w.file("out"), withIntermediateDirectories: false)
    try w.cgadc("compile", Sample.digits.path, "-o", "out").refuses(2, "out: cannot be written")
    #expect(try w.names == ["out"])
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func `a folder that may not be written to is named`() throws {
    let w = Workspace()
    let closed = w.file("closed")
    try FileManager.default.createDirectory(
      atPath: closed, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o555])
    try w.cgadc("compile", Sample.digits.path, "-o", "closed/out.cgplan").refuses(2, "closed/out.cgplan")
  }

  @Test func `a folder of the system takes no plan`() throws {
    try Workspace().cgadc("compile", Sample.digits.path, "-o", "/proc/out.cgplan").refuses(2, "/proc/out.cgplan")
  }

  @Test func `a link is followed and stays`() throws {
    let w = Workspace()
    try w.write("out.cgplan", "older")
    try FileManager.default.createSymbolicLink(atPath: w.file("link"), withDestinationPath: "out.cgplan")
    try w.compile(Sample.digits.path, to: "link")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: w.file("link")) == "out.cgplan")
    #expect(try w.text("out.cgplan").hasPrefix("cgplan 1\n"))
    #expect(try w.names == ["link", "out.cgplan"])
  }

  @Test func `a pipe is written to and stays a pipe`() throws {
    let w = Workspace()
    mkfifo(w.file("pipe"), 0o600)
    let reading = open(w.file("pipe"), O_RDONLY | O_NONBLOCK)
    defer { close(reading) }
    try w.write("chain.cgm", Models.chain())
    try w.compile("chain.cgm", to: "pipe")
    var start = [UInt8](repeating: 0, count: 8)
    #expect(read(reading, &start, 8) == 8 && start == Array("cgplan 1".utf8))
    #expect(try w.names == ["chain.cgm", "pipe"])
  }

  @Test(arguments: ["none/m.csv", "none/m.jsonl", "/proc/m.csv"])
  func `metrics that cannot be written stop the run before it starts`(_ path: String) throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain())
    try w.compile("chain.cgm")
    try w.cgad("run", "model.cgplan", "--metrics", path).refuses(2, path)
  }

  @Test func `tensors that cannot be written stop the run before it starts`() throws {
    let w = Workspace()
    try w.write("chain.cgm", Models.chain())
    try w.compile("chain.cgm")
    try w.cgad("run", "model.cgplan", "--dump-tensors", "chain.cgm/out").refuses(2, "chain.cgm")
    try w.cgad("run", "model.cgplan", "--dump-tensors", "/proc/out").refuses(2, "/proc/out")
  }

}
