import Passes
import Synchronization

/// What the stages of a compilation took and made, for those who work on the compiler.
package final class PhaseLog: Sendable {

  /// A stage, or a pass of one.
  package struct Phase: Sendable {

    /// `parse`, `ir.dead_code_elimination`, …
    package let name: String

    package let duration: Duration

    /// What it made; empty unless texts are kept.
    package let text: String

    /// The ending of a file of that text.
    package let ending: String

  }

  /// The names of all phases, in order.
  package static let names =
    ["parse", "lower"] + FunctionPass.forward.map { "ir.\($0.name)" } + ["differentiate"]
    + FunctionPass.step.map { "grad.\($0.name)" } + ["order", "schedule", "plan"]

  private let keepsTexts: Bool

  private let entries = Mutex<[Phase]>([])

  package init(keepsTexts: Bool) { self.keepsTexts = keepsTexts }

  /// The phases so far, in the order in which they ended.
  package var phases: [Phase] { entries.withLock { $0 } }

  /// Executes `body`, the phase `name`, whose result has the given text; that takes no part in its time.
  func measure<R, E: Error>(
    _ name: String, ending: String = "cgir", text: (R) -> String, _ body: () throws(E) -> R
  ) throws(E) -> R {
    let start = ContinuousClock.now
    let result = try body()
    let duration = ContinuousClock.now - start
    let phase = Phase(name: name, duration: duration, text: keepsTexts ? text(result) : "", ending: ending)
    entries.withLock { $0.append(phase) }
    return result
  }

}

extension Optional<PhaseLog> {

  /// Executes `body`, as the phase `name` where somebody asks.
  func measure<R, E: Error>(
    _ name: String, ending: String = "cgir", text: (R) -> String, _ body: () throws(E) -> R
  ) throws(E) -> R {
    guard let self else { return try body() }
    return try self.measure(name, ending: ending, text: text, body)
  }

}
