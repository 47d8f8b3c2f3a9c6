import ArgumentParser
import Driver

/// `cgadc opt`.
struct Opt: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "cgadc opt --pass cse --pass dce model.cgir\n\nRuns single passes on textual IR.",
    discussion: "Passes:\n" + PassRunner.passes.map { "  \($0.name)  \($0.summary)" }.joined(separator: "\n"))

  @Option(name: .customLong("pass"), help: .init("A pass to run; may be given several times.", valueName: "name"))
  var passes: [String] = []

  @Argument(help: "The module as textual IR.")
  var file: String

  mutating func validate() throws {
    for p in passes where !PassRunner.passes.contains(where: { $0.name == p }) {
      throw ValidationError("there is no pass '\(p)'; passes: \(PassRunner.passes.map(\.name).joined(separator: ", "))")
    }
  }

  mutating func run() throws {
    let names = passes
    let path = file
    let bytes = try attempt { () throws(CompileFailure) in try Files.bytes(path, limit: 1 << 30) }
    Output.result(try attempt { () throws(CompileFailure) in try PassRunner.run(names, on: bytes, path: path) })
  }

}
