/// A lower bound that counts what recomputations need, and the duals from which anybody can compute it.
///
/// The bound is what the weights give in the rows of `OperandRelaxation`, which hold for any weights.
package struct OperandCertificate: Hashable, Sendable {

  /// What is asked of a value, and what it is worth.
  package struct Share: Hashable, Sendable {

    /// The value.
    package let value: Int

    /// In costs, in units of `2^-bits`; of at most `weightBits` bits.
    package let weight: Int

    package init(value: Int, weight: Int) {
      self.value = value
      self.weight = weight
    }

  }

  /// What it is worth that an operand is there where a value is made again.
  package struct Need: Hashable, Sendable {

    package let value: Int

    package let operand: Int

    /// In costs, in units of `2^-bits`; of at most `weightBits` bits.
    package let weight: Int

    package init(value: Int, operand: Int, weight: Int) {
      self.value = value
      self.operand = operand
      self.weight = weight
    }

  }

  /// The weights of one step.
  package struct Stage: Hashable, Sendable {

    /// The operation.
    package let step: Int

    /// What a byte is worth, those of what is kept for recomputations alone included; in units of `2^-bits`.
    package internal(set) var bytes = 0

    /// What a byte beyond the budget is worth, of each value no more of them than there are; in units of `2^-bits`.
    package internal(set) var cover = 0

    /// The part of its price that each value pays for being absent at the step, or for being made again after it if the plain
    /// step has no use for it there; by value.
    package internal(set) var shares: [Share] = []

    /// By value and operand.
    package internal(set) var needs: [Need] = []

  }

  /// The number of bits of the greatest weight.
  static let weightBits = 44

  /// No sequence that keeps the order of first executions costs less.
  package let bound: Int

  /// The live bytes that the sequence is never beyond.
  package let budget: Int

  /// The number of bits behind the point of a weight.
  package let bits: Int

  /// What a byte beyond the budget costs at least at one operation, in order of their steps.
  package let duals: [GapCertificate.Dual]

  /// The parts of the cost of an operation with several results that each of them is charged, by value.
  package let prices: [Share]

  /// In order of their steps.
  package let stages: [Stage]

}
