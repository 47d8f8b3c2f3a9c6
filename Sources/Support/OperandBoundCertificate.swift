/// A lower bound that counts what recomputations need, within the budget of a `BoundCertificate`, and the weights that prove it.
///
/// In a plan values are numbered as `train` makes them for the first time: the results of its instructions in order, those of
/// updates left out.
package struct OperandBoundCertificate: Hashable, Sendable {

  /// What a value pays.
  package struct Share: Hashable, Sendable {

    /// The number of the value.
    package let value: Int

    /// In costs, in units of `2^-bits`.
    package let weight: Int

    package init(value: Int, weight: Int) {
      self.value = value
      self.weight = weight
    }

  }

  /// What it is worth that an operand is there where a value is made again.
  package struct Need: Hashable, Sendable {

    /// The number of the value.
    package let value: Int

    /// The number of the operand of its instruction.
    package let operand: Int

    /// In costs, in units of `2^-bits`.
    package let weight: Int

    package init(value: Int, operand: Int, weight: Int) {
      self.value = value
      self.operand = operand
      self.weight = weight
    }

  }

  /// The weights of what is absent while one operation is executed.
  package struct Stage: Hashable, Sendable {

    /// The position of the operation among those of the step without recomputation.
    package let step: Int

    /// What a byte is worth, those of what is kept for recomputations alone included; in costs, in units of `2^-bits`.
    package var bytes: Int

    /// What a byte beyond the budget is worth, of each value no more of them than are missing; in units of `2^-bits`.
    package var cover: Int

    /// The part of its price that each value pays for being absent at the step, or for being made again after it if the step
    /// without recomputation has no use for it there; by value, ascending.
    package var shares: [Share]

    /// By value and operand, ascending.
    package var needs: [Need]

    package init(step: Int, bytes: Int = 0, cover: Int = 0, shares: [Share] = [], needs: [Need] = []) {
      self.step = step
      self.bytes = bytes
      self.cover = cover
      self.shares = shares
      self.needs = needs
    }

  }

  package static let weights = 1...1 << weightBits

  /// The number of bits of the greatest weight.
  package static let weightBits = 44

  /// What is recomputed at least: in a plan in operations, of a schedule in its costs.
  package let bound: Int

  /// The number of bits behind the point of a weight.
  package let bits: Int

  /// The weights of bytes beyond the budget, their steps ascending.
  package let duals: [BoundCertificate.Dual]

  /// What a result of an operation with several ones costs, by value; the others cost nothing.
  package let prices: [Share]

  /// Their steps ascending.
  package let stages: [Stage]

  package init(bound: Int, bits: Int, duals: [BoundCertificate.Dual], prices: [Share], stages: [Stage]) {
    self.bound = bound
    self.bits = bits
    self.duals = duals
    self.prices = prices
    self.stages = stages
  }

}
