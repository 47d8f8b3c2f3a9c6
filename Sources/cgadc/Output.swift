import ArgumentParser
import Driver
import Foundation
import PlanFormat
import Support

/// Results go to standard output, messages to standard error.
enum Output {

  static func result(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  static func error(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// Says that a file cannot be read.
  static func unreadable(_ message: String) { error("cgadc: error: \(message)\n") }

  /// Says that the compiler is at fault, and how to show it.
  static func broken(stage: String, _ message: String) {
    error("cgadc: internal error in stage '\(stage)': \(message)\n")
    error("reproduce it with: \(CommandLine.arguments.map(quoted).joined(separator: " "))\n")
  }

  /// Prints `value` as one JSON document.
  static func json(_ value: some Encodable) throws { result(try document(value)) }

  /// Returns `value` as one JSON document.
  static func document(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

}

/// The exit codes of the two programs.
enum Exit {

  /// Errors in the input, or refused by a verifier.
  static let rejected = ExitCode(1)

  /// A file that is missing, unparsable, truncated or of a foreign version.
  static let unreadable = ExitCode(2)

  /// No schedule fits the budget.
  static let infeasible = ExitCode(3)

  /// A bug of the compiler.
  static let broken = ExitCode(70)

}

/// Returns the result of `action`; a failure is printed and becomes its exit code.
func attempt<R>(_ action: () throws(CompileFailure) -> R) throws -> R {
  do throws(CompileFailure) {
    return try action()
  } catch {
    switch error {
    case .rejected(let diagnostics, let file):
      Output.error(diagnostics.rendered(in: file))
      throw Exit.rejected
    case .infeasible(let diagnostic, let file, _):
      Output.error(diagnostic.rendered(in: file))
      throw Exit.infeasible
    case .unreadable(let message):
      Output.unreadable(message)
      throw Exit.unreadable
    case .broken(let stage, let message):
      Output.broken(stage: stage, message)
      throw Exit.broken
    }
  }
}

/// Returns `argument` as a shell takes it.
private func quoted(_ argument: String) -> String {
  let isPlain = !argument.isEmpty && argument.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:,".contains($0) }
  return isPlain ? argument : "'\(argument.replacingOccurrences(of: "'", with: "'\\''"))'"
}

/// Writes `text` to `path`, or says why not.
func write(_ text: String, to path: String) throws {
  do throws(FileFailure) {
    try Files.write(text, to: path)
  } catch {
    Output.error("cgadc: error: \(error)\n")
    throw Exit.unreadable
  }
}

extension Plan {

  /// Returns the plan as it is read from its text, so that what is said of it is what is said of its file.
  func asRead() throws -> Plan {
    do throws(PlanError) {
      return try PlanReader.read(Array(text.utf8))
    } catch {
      Output.broken(stage: "plan", "\(error)")
      throw Exit.broken
    }
  }

}

/// Returns the verified plan at `path`.
func plan(at path: String) throws -> Plan {
  let bytes = try attempt { () throws(CompileFailure) in try Files.bytes(path, limit: 1 << 30) }
  let plan: Plan
  do throws(PlanError) {
    plan = try PlanReader.read(bytes)
  } catch {
    Output.error("\(path):\(error)\n")
    throw Exit.unreadable
  }
  do throws(PlanViolation) {
    try plan.verify()
  } catch {
    Output.error("\(path): error: refused by the verifier: \(error)\n")
    throw Exit.rejected
  }
  return plan
}
