/// A lower bound that counts what recomputations need, and the weights that prove it, in a plan with a `BoundCertificate`.
///
/// Values are numbered as `train` makes them for the first time: the results of its instructions in order, those of updates
/// left out.
package struct OperandBoundCertificate: Hashable, Sendable {

  /// What a value pays.
  package struct Share: Hashable, Sendable {

    /// The number of the value.
    package let value: Int

    /// In operations, in units of `2^-bits`.
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

    /// In operations, in units of `2^-bits`.
    package let weight: Int

    package init(value: Int, operand: Int, weight: Int) {
      self.value = value
      self.operand = operand
      self.weight = weight
    }

  }

  /// The weights of what is absent while one instruction is executed.
  package struct Stage: Hashable, Sendable {

    /// The position of the instruction among those that `train` computes for the first time.
    package let step: Int

    /// In operations a byte, in units of `2^-bits`: of all bytes, and of those of each value up to what is missing.
    package let bytes: Int
    package let cover: Int

    /// By value, ascending.
    package let shares: [Share]

    /// By value and operand, ascending.
    package let needs: [Need]

    package init(step: Int, bytes: Int, cover: Int, shares: [Share], needs: [Need]) {
      self.step = step
      self.bytes = bytes
      self.cover = cover
      self.shares = shares
      self.needs = needs
    }

  }

  static let weights = 1...1 << 44

  /// The most products that checking may take, so that a hostile plan ends early.
  static let termLimit = 1 << 20

  /// The most gaps that may be looked at for that, over all weights of bytes and all stages.
  static let gapLimit = 1 << 28

  /// The operations that are recomputed at least within the budget of the `BoundCertificate`.
  package let flops: Int

  /// The number of bits behind the point of a weight.
  package let bits: Int

  /// The weights of bytes beyond the budget, their steps ascending.
  package let duals: [BoundCertificate.Dual]

  /// What a result of an instruction with several ones costs; the others cost nothing.
  package let prices: [Share]

  /// Their steps ascending.
  package let stages: [Stage]

  package init(flops: Int, bits: Int, duals: [BoundCertificate.Dual], prices: [Share], stages: [Stage]) {
    self.flops = flops
    self.bits = bits
    self.duals = duals
    self.prices = prices
    self.stages = stages
  }

  /// The number of lines of text.
  var lineCount: Int {
    stages.reduce(1 + duals.lineCount + prices.lineCount) { $0 + 1 + $1.shares.lineCount + $1.needs.lineCount }
  }

  /// Gives the lines of text, each with its end, to `body`.
  func forEachLine<E: Error>(_ body: (String) throws(E) -> Void) throws(E) {
    try body("operand_bound_flops \(flops) bits \(bits)\n")
    try duals.forEachLine("duals", { "\($0.step):\($0.weight)" }, body)
    try prices.forEachLine("prices", { "\($0.value):\($0.weight)" }, body)
    for s in stages {
      try body("absent_at \(s.step) bytes \(s.bytes) cover \(s.cover)\n")
      try s.shares.forEachLine("shares", { "\($0.value):\($0.weight)" }, body)
      try s.needs.forEachLine("needs", { "\($0.value):\($0.operand):\($0.weight)" }, body)
    }
  }

}
