import ArgumentParser
import Driver
import Support

/// `cgadc check`.
struct Check: ParsableCommand {

  /// How diagnostics are printed.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, sarif
  }

  static let configuration = CommandConfiguration(
    abstract: "cgadc check samples/mlp.cgm --budget 64MiB\n\nChecks models without writing anything but --fix.")

  @Argument(help: "The models.")
  var files: [String]

  @OptionGroup var options: CompilationOptions

  @Flag(name: [.customLong("Werror", withSingleDash: true), .customLong("Werror")], help: "Treats warnings as errors.")
  var warningsAreErrors = false

  @Flag(help: "Applies the fix-its to these files, and checks what comes out.")
  var fix = false

  @Option(help: "Diagnostics as text, or one document of all files: json or sarif (SARIF 2.1.0).")
  var format = Format.text

  mutating func run() throws {
    let options = try options.compileOptions()
    if fix { try mend(options) }
    let models = files.map { (f) in
      let model = CheckedModel(f, options: options)
      print(model)
      return model
    }
    switch format {
    case .text: break
    case .json: try Output.json(DiagnosticDocument(models))
    case .sarif: try Output.json(SARIFDocument(models, version: Cgadc.number))
    }
    if let worst = models.compactMap(exitCode).max(by: { $0.rawValue < $1.rawValue }) { throw worst }
  }

  private func mend(_ options: CompileOptions) throws {
    do throws(FileFailure) {
      for r in try SourceMending(files, options: options).remarks { Output.error("\(r)\n") }
    } catch {
      Output.error("cgadc: error: \(error)\n")
      throw Exit.unreadable
    }
  }

  /// Prints what people are told of `model`: everything in text form, else only what kept it from being checked.
  private func print(_ model: CheckedModel) {
    if format == .text, let map = model.map { Output.error(model.text(in: map)) }
    switch model.outcome {
    case .accepted(let summary):
      let isRefused = warningsAreErrors && !model.diagnostics.isEmpty
      if format == .text, !isRefused { Output.result(summary + "\n") }
    case .rejected, .infeasible: break
    case .unreadable(let message): Output.unreadable(message)
    case .broken(let stage, let message): Output.broken(stage: stage, message)
    }
  }

  /// Returns the exit code that `model` by itself asks for, or `nil` if it is all right.
  private func exitCode(_ model: CheckedModel) -> ExitCode? {
    switch model.outcome {
    case .accepted: warningsAreErrors && !model.diagnostics.isEmpty ? Exit.rejected : nil
    case .rejected: Exit.rejected
    case .infeasible: Exit.infeasible
    case .unreadable: Exit.unreadable
    case .broken: Exit.broken
    }
  }

}
