/// A lower bound on the cost of every sequence within a budget, and the duals from which anybody can compute it.
///
/// The bound is what the weights give in the formula of `GapRelaxation`, which holds for any weights: whoever checks it
/// needs no linear program.
package struct GapCertificate: Hashable, Sendable {

  /// What a byte beyond the budget costs at least at one operation of the plain step.
  package struct Dual: Hashable, Sendable {

    /// The operation.
    package let step: Int

    /// In costs a byte, in units of `2^-bits`; from 1 to `dualLimit`.
    package let weight: Int

    package init(step: Int, weight: Int) {
      self.step = step
      self.weight = weight
    }

  }

  /// The most that `bits` may be.
  static let bitLimit = 60

  /// The most that a weight may be.
  static let dualLimit = 1 << 40

  /// No sequence that keeps the order of first executions costs less.
  package let bound: Int

  /// The live bytes that the sequence is never beyond.
  package let budget: Int

  /// The number of bits behind the point of a weight.
  package let bits: Int

  /// Those that are not zero, in order of their steps.
  package let duals: [Dual]

  package init(bound: Int, budget: Int, bits: Int, duals: [Dual]) {
    self.bound = bound
    self.budget = budget
    self.bits = bits
    self.duals = duals
  }

}
