import Support

extension OperandBoundCertificate {

  /// The most products that checking may take, so that a hostile plan ends early.
  static let termLimit = 1 << 20

  /// The most gaps that may be looked at for that, over all weights of bytes and all stages.
  static let gapLimit = 1 << 28

  /// The number of lines of text.
  var lineCount: Int {
    stages.reduce(1 + duals.lineCount + prices.lineCount) { $0 + 1 + $1.shares.lineCount + $1.needs.lineCount }
  }

  /// Gives the lines of text, each with its end, to `body`.
  func forEachLine<E: Error>(_ body: (String) throws(E) -> Void) throws(E) {
    try body("operand_bound_flops \(bound) bits \(bits)\n")
    try duals.forEachLine("duals", { "\($0.step):\($0.weight)" }, body)
    try prices.forEachLine("prices", { "\($0.value):\($0.weight)" }, body)
    for s in stages {
      try body("absent_at \(s.step) bytes \(s.bytes) cover \(s.cover)\n")
      try s.shares.forEachLine("shares", { "\($0.value):\($0.weight)" }, body)
      try s.needs.forEachLine("needs", { "\($0.value):\($0.operand):\($0.weight)" }, body)
    }
  }

}
