import Support

/// A JSON value whose objects keep the order of their keys.
indirect enum JSON {

  case null
  case boolean(Bool)
  case integer(Int)

  /// A number; NaN and infinities, which JSON lacks, are written as `null`.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])

  /// Creates a string, or `null` from `nil`.
  init(_ text: String?) { self = text.map { .string($0) } ?? .null }

  /// The value on one line.
  var text: String {
    switch self {
    case .null: "null"
    case .boolean(let b): "\(b)"
    case .integer(let i): "\(i)"
    case .number(let n): n.isFinite ? "\(n)" : "null"
    case .string(let s): s.quotedAsJSON
    case .array(let a): "[" + a.map(\.text).joined(separator: ", ") + "]"
    case .object(let o): "{" + o.map { "\($0.0.quotedAsJSON): \($0.1.text)" }.joined(separator: ", ") + "}"
    }
  }

}
