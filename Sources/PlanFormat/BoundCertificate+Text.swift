import Support

extension BoundCertificate {

  /// The number of weights on a line of text.
  static let lineLength = 8

  /// The most products that checking may take, so that a hostile plan ends early.
  static let termLimit = 1 << 24

  /// The number of lines of text.
  var lineCount: Int { 1 + duals.lineCount }

  /// Gives the lines of text, each with its end, to `body`.
  func forEachLine<E: Error>(_ body: (String) throws(E) -> Void) throws(E) {
    try body("bound_flops \(bound) budget \(budget) bits \(bits)\n")
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
