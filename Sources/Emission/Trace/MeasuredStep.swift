/// What was measured of one step: for each instruction of the program when it began and how long it took, and the bytes
/// that were in use.
package struct MeasuredStep: Hashable, Sendable {

  /// For each instruction, in nanoseconds from the beginning of the step.
  package let starts: [Int]

  /// For each instruction, in nanoseconds.
  package let durations: [Int]

  /// For each instruction the live bytes of the arena while it was executed.
  package let liveBytes: [Int]

  /// - Requires: all have as many elements as the program has instructions.
  package init(starts: [Int], durations: [Int], liveBytes: [Int]) {
    self.starts = starts
    self.durations = durations
    self.liveBytes = liveBytes
  }

  /// The time from the beginning of the first instruction to the end of the last, in nanoseconds.
  package var duration: Int { (starts.last ?? 0) + (durations.last ?? 0) - (starts.first ?? 0) }

}
