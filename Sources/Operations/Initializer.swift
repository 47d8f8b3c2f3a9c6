package import Support

/// How persistent storage is filled before the first step.
///
/// Random ones are functions of (seed, path, element) alone, so a parameter starts alike under every schedule.
package enum Initializer: Hashable, Sendable {

  case zeros
  case ones
  case constant(Double)
  case normal(mean: Double, std: Double)
  case uniform(low: Double, high: Double)

  /// Normal with std √(2 / fan-in) (He et al. 2015); fan-in is the product of all extents but the last.
  case kaiming

  /// Uniform in ±√(6 / (fan-in + fan-out)) (Glorot & Bengio 2010); fan-out is the last extent.
  case xavier

  /// `gain` times a matrix with orthogonal columns, or rows where those are fewer; axes behind the first are taken as one.
  ///
  /// The matrix is the Q of a normal one, as in Saxe et al. 2014 and PyTorch's `orthogonal_`.
  case orthogonal(gain: Double)

  /// The name in text.
  package var name: String {
    switch self {
    case .zeros: "zeros"
    case .ones: "ones"
    case .constant: "constant"
    case .normal: "normal"
    case .uniform: "uniform"
    case .kaiming: "kaiming"
    case .xavier: "xavier"
    case .orthogonal: "orthogonal"
    }
  }

  /// The names of all initializers.
  package static let names = ["zeros", "ones", "constant", "normal", "uniform", "kaiming", "xavier", "orthogonal"]

  private var arguments: [Attribute] {
    switch self {
    case .zeros, .ones, .kaiming, .xavier: []
    case .constant(let v): [.init("value", .number(v))]
    case .normal(let mean, let std): [.init("mean", .number(mean)), .init("std", .number(std))]
    case .uniform(let low, let high): [.init("low", .number(low)), .init("high", .number(high))]
    case .orthogonal(let gain): [.init("gain", .number(gain))]
    }
  }

  /// Creates the initializer called `name`.
  ///
  /// Returns `nil` iff there is none of that name or its arguments are not those.
  package init?(name: String, arguments: [Attribute]) {
    var reader = AttributeReader(arguments)
    switch name {
    case "zeros": self = .zeros
    case "ones": self = .ones
    case "constant": self = .constant(reader.number("value"))
    case "normal": self = .normal(mean: reader.number("mean"), std: reader.number("std"))
    case "uniform": self = .uniform(low: reader.number("low"), high: reader.number("high"))
    case "kaiming": self = .kaiming
    case "xavier": self = .xavier
    case "orthogonal": self = .orthogonal(gain: reader.number("gain"))
    case _: return nil
    }
    if reader.failed || reader.leftOver != nil { return nil }
  }

}

extension Initializer {

  /// `true` iff all numbers are finite, no deviation is negative and no range is empty.
  package var isInRange: Bool {
    switch self {
    case .zeros, .ones, .kaiming, .xavier: true
    case .constant(let v): v.isFinite
    case .normal(let mean, let std): mean.isFinite && std.isFinite && std >= 0
    case .uniform(let low, let high): low.isFinite && high.isFinite && low <= high
    case .orthogonal(let gain): gain.isFinite
    }
  }

}

extension Initializer: CustomStringConvertible {

  /// The initializer as texts print it: `normal(mean: 0.0, std: 0.02)`.
  package var description: String { "\(name)(\(arguments.map(\.description).joined(separator: ", ")))" }

}

extension TextScanner {

  /// Consumes an initializer.
  package mutating func initializer() throws(TextError) -> Initializer {
    let call = try call()
    guard let i = Initializer(name: call.name, arguments: call.arguments) else {
      throw error("no initializer '\(call.name)' with these arguments")
    }
    return i
  }

  /// Consumes `name(label: value, …)`.
  package mutating func call() throws(TextError) -> (name: String, arguments: [Attribute]) {
    let name = try word()
    try expect("(")
    var arguments: [Attribute] = []
    if take(")") { return (name, arguments) }
    repeat {
      let label = try word()
      try expect(":")
      arguments.append(.init(label, try attributeValue()))
      if arguments.count > 64 { throw error("more than 64 arguments") }
    } while take(",")
    try expect(")")
    return (name, arguments)
  }

}
