/// What executing a plan beside its keep-all reference showed.
package struct VerificationReport: Hashable, Sendable {

  /// The training steps that were compared.
  package internal(set) var steps = 0

  /// The tensors that were compared: reported values, gradients, parameters and slots of every step.
  package internal(set) var comparisons = 0

  /// The greatest difference of two elements, NaN if one of two that differ is NaN.
  package internal(set) var maximalDifference: Float = 0

  /// The first tensor whose bits differ, `nil` if none does.
  package internal(set) var firstDifference: String?

  /// The tensors and reported values that were compared after the steps were executed as the device executes them when nobody
  /// looks on, joined to one launch; 0 where it does not join them.
  package internal(set) var joinedComparisons = 0

  /// The first of these whose bits differ, `nil` if none does.
  package internal(set) var firstJoinedDifference: String?

  /// An update that was not executed exactly once in a step, or in a micro-batch where it belongs there; `nil` if all were.
  package internal(set) var wrongUpdate: String?

  /// The micro-batches of a step.
  package internal(set) var microBatches = 1

  /// The number of updates in a step.
  package internal(set) var updatesPerStep = 0

  package internal(set) var plannedPeakBytes = 0

  package internal(set) var measuredPeakBytes = 0

  package internal(set) var plannedHostBytes = 0

  package internal(set) var measuredHostBytes = 0

  /// `true` iff nothing was written outside the memory of the plan.
  package internal(set) var isMemoryIntact = true

  /// The bytes of the reference's arena and of persistent storage.
  package internal(set) var referencePeakBytes = 0

  package internal(set) var finiteDifferences = FiniteDifferenceReport()

  /// `true` iff all bits were the same.
  package var isBitwiseEqual: Bool { firstDifference == nil }

  /// `true` iff all bits of joined steps were the same, `nil` if the device does not join them.
  package var isJoinedEqual: Bool? { joinedComparisons > 0 ? firstJoinedDifference == nil : nil }

  /// `true` iff every update was executed exactly once in each step.
  package var hasEffectsOnce: Bool { wrongUpdate == nil }

  /// `true` iff the plan needed the memory that it says, no more and no less.
  package var isPeakRight: Bool {
    isMemoryIntact && plannedPeakBytes == measuredPeakBytes && plannedHostBytes == measuredHostBytes
  }

  /// `true` iff nothing is wrong.
  package var isGood: Bool {
    isBitwiseEqual && isJoinedEqual != false && hasEffectsOnce && isPeakRight && finiteDifferences.isGood
  }

}
