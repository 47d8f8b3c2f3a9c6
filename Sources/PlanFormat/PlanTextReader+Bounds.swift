import Support

extension PlanTextReader {

  /// Consumes the weights of bytes beyond the budget.
  mutating func duals() throws(TextError) -> [BoundCertificate.Dual] {
    try entries("duals") { (s) throws(TextError) in
      let (step, weight) = try s.pair()
      return .init(step: step, weight: weight)
    }
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
          needs: try needs()))
      try require(stages.count, atMost: limits.instructions, "stages of a bound")
    }
    return .init(bound: flops, bits: bits, duals: duals, prices: prices, stages: stages)
  }

  private mutating func labelled(_ label: StaticString) throws(TextError) -> Int {
    try scanner.expect(label)
    return try scanner.integer()
  }

  private mutating func shares(_ keyword: StaticString) throws(TextError) -> [OperandBoundCertificate.Share] {
    try entries(keyword) { (s) throws(TextError) in
      let (value, weight) = try s.pair()
      return .init(value: value, weight: weight)
    }
  }

  private mutating func needs() throws(TextError) -> [OperandBoundCertificate.Need] {
    try entries("needs") { (s) throws(TextError) in
      let (value, operand) = try s.pair()
      return .init(value: value, operand: operand, weight: try s.integerAfterColon())
    }
  }

  /// Consumes the entries of lines that start with `keyword`, each as `entry` reads it.
  private mutating func entries<T>(
    _ keyword: StaticString, _ entry: (inout TextScanner) throws(TextError) -> T
  ) throws(TextError) -> [T] {
    var all: [T] = []
    all.reserveCapacity(
      min(scanner.lineCount(startingWith: keyword) * BoundCertificate.lineLength, limits.instructions))
    while scanner.take(keyword) {
      let start = all.count
      repeat {
        all.append(try entry(&scanner))
        try require(all.count - start, atMost: BoundCertificate.lineLength, "weights on a line")
        try require(all.count, atMost: limits.instructions, "weights of a bound")
        scanner.skipBlanks()
      } while !scanner.isAtLineEnd
      try scanner.endLine()
    }
    return all
  }

}

extension TextScanner {

  /// Consumes two numbers with a colon between them.
  fileprivate mutating func pair() throws(TextError) -> (Int, Int) { (try integer(), try integerAfterColon()) }

  /// Consumes a colon and a number.
  fileprivate mutating func integerAfterColon() throws(TextError) -> Int {
    try expect(":")
    return try integer()
  }

}
