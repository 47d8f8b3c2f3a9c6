package import PlanFormat

/// Notes, instruction by instruction, when the last execution of a program began each, how long it took, and what was live.
///
/// Instructions are executed one by one. Of a device with a clock of its own that clock tells how long each took, and they are
/// noted one behind the other, without what the host did between them.
package final class StepRecorder {

  /// The position of the program that is noted.
  package let program: Int

  /// For each instruction when it began, in nanoseconds from the beginning of the step.
  package private(set) var starts: [Int]

  /// For each instruction how long it took, in nanoseconds; 0 for one that was not executed.
  package private(set) var durations: [Int]

  /// For each instruction the bytes of the arena that hold values while it is executed, with what it works in.
  package private(set) var liveBytes: [Int]

  /// `true` iff an execution was noted.
  package private(set) var hasMeasured = false

  private var origin = ContinuousClock.now

  /// The bytes that hold values.
  private var live = 0

  /// When the last instruction ended, in nanoseconds from the beginning of the step.
  private var end = 0

  package init(program: Int, of plan: Plan) {
    self.program = program
    let count = plan.programs[program].instructions.count
    (starts, durations, liveBytes) = (
      .init(repeating: 0, count: count), .init(repeating: 0, count: count), .init(repeating: 0, count: count)
    )
  }

  /// Forgets what was noted, as an execution begins.
  func begin() {
    (origin, live, end, hasMeasured) = (.now, 0, 0, true)
  }

  /// Notes that `step` was executed from `start` to now, or, by the device's clock, for `duration`.
  func note(_ step: BoundStep, since start: ContinuousClock.Instant, duration: Duration?) {
    let t = step.instruction
    starts[t] = duration == nil ? Self.nanoseconds(start - origin) : end
    durations[t] = Self.nanoseconds(duration ?? .now - start)
    end = starts[t] + durations[t]
    live += step.madeBytes
    liveBytes[t] = live + step.workspaceBytes
    live -= step.releasedBytes
    if case .delete = step.role { liveBytes[t] = live }
  }

  private static func nanoseconds(_ d: Duration) -> Int {
    Int(d.components.seconds) * 1_000_000_000 + Int(d.components.attoseconds / 1_000_000_000)
  }

}
