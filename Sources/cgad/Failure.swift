import ArgumentParser
import PlanFormat
import Runtime

/// What the program's exit code says.
enum ExitStatus: Int32 {

  /// Errors in the input, refused by a verifier, or data of the wrong type or shape.
  case refused = 1

  /// A missing, unparsable, truncated or foreign-version file, or an absent device.
  case unusable = 2

  /// More memory would be needed than there may be.
  case tooLittleMemory = 3

  /// The loss became NaN or infinite.
  case notFinite = 4

  case usage = 64

  /// Our own mistake.
  case internalError = 70

}

/// Why a command gives up: a message for standard error and the exit code.
struct Failure: Error {

  let status: ExitStatus

  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

}

extension Failure {

  init(_ error: MachineError) {
    switch error {
    case .outOfMemory, .deviceOutOfMemory, .offloadFile, .pinnedMemory, .referenceTooLarge:
      self.init(.tooLittleMemory, error.description)
    case .wrongTarget, .precision, .product, .unsupported, .device: self.init(.unusable, error.description)
    }
  }

  init(_ error: DataFailure) { self.init(error.exitCode == 2 ? .unusable : .refused, error.description) }

  init(_ error: VerificationFailure) {
    switch error {
    case .machine(let e): self.init(e)
    case .data(let e): self.init(e)
    }
  }

  /// Creates an internal error; `command` makes it happen again.
  static func internalError(_ message: String) -> Failure {
    let command = CommandLine.arguments.map { (a) in
      a.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:".contains($0) } && !a.isEmpty ? a : "'\(a)'"
    }
    return .init(
      .internalError,
      "internal error: \(message)\nplease report it with the plan and this command:\n  \(command.joined(separator: " "))"
    )
  }

}

/// Returns what `body` does, with errors of the given kind turned into failures.
func failing<E: Error, T>(_ convert: (E) -> Failure, _ body: () throws(E) -> T) throws(Failure) -> T {
  do throws(E) { return try body() } catch { throw convert(error) }
}
