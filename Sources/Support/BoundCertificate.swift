/// A lower bound on what any schedule of a step recomputes within a budget, and the weights that prove it.
///
/// It holds for every schedule that executes the operations for the first time in the step's order. The bound is what the
/// weights give in a formula that holds for any weights: whoever checks it needs no linear program.
package struct BoundCertificate: Hashable, Sendable {

  /// What a byte beyond the budget costs at least while one operation is executed.
  package struct Dual: Hashable, Sendable {

    /// The position of the operation among those of the step without recomputation.
    package let step: Int

    /// In costs a byte, in units of `2^-bits`.
    package let weight: Int

    package init(step: Int, weight: Int) {
      self.step = step
      self.weight = weight
    }

  }

  /// The numbers of bits behind the point of a weight.
  package static let bits = 0...60

  package static let weights = 1...1 << 40

  /// What is recomputed at least: in a plan in operations, of a schedule in its costs.
  package let bound: Int

  /// The bytes that are never exceeded: in a plan those of `peak_bytes`, of a schedule those that are live.
  package let budget: Int

  /// The number of bits behind the point of a weight.
  package let bits: Int

  /// The weights that are not zero, their steps ascending.
  package let duals: [Dual]

  package init(bound: Int, budget: Int, bits: Int, duals: [Dual]) {
    self.bound = bound
    self.budget = budget
    self.bits = bits
    self.duals = duals
  }

}
