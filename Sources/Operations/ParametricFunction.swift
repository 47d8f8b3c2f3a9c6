/// A function of one element with constants.
package enum ParametricFunction: Hashable, Sendable {

  /// `x > 0 ? x : slope · x`.
  case leakyRelu(slope: Double)

  /// `x > 0 ? x : alpha · (eˣ − 1)`, with an `alpha` that is not negative.
  case elu(alpha: Double)

  /// `x` to a constant power; NaN of negative numbers where the exponent is not whole.
  case pow(exponent: Double)

  /// `x` limited to `[low, high]`, one of which may be infinite; NaN if `x` is.
  case clamp(low: Double, high: Double)

  /// The name of the operation in text.
  package var name: String {
    switch self {
    case .leakyRelu: "leaky_relu"
    case .elu: "elu"
    case .pow: "pow"
    case .clamp: "clamp"
    }
  }

  /// The constants, in the order they are printed; infinite bounds are not.
  package var attributes: [Attribute] {
    switch self {
    case .leakyRelu(let slope): [.init("slope", .number(slope))]
    case .elu(let alpha): [.init("alpha", .number(alpha))]
    case .pow(let exponent): [.init("exponent", .number(exponent))]
    case .clamp(let low, let high):
      [("low", low), ("high", high)].filter(\.1.isFinite).map { (name, value) in .init(name, .number(value)) }
    }
  }

  /// Creates the function called `name`, taking its constants from `reader`, or `nil` if there is none.
  init?(name: String, reader: inout AttributeReader) {
    switch name {
    case "leaky_relu": self = .leakyRelu(slope: reader.number("slope"))
    case "elu": self = .elu(alpha: reader.number("alpha"))
    case "pow": self = .pow(exponent: reader.number("exponent"))
    case "clamp":
      let low = reader.optionalNumber("low") ?? -.infinity
      self = .clamp(low: low, high: reader.optionalNumber("high") ?? .infinity)
    case _: return nil
    }
  }

  /// What `parametricGradient` reads: the cheaper of input and output, where the latter tells the derivative.
  package var saved: UnaryFunction.Saved {
    switch self {
    case .leakyRelu(let slope): slope < 0 ? .input : .output
    case .elu: .output
    case .pow, .clamp: .input
    }
  }

  /// Floating-point operations for one element.
  package var flopsPerElement: Int {
    switch self {
    case .leakyRelu, .clamp: 2
    case .elu: 24
    case .pow: 40
    }
  }

  /// Throws if a constant is out of range.
  func check() throws(ShapeError) {
    switch self {
    case .leakyRelu(let slope):
      guard slope.isFinite else { throw .init("leaky_relu takes a finite slope, not \(slope)") }
    case .elu(let alpha):
      guard alpha.isFinite, alpha >= 0 else { throw .init("elu takes an alpha that is not negative, not \(alpha)") }
    case .pow(let exponent):
      guard exponent.isFinite else { throw .init("pow takes a finite exponent, not \(exponent)") }
    case .clamp(let low, let high):
      guard low <= high else { throw .init("clamp takes bounds in ascending order, not \(low) and \(high)") }
      guard low.isFinite || high.isFinite else { throw .init("clamp takes a bound 'low', 'high' or both") }
    }
  }

}
