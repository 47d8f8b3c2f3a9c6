import ArgumentParser
import Emission
import Support

/// `cgadc diff`.
struct Diff: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract:
      "cgadc diff old.cgplan new.cgplan\n\nSays what changed between two plans: peak, operations, and values by path.",
    discussion: """
      Lines begin with + (added), - (removed), ~ (changed) and = (of the whole); layers with the same change are one line.
      Exits with 0 if the plans are the same, 1 if they differ, 2 if one cannot be read. A model is compiled first.
      """)

  @Argument(help: "The plan, or model, before the change.")
  var old: String

  @Argument(help: "The plan, or model, after it.")
  var new: String

  @Flag(help: "Prints Markdown, for a comment on a pull request.")
  var markdown = false

  @Flag(help: "Prints one JSON document, with every value.")
  var json = false

  @Flag(help: "Prints every change instead of the largest.")
  var full = false

  @OptionGroup var options: CompilationOptions

  mutating func validate() throws {
    if markdown, json { throw ValidationError("--markdown and --json exclude each other") }
  }

  mutating func run() throws {
    let difference = try compared()
    if json {
      try Output.json(difference)
    } else {
      Output.result(markdown ? difference.markdown(isFull: full) : difference.text(isFull: full))
    }
    if !difference.isSame { throw Exit.rejected }
  }

  /// Returns the difference; whatever keeps it from being known is trouble, as in diff(1).
  private func compared() throws -> PlanDifference {
    do {
      return .init(from: try options.plan(at: old), to: try options.plan(at: new))
    } catch let code as ExitCode where code == Exit.rejected {
      throw Exit.unreadable
    }
  }

}
