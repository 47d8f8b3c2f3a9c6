import ArgumentParser
import Driver
import Support

/// `cgadc fmt`.
struct Fmt: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "cgadc fmt samples/mlp.cgm\n\nWrites models as the language's samples are written.",
    discussion: """
      Blanks and newlines change, and nothing else. A file that is in order already is not touched, one with errors neither.
      The rules are in Grammar/README.md.
      """)

  @Argument(help: .init("The models; - is standard input, formatted to standard output.", valueName: "file"))
  var files: [String]

  @Flag(help: "Writes nothing; prints the names of the files that are not in order.")
  var check = false

  @Flag(help: "Writes nothing; prints what would change.")
  var diff = false

  mutating func validate() throws {
    if check, diff { throw ValidationError("--check and --diff exclude each other") }
    if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("- can be given once") }
  }

  mutating func run() throws {
    var worst: ExitCode?
    for f in files {
      do {
        try format(f)
      } catch let code as ExitCode {
        worst = .init(max(worst?.rawValue ?? 0, code.rawValue))
      }
    }
    if let worst { throw worst }
  }

  private func format(_ path: String) throws {
    let isInput = path == "-"
    let file = try attempt { () throws(CompileFailure) in
      isInput ? try Files.standardInput() : try Files.source(path)
    }
    let text = try attempt { () throws(CompileFailure) in try formattedModel(file) }
    let isFormatted = text.utf8.elementsEqual(file.bytes)
    if check || diff { return try report(file, text, isFormatted) }
    if isInput { return Output.result(text) }
    if isFormatted { return }
    if Files.isSpecial(path) {
      Output.error("cgadc: error: \(path): is no file that could be rewritten; use - for standard input\n")
      throw Exit.unreadable
    }
    try write(text, to: path)
  }

  /// Says whether, or how, `text` differs from `file`.
  private func report(_ file: SourceFile, _ text: String, _ isFormatted: Bool) throws {
    if isFormatted { return }
    if check { Output.result(file.name + "\n") }
    if diff {
      Output.result(unifiedDiff(of: file.name, from: String(decoding: file.bytes, as: UTF8.self), to: text))
    }
    throw Exit.rejected
  }

}
