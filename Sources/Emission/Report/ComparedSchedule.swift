/// Another schedule of the same model, for comparison.
package struct ComparedSchedule: Hashable, Sendable {

  package let policy: String

  /// The peak; `nil` where no schedule was found.
  package let peakBytes: Int?

  package let savedBytes: Int

  /// What is recomputed, as a part of a step.
  package let overhead: Double

  /// `true` iff it is a point of a sweep over budgets.
  package let isSwept: Bool

  /// `true` iff it is the schedule that the report is of.
  package let isChosen: Bool

  package init(
    policy: String, peakBytes: Int?, savedBytes: Int, overhead: Double, isSwept: Bool, isChosen: Bool
  ) {
    self.policy = policy
    self.peakBytes = peakBytes
    self.savedBytes = savedBytes
    self.overhead = overhead
    self.isSwept = isSwept
    self.isChosen = isChosen
  }

}
