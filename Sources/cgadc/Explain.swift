import ArgumentParser
import Driver

/// `cgadc explain`.
struct Explain: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "cgadc explain CG0203\n\nSays what the code of a diagnostic means, with an example and its mend.")

  @Argument(help: "The code.")
  var code: String?

  @Flag(help: .hidden)
  var all = false

  @Flag(help: .hidden)
  var markdown = false

  func validate() throws {
    if all { return }
    guard let code else { throw ValidationError("give the code of a diagnostic, as CG0203") }
    if !DiagnosticCatalogue.isCode(code) {
      throw ValidationError("'\(code)' is not the code of a diagnostic, which has the form CG0203")
    }
  }

  mutating func run() throws {
    if all { return Output.result(Self.everything(markdown: markdown)) }
    guard let code else { return }
    guard let entry = DiagnosticCatalogue.entry(code) else {
      let near = DiagnosticCatalogue.nearestCode(to: code)
      Output.error("cgadc: error: there is no code \(code.uppercased()); the nearest is \(near)\n")
      throw Exit.rejected
    }
    Output.result(markdown ? entry.markdown : entry.text)
  }

  private static func everything(markdown: Bool) -> String {
    markdown ? DiagnosticCatalogue.markdown : DiagnosticCatalogue.all.map(\.text).joined(separator: "\n")
  }

}
