import ArgumentParser
import Emission
import PlanFormat
import Runtime

/// The flags that ask for what the last step took.
struct MeasuringOptions: ParsableArguments {

  @Option(
    help: """
      Write the last step as a trace with measured times and live bytes, for Chrome and Perfetto. On cuda, instructions are \
      launched one by one for it, and timed by events of the device.
      """)
  var trace: String?

  @Flag(help: "Print the time of the last step by operation and by path, with the share of recomputation.")
  var profile = false

  /// `true` iff the last step is to be measured.
  var isAsked: Bool { trace != nil || profile }

  /// Returns the table of the last step; empty where none is asked for or nothing was executed.
  func table<B: Backend>(of machine: Machine<B>) -> String {
    guard profile, let step = machine.measuredStep else { return "" }
    return "\n" + machine.review.profile(step)
  }

  /// Writes the trace where one is asked for.
  func write<B: Backend>(_ machine: Machine<B>) throws(Failure) {
    guard let trace, let step = machine.measuredStep else { return }
    try TextFile.write(machine.review.trace(step), to: trace)
  }

}

/// Files of text.
enum TextFile {

  static func write(_ text: String, to path: String) throws(Failure) {
    let bytes = Array(text.utf8)
    let result = bytes.withUnsafeBytes { (b) -> FileError? in
      do throws(FileError) {
        try AtomicFile.write([b], to: path)
        return nil
      } catch { return error }
    }
    if let result { throw .init(.unusable, "cannot write \(result)") }
  }

}

extension Machine {

  /// Has the last training step measured; the training program is at position `program`.
  func record(_ program: Int) { recorder = .init(program: program, of: verified.plan) }

  /// What was measured; `nil` if nothing was.
  var measuredStep: MeasuredStep? {
    guard let recorder, recorder.hasMeasured else { return nil }
    return .init(starts: recorder.starts, durations: recorder.durations, liveBytes: recorder.liveBytes)
  }

  /// The review of the training program.
  var review: ProgramReview { .init(verified.plan, program: verified.train) }

}
