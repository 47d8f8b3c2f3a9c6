package import Support

/// The value of an operation's attribute in text.
package enum AttributeValue: Hashable, Sendable, CustomStringConvertible {

  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case string(String)
  case integers([Int])

  /// A name with attributes, none of which is a call: `step(initial: 0.1, every: 30, factor: 0.5)`.
  case call(String, [Attribute])

  package var description: String {
    switch self {
    case .integer(let i): "\(i)"
    case .number(let n): "\(n)"
    case .boolean(let b): "\(b)"
    case .string(let s): s.quotedForText
    case .integers(let a): "[\(a.map(String.init).joined(separator: ", "))]"
    case .call(let name, let arguments): "\(name)(\(arguments.map(\.description).joined(separator: ", ")))"
    }
  }

}

/// A named attribute, printed as `axes: [0, 2]`.
package struct Attribute: Hashable, Sendable, CustomStringConvertible {

  package let name: String

  package let value: AttributeValue

  package init(_ name: String, _ value: AttributeValue) {
    self.name = name
    self.value = value
  }

  package var description: String { "\(name): \(value)" }

}

/// Attributes being turned back into an operation; each may be taken once.
package struct AttributeReader: Sendable {

  private var attributes: [Attribute]

  package init(_ attributes: [Attribute]) { self.attributes = attributes }

  /// The first attribute that nobody took.
  package var leftOver: Attribute? { attributes.first }

  /// `true` iff an attribute was missing or had the wrong type.
  package private(set) var failed = false

  /// Notes that an attribute makes no sense.
  mutating func fail() { failed = true }

  /// Returns the attribute called `name` and leaves it.
  func peek(_ name: String) -> AttributeValue? { attributes.first { $0.name == name }?.value }

  /// Takes the attribute called `name`.
  mutating func take(_ name: String) -> AttributeValue? {
    guard let i = attributes.firstIndex(where: { $0.name == name }) else { return nil }
    return attributes.remove(at: i).value
  }

  /// Takes a whole number, 0 if it is missing.
  package mutating func integer(_ name: String) -> Int {
    if case .integer(let i) = take(name) { return i }
    failed = true
    return 0
  }

  /// Takes a finite number, written with or without a point, 0 if it is missing.
  package mutating func number(_ name: String) -> Double {
    let value = take(name)
    if case .number(let n) = value, n.isFinite { return n }
    if case .integer(let i) = value { return Double(i) }
    failed = true
    return 0
  }

  /// Takes a finite number, or `nil` if it is missing.
  package mutating func optionalNumber(_ name: String) -> Double? {
    attributes.contains { $0.name == name } ? number(name) : nil
  }

  /// Takes a truth value.
  package mutating func boolean(_ name: String) -> Bool {
    if case .boolean(let b) = take(name) { return b }
    failed = true
    return false
  }

  /// Takes a truth value that is `false` where it is not written.
  package mutating func flag(_ name: String) -> Bool { attributes.contains { $0.name == name } ? boolean(name) : false }

  /// Takes a string.
  package mutating func string(_ name: String) -> String {
    if case .string(let s) = take(name) { return s }
    failed = true
    return ""
  }

  /// Takes a list of whole numbers.
  package mutating func integers(_ name: String) -> [Int] {
    if case .integers(let a) = take(name) { return a }
    failed = true
    return []
  }

  /// Takes a list of two whole numbers, zeros if it is missing.
  mutating func pair(_ name: String) -> Pair {
    let list = integers(name)
    if list.count == 2 { return .init(list[0], list[1]) }
    failed = true
    return .init(0, 0)
  }

  /// Takes a list of whole numbers that is empty where it is not written.
  package mutating func optionalIntegers(_ name: String) -> [Int] {
    attributes.contains { $0.name == name } ? integers(name) : []
  }

}

extension TextScanner {

  /// The most attributes of one operation and the most elements of a list.
  private static let listLimit = 64

  /// Consumes `{name: value, …}`, or nothing if no brace comes next.
  package mutating func attributes() throws(TextError) -> [Attribute] {
    guard take("{") else { return [] }
    var all: [Attribute] = []
    repeat {
      let name = try word()
      try expect(":")
      all.append(.init(name, try isAtCall ? attributeCall() : attributeValue()))
      if all.count > Self.listLimit { throw error("more than \(Self.listLimit) attributes") }
    } while take(",")
    try expect("}")
    return all
  }

  /// `true` iff a letter comes next, and neither `true` nor `false`.
  private var isAtCall: Bool {
    mutating get {
      guard let next = peek(), next >= UInt8(ascii: "a"), next <= UInt8(ascii: "z") else { return false }
      var ahead = self
      return !ahead.take("true") && !ahead.take("false")
    }
  }

  /// Consumes `name(label: value, …)`, none of whose values is a call.
  private mutating func attributeCall() throws(TextError) -> AttributeValue {
    let call = try call()
    return .call(call.name, call.arguments)
  }

  /// Consumes the value of an attribute that is no call.
  package mutating func attributeValue() throws(TextError) -> AttributeValue {
    let next = peek()
    if next == UInt8(ascii: "\"") { return .string(try string()) }
    if next == UInt8(ascii: "[") { return .integers(try integers()) }
    if take("true") { return .boolean(true) }
    if take("false") { return .boolean(false) }
    return try numericValue()
  }

  /// Consumes a number; it is an integer iff it has neither point nor exponent.
  private mutating func numericValue() throws(TextError) -> AttributeValue {
    let text = try numberText()
    if let i = Int(text) { return .integer(i) }
    guard let n = Double(text) else { throw error("expected a number") }
    return .number(n)
  }

  /// Consumes `[1, 2, 3]`.
  package mutating func integers() throws(TextError) -> [Int] {
    try expect("[")
    var all: [Int] = []
    if take("]") { return all }
    repeat {
      all.append(try integer())
      if all.count > Self.listLimit { throw error("more than \(Self.listLimit) elements") }
    } while take(",")
    try expect("]")
    return all
  }

  /// Consumes a type such as `f32[16,128]`.
  package mutating func tensorType() throws(TextError) -> TensorType {
    let name = try word()
    guard let element = ElementType(rawValue: name) else { throw error("unknown element type '\(name)'") }
    let extents = try integers()
    guard TensorType.isValid(element, extents) else { throw error("extents out of bounds") }
    return .init(element, extents)
  }

}
