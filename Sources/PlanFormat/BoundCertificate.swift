/// A lower bound on what any schedule of the step recomputes within a budget, and the weights that prove it.
///
/// It holds for every schedule that executes the instructions for the first time in the plan's order. Whoever has the
/// plan can compute it again: see `Plan.provenBound(_:)`.
package struct BoundCertificate: Hashable, Sendable {

  /// What a byte beyond the budget costs at least while one instruction is executed.
  package struct Dual: Hashable, Sendable {

    /// The position of the instruction among those that `train` computes for the first time.
    package let step: Int

    /// In operations a byte, in units of `2^-bits`.
    package let weight: Int

    package init(step: Int, weight: Int) {
      self.step = step
      self.weight = weight
    }

  }

  /// The number of weights on a line of text.
  static let lineLength = 8

  /// The numbers of bits behind the point of a weight.
  static let bits = 0...60

  static let weights = 1...1 << 40

  /// The most products that checking may take, so that a hostile plan ends early.
  static let termLimit = 1 << 24

  /// The operations that are recomputed at least.
  package let flops: Int

  /// The budget in bytes, of `peak_bytes`.
  package let budget: Int

  /// The number of bits behind the point of a weight.
  package let bits: Int

  /// The weights that are not zero, their steps ascending.
  package let duals: [Dual]

  package init(flops: Int, budget: Int, bits: Int, duals: [Dual]) {
    self.flops = flops
    self.budget = budget
    self.bits = bits
    self.duals = duals
  }

  /// The number of lines of text.
  var lineCount: Int { 1 + duals.lineCount }

  /// Gives the lines of text, each with its end, to `body`.
  func forEachLine<E: Error>(_ body: (String) throws(E) -> Void) throws(E) {
    try body("bound_flops \(flops) budget \(budget) bits \(bits)\n")
    try duals.forEachLine("duals", { "\($0.step):\($0.weight)" }, body)
  }

}

extension Array {

  /// The number of lines that `forEachLine` gives.
  var lineCount: Int { (count + BoundCertificate.lineLength - 1) / BoundCertificate.lineLength }

  /// Gives lines that start with `keyword` to `body`, with so many elements each as go on a line, as `entry` writes them.
  func forEachLine<E: Error>(
    _ keyword: String, _ entry: (Element) -> String, _ body: (String) throws(E) -> Void
  ) throws(E) {
    for start in stride(from: 0, to: count, by: BoundCertificate.lineLength) {
      let line = self[start..<Swift.min(start + BoundCertificate.lineLength, count)]
      try body("\(keyword) \(line.map(entry).joined(separator: " "))\n")
    }
  }

}
