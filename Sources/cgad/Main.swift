import ArgumentParser
import Glibc

@main
struct Main {

  /// Runs the command that the arguments name and exits with its code.
  static func main() {
    do {
      var command = try Cgad.parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      Terminal.say("cgad: error: \(failure.message)")
      exit(failure.status.rawValue)
    } catch {
      end(with: error)
    }
  }

  /// Prints help to standard output or a usage error to standard error, and exits.
  private static func end(with error: any Error) {
    let status = Cgad.exitCode(for: error)
    let message = Cgad.fullMessage(for: error)
    if status.isSuccess {
      print((Example.ofCommand(inHelp: message) ?? "") + message)
    } else {
      Terminal.say(message)
    }
    exit(status.rawValue)
  }

}

/// The program's commands.
struct Cgad: ParsableCommand {

  static let configuration = CommandConfiguration(
    commandName: "cgad",
    abstract: "Executes plans made by cgadc: trains, verifies and measures them.",
    discussion: """
      Exit codes: 0 ok, 1 refused (a broken plan, data of the wrong type or shape), 2 missing or unreadable file or \
      absent device, 3 not enough memory allowed, 4 the loss became NaN or infinite, 64 usage, 70 internal error, \
      130 and 143 interrupted.
      """,
    version: "cgad 1 (plans of version 1)",
    subcommands: [
      Run.self, Predict.self, Verify.self, Bench.self, Calibrate.self, Report.self, Info.self, Kernels.self,
      Doctor.self,
    ])

}
