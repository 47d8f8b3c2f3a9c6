import Testing

@Suite struct HelpTests {

  private static let commands: [(Program, String)] =
    ["check", "compile", "diff", "dump", "fmt", "opt", "verify", "policies", "explain", "init", "pack", "sweep"].map {
      (.cgadc, $0)
    }
    + ["run", "verify", "bench", "calibrate", "report", "info", "kernels", "doctor"].map { (.cgad, $0) }

  @Test(arguments: commands)
  func `the help of every command begins with an example`(_ program: Program, _ command: String) throws {
    let r = try Workspace().run(program, [command, "--help"]).exits(0)
    let first = r.results.split(separator: "\n").first ?? ""
    #expect(first.contains(": \(program.rawValue) \(command)"), "\(r)")
    #expect(r.messages.isEmpty)
  }

  @Test(arguments: Program.allCases)
  func `the help of the program begins with an example and names its commands`(_ program: Program) throws {
    let r = try Workspace().run(program, ["--help"]).exits(0)
    #expect(r.results.split(separator: "\n").first?.contains(": \(program.rawValue) ") ?? false, "\(r)")
    for (p, command) in Self.commands where p == program { #expect(r.results.contains("  \(command) ")) }
  }

  @Test(arguments: Program.allCases)
  func `--version says which forms are known`(_ program: Program) throws {
    let r = try Workspace().run(program, ["--version"]).exits(0)
    #expect(r.results.hasPrefix("\(program.rawValue) "), "\(r)")
  }

  @Test func `policies lists them`() throws {
    let r = try Workspace().cgadc("policies").exits(0)
    for p in ["none()", "every(k: INT)", "sqrt()", "manual()"] { #expect(r.results.contains(p)) }
    #expect(r.messages.isEmpty)
  }

}
