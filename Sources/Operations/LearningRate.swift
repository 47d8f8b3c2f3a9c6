import Support

/// The rate of an optimizer: a number, or a function of the step.
///
/// Steps count from 0 and go on in a resumed run. A rate is computed in f64 by additions, multiplications and divisions
/// alone, so that every machine gets the same bits.
package enum LearningRate: Hashable, Sendable {

  /// The same in every step.
  case constant(Double)

  /// In a straight line from `from` to `to`, behind a warm-up.
  ///
  /// Source: PyTorch's `LinearLR`.
  case linear(from: Double, to: Double, Span)

  /// Along half a period of the cosine from `peak` down to `floor`, behind a warm-up.
  ///
  /// Source: Loshchilov & Hutter, SGDR, 2017, without restarts; PyTorch's `CosineAnnealingLR`.
  case cosine(peak: Double, floor: Double, Span)

  /// `initial · factor^⌊step / every⌋`.
  ///
  /// Source: PyTorch's `StepLR`.
  case step(initial: Double, every: Int, factor: Double)

  /// The steps over which a rate changes.
  ///
  /// In step *t* below `warmup` the rate is (*t* + 1) / (`warmup` + 1) of its first one; then it changes with
  /// *p* = (*t* − `warmup`) / (`total` − `warmup`), and from step `total` on it stays.
  package struct Span: Hashable, Sendable {

    package let warmup: Int

    package let total: Int

    package init(warmup: Int, total: Int) {
      self.warmup = warmup
      self.total = total
    }

    /// `true` iff the rate changes over at least one step behind the warm-up.
    package var isValid: Bool { warmup >= 0 && warmup < total }

    /// Returns the part of the change that is done in step `t` behind the warm-up, from 0 to 1.
    fileprivate func progress(_ t: Int) -> Double {
      t >= total ? 1 : Double(t - warmup) / Double(total - warmup)
    }

  }

}

extension LearningRate {

  /// Returns the rate of step `t`, counted from 0.
  package func value(atStep t: Int) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .linear(let from, let to, let span):
      return Self.warmedUp(from, span, t) ?? (t >= span.total ? to : from + (to - from) * span.progress(t))
    case .cosine(let peak, let floor, let span):
      return Self.warmedUp(peak, span, t) ?? floor + (peak - floor) * 0.5
        * (1 + Self.cosine(ofPiTimes: span.progress(t)))
    case .step(let initial, let every, let factor): return initial * Self.power(factor, t / every)
    }
  }

  /// Returns the rate of step `t` of the warm-up, or `nil` behind it.
  private static func warmedUp(_ rate: Double, _ span: Span, _ t: Int) -> Double? {
    t < span.warmup ? rate * (Double(t + 1) / Double(span.warmup + 1)) : nil
  }

  /// Returns cos(π·`x`) for `x` from 0 to 1, by the series of sine and cosine of at most π/4.
  ///
  /// The first term left out is below 10⁻²⁰.
  static func cosine(ofPiTimes x: Double) -> Double {
    if x > 0.5 { return -cosine(ofPiTimes: 1 - x) }
    if x > 0.25 {
      let y = Double.pi * (0.5 - x)
      return y * series(y * y, firstDivisor: 2)
    }
    let y = Double.pi * x
    return series(y * y, firstDivisor: 1)
  }

  /// Returns `1 − z/(d·(d+1)) + z²/(d·(d+1)·(d+2)·(d+3)) − …` of nine terms.
  private static func series(_ z: Double, firstDivisor d: Int) -> Double {
    var sum = 1.0
    for k in stride(from: d + 14, through: d, by: -2) { sum = 1 - sum * z / Double(k * (k + 1)) }
    return sum
  }

  /// Returns `x` to the power of `n`, by squaring.
  private static func power(_ x: Double, _ n: Int) -> Double {
    var (result, square, rest) = (1.0, x, n)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }

}

extension LearningRate {

  /// `true` iff all numbers are finite and not negative, and the steps in order.
  package var isInRange: Bool {
    func isRate(_ r: Double) -> Bool { r.isFinite && r >= 0 }
    return switch self {
    case .constant(let rate): isRate(rate)
    case .linear(let from, let to, let span): isRate(from) && isRate(to) && span.isValid
    case .cosine(let peak, let floor, let span): isRate(peak) && isRate(floor) && span.isValid
    case .step(let initial, let every, let factor): isRate(initial) && isRate(factor) && every >= 1
    }
  }

  /// The rate as an attribute: a number, or a call such as `cosine(peak: 0.001, warmup: 100, total: 2000, floor: 0.0)`.
  var attributeValue: AttributeValue {
    switch self {
    case .constant(let rate): .number(rate)
    case .linear(let from, let to, let span):
      .call("linear", [.init("from", .number(from)), .init("to", .number(to))] + span.attributes)
    case .cosine(let peak, let floor, let span):
      .call("cosine", [.init("peak", .number(peak))] + span.attributes + [.init("floor", .number(floor))])
    case .step(let initial, let every, let factor):
      .call(
        "step", [.init("initial", .number(initial)), .init("every", .integer(every)), .init("factor", .number(factor))])
    }
  }

  /// Creates the schedule that `name` and `reader` give, or `nil` if there is none of that name.
  fileprivate init?(name: String, reader: inout AttributeReader) {
    switch name {
    case "linear":
      let (from, to) = (reader.number("from"), reader.number("to"))
      self = .linear(from: from, to: to, .init(reader: &reader))
    case "cosine":
      let peak = reader.number("peak")
      let span = Span(reader: &reader)
      self = .cosine(peak: peak, floor: reader.number("floor"), span)
    case "step":
      let (initial, every) = (reader.number("initial"), reader.integer("every"))
      self = .step(initial: initial, every: every, factor: reader.number("factor"))
    case _: return nil
    }
  }

}

extension LearningRate.Span {

  fileprivate var attributes: [Attribute] {
    [.init("warmup", .integer(warmup)), .init("total", .integer(total))]
  }

  fileprivate init(reader: inout AttributeReader) {
    let warmup = reader.integer("warmup")
    self.init(warmup: warmup, total: reader.integer("total"))
  }

}

extension AttributeReader {

  /// Takes a rate that is in range, 0 if it is missing.
  mutating func rate(_ name: String) -> LearningRate {
    guard case .call(let schedule, let arguments)? = peek(name) else { return .constant(number(name)) }
    _ = take(name)
    var reader = AttributeReader(arguments)
    guard let rate = LearningRate(name: schedule, reader: &reader), !reader.failed, reader.leftOver == nil,
      rate.isInRange
    else {
      fail()
      return .constant(0)
    }
    return rate
  }

}

extension LearningRate: ExpressibleByFloatLiteral {

  package init(floatLiteral value: Double) { self = .constant(value) }

}
