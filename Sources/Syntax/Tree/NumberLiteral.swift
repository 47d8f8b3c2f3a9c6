/// A number as written.
package struct NumberLiteral: Hashable, Sendable {

  /// The value without its unit, always finite and never negative.
  package let value: Double

  /// The exact value of a number written without point and exponent.
  package let integer: Int?

  /// The unit, if any.
  package let unit: UnitName?

}

/// The units that a number may have.
package enum UnitName: String, Hashable, Sendable, CaseIterable {

  case kibibytes = "KiB"
  case mebibytes = "MiB"
  case gibibytes = "GiB"
  case kilobytes = "KB"
  case megabytes = "MB"
  case gigabytes = "GB"
  case step
  case steps
  case epoch
  case epochs
  case minute
  case minutes

  /// What a unit measures.
  package enum Quantity: Hashable, Sendable {

    /// Memory, in units of so many bytes.
    case memory(bytes: Int)

    /// Training steps.
    case steps

    /// Passes over the data.
    case epochs

    /// Time.
    case minutes

  }

  /// What the unit measures.
  package var quantity: Quantity {
    switch self {
    case .kibibytes: .memory(bytes: 1 << 10)
    case .mebibytes: .memory(bytes: 1 << 20)
    case .gibibytes: .memory(bytes: 1 << 30)
    case .kilobytes: .memory(bytes: 1000)
    case .megabytes: .memory(bytes: 1_000_000)
    case .gigabytes: .memory(bytes: 1_000_000_000)
    case .step, .steps: .steps
    case .epoch, .epochs: .epochs
    case .minute, .minutes: .minutes
    }
  }

}

extension NumberLiteral: CustomStringConvertible {

  /// The value, exactly, and the unit.
  package var description: String {
    let digits = integer.map(String.init) ?? value.description
    return unit.map { "\(digits) \($0.rawValue)" } ?? digits
  }

}
