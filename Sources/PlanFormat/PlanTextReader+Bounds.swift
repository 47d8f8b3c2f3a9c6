import Support

extension PlanTextReader {

  /// Consumes the weights of bytes beyond the budget.
  mutating func duals() throws(TextError) -> [BoundCertificate.Dual] {
    try entries("duals", numbers: 2).map { .init(step: $0[0], weight: $0[1]) }
  }

  /// Consumes a bound that counts what recomputations need.
  mutating func operandCertificate() throws(TextError) -> OperandBoundCertificate? {
    guard scanner.take("operand_bound_flops") else { return nil }
    let flops = try scanner.integer()
    let bits = try labelled("bits")
    try scanner.endLine()
    let (duals, prices) = (try duals(), try shares("prices"))
    var stages: [OperandBoundCertificate.Stage] = []
    while scanner.take("absent_at") {
      let (step, bytes, cover) = (try scanner.integer(), try labelled("bytes"), try labelled("cover"))
      try scanner.endLine()
      stages.append(
        .init(
          step: step, bytes: bytes, cover: cover, shares: try shares("shares"),
          needs: try entries("needs", numbers: 3).map { .init(value: $0[0], operand: $0[1], weight: $0[2]) }))
      try require(stages.count, atMost: limits.instructions, "stages of a bound")
    }
    return .init(flops: flops, bits: bits, duals: duals, prices: prices, stages: stages)
  }

  private mutating func labelled(_ label: StaticString) throws(TextError) -> Int {
    try scanner.expect(label)
    return try scanner.integer()
  }

  private mutating func shares(_ keyword: StaticString) throws(TextError) -> [OperandBoundCertificate.Share] {
    try entries(keyword, numbers: 2).map { .init(value: $0[0], weight: $0[1]) }
  }

  /// Consumes the entries of lines that start with `keyword`, each of `count` numbers with colons between them.
  private mutating func entries(_ keyword: StaticString, numbers count: Int) throws(TextError) -> [[Int]] {
    var all: [[Int]] = []
    while scanner.take(keyword) {
      repeat {
        var entry = [try scanner.integer()]
        while entry.count < count {
          try scanner.expect(":")
          entry.append(try scanner.integer())
        }
        all.append(entry)
        try require(all.count, atMost: limits.instructions, "weights of a bound")
        scanner.skipBlanks()
      } while !scanner.isAtLineEnd
      try scanner.endLine()
    }
    return all
  }

}
