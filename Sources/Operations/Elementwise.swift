/// A function of two elements.
package enum BinaryFunction: String, Hashable, Sendable, CaseIterable {

  case add
  case sub
  case mul
  case div

  /// NaN if either element is; where the two are equal, each gets half of the gradient.
  case maximum

  /// As `maximum`.
  case minimum

  /// The left element to the power of the right one, with the special values of C.
  case pow = "power"

  /// Floating-point operations for one element.
  var flopsPerElement: Int {
    switch self {
    case .add, .sub, .mul, .div, .maximum, .minimum: 1
    case .pow: 40
    }
  }

}

/// A function of truth values.
package enum LogicFunction: String, Hashable, Sendable, CaseIterable {

  case and = "logical_and"
  case or = "logical_or"
  case equal = "logical_equal"
  case xor = "logical_xor"
  case not = "logical_not"

  /// The number of operands.
  package var operandCount: Int { self == .not ? 1 : 2 }

}

/// A comparison of two elements.
package enum Comparison: String, Hashable, Sendable, CaseIterable {

  case equal
  case notEqual = "not_equal"
  case less
  case lessEqual = "less_equal"
  case greater
  case greaterEqual = "greater_equal"

}

/// Operations that work on each element by itself.
package enum Elementwise: OperationFamily {

  /// A scalar of type `f32[]`.
  case constant(Double)

  /// A whole number of type `i32[]`, within its range.
  case integer(Int)

  /// The numbers 0, 1, … of type `f32[count]`.
  case arange(count: Int)

  /// `y = f(x)`, of the operand's type.
  case unary(UnaryFunction)

  /// `dx = f'(s) · dy` of operands `s, dy`, where `s` is what `UnaryFunction.saved` names.
  case unaryGradient(UnaryFunction)

  /// `y = f(x)` with constants, of the operand's type.
  case parametric(ParametricFunction)

  /// `dx = f'(s) · dy` of operands `s, dy`, where `s` is what `ParametricFunction.saved` names.
  case parametricGradient(ParametricFunction)

  /// `z = f(x, y)` with NumPy's broadcasting.
  case binary(BinaryFunction)

  /// The part of `dz` that `x` gets, of operands `x, y, dz` where `z` is their maximum (or minimum): none where `y` won,
  /// half where the two are equal; of `dz`'s type.
  case extremumGradient(isMaximum: Bool)

  /// `x ? y` with NumPy's broadcasting, giving `bool`; f32 or i32.
  case compare(Comparison)

  /// `z = f(x, y)` of bool with NumPy's broadcasting.
  case logic(LogicFunction)

  /// `z = c ? x : y` of operands `c, x, y` with NumPy's broadcasting, `c` being bool, the others f32 or i32.
  case select

  /// The elements of an i32, u8 or bool as numbers of the given type, which is f32.
  case cast(ElementType)

  package var mnemonic: String {
    switch self {
    case .constant: "constant"
    case .integer: "integer"
    case .arange: "arange"
    case .unary(let f): f.rawValue
    case .unaryGradient(let f): f.rawValue + "_grad"
    case .parametric(let f): f.name
    case .parametricGradient(let f): f.name + "_grad"
    case .binary(let f): f.rawValue
    case .extremumGradient(let isMaximum): isMaximum ? "maximum_grad" : "minimum_grad"
    case .compare(let f): f.rawValue
    case .logic(let f): f.rawValue
    case .select: "where"
    case .cast: "cast"
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .constant(let value): [.init("value", .number(value))]
    case .integer(let value): [.init("value", .integer(value))]
    case .arange(let count): [.init("count", .integer(count))]
    case .parametric(let f), .parametricGradient(let f): f.attributes
    case .cast(let element): [.init("to", .string(element.rawValue))]
    case .unary, .unaryGradient, .binary, .extremumGradient, .compare, .logic, .select: []
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    switch mnemonic {
    case "constant": self = .constant(reader.number("value"))
    case "integer": self = .integer(reader.integer("value"))
    case "arange": self = .arange(count: reader.integer("count"))
    case "where": self = .select
    case "maximum_grad": self = .extremumGradient(isMaximum: true)
    case "minimum_grad": self = .extremumGradient(isMaximum: false)
    case "cast":
      guard let element = ElementType(rawValue: reader.string("to")) else { return nil }
      self = .cast(element)
    case _:
      guard let f = Self.function(mnemonic, &reader) ?? Self.gradient(mnemonic, &reader) else { return nil }
      self = f
    }
  }

  private static func function(_ name: String, _ reader: inout AttributeReader) -> Elementwise? {
    if let f = UnaryFunction(rawValue: name) { return .unary(f) }
    if let f = BinaryFunction(rawValue: name) { return .binary(f) }
    if let f = Comparison(rawValue: name) { return .compare(f) }
    if let f = LogicFunction(rawValue: name) { return .logic(f) }
    return ParametricFunction(name: name, reader: &reader).map { .parametric($0) }
  }

  private static func gradient(_ mnemonic: String, _ reader: inout AttributeReader) -> Elementwise? {
    guard mnemonic.hasSuffix("_grad") else { return nil }
    let name = String(mnemonic.dropLast(5))
    if let f = UnaryFunction(rawValue: name) { return f.isDifferentiable ? .unaryGradient(f) : nil }
    return ParametricFunction(name: name, reader: &reader).map { .parametricGradient($0) }
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .constant, .integer, .arange: .none(reason: "it has no operands")
    case .unary(.neg): .reads(operands: [], readsResult: false)
    case .unary(.sign): .none(reason: "a sign is constant almost everywhere")
    case .unary(let f): .reads(f.saved)
    case .parametric(let f): .reads(f.saved)
    case .unaryGradient, .parametricGradient, .extremumGradient: .none(reason: "second derivatives are not taken")
    case .binary(.add), .binary(.sub): .reads(operands: [], readsResult: false)
    case .binary(.mul), .binary(.maximum), .binary(.minimum): .reads(operands: [0, 1], readsResult: false)
    case .binary(.div): .reads(operands: [1], readsResult: true)
    case .binary(.pow): .reads(operands: [0, 1], readsResult: true)
    case .compare: .none(reason: "a comparison is constant almost everywhere")
    case .logic: .none(reason: "truth values have no derivatives")
    case .select: .reads(operands: [0], readsResult: false)
    case .cast: .none(reason: "whole numbers have no derivatives")
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    switch self {
    case .constant:
      try operands.require(0, for: mnemonic)
      return [.init(.f32)]
    case .integer(let value):
      try operands.require(0, for: mnemonic)
      guard Int32(exactly: value) != nil else { throw .init("integer takes a value that i32 holds, not \(value)") }
      return [.init(.i32)]
    case .arange(let count):
      try operands.require(0, for: mnemonic)
      return [try Self.numbers(count)]
    case .unary:
      return try Self.map(operands, for: mnemonic)
    case .parametric(let f):
      try f.check()
      return try Self.map(operands, for: mnemonic)
    case .unaryGradient:
      return try Self.gradient(operands, for: mnemonic)
    case .parametricGradient(let f):
      try f.check()
      return try Self.gradient(operands, for: mnemonic)
    case .binary:
      try operands.require(2, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      return [try Self.broadcast(operands, to: .f32)]
    case .compare:
      try operands.require(2, for: mnemonic)
      try Self.requireComparable(operands, for: mnemonic)
      return [try Self.broadcast(operands, to: .bool)]
    case .extremumGradient:
      try operands.require(3, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      return [try Self.requireResult(operands[2], of: try Self.broadcast(operands, to: .f32), for: mnemonic)]
    case .logic(let f):
      try operands.require(f.operandCount, for: mnemonic)
      try operands.require(.bool, for: mnemonic)
      return [try Self.broadcast([operands[0], operands[f.operandCount - 1]], to: .bool)]
    case .select:
      try operands.require(3, for: mnemonic)
      return [try Self.selected(operands)]
    case .cast(let element):
      try operands.require(1, for: mnemonic)
      return [try Self.cast(operands[0], to: element)]
    }
  }

  /// The greatest count of an `arange`: all numbers below it are exact in f32.
  package static let greatestCount = 1 << 24

  private static func numbers(_ count: Int) throws(ShapeError) -> TensorType {
    guard 0...greatestCount ~= count else {
      throw .init("arange takes a count from 0 to \(greatestCount), not \(count)")
    }
    return .init(.f32, [count])
  }

  private static func map(_ operands: [TensorType], for mnemonic: String) throws(ShapeError) -> [TensorType] {
    try operands.require(1, for: mnemonic)
    try operands.require(.f32, for: mnemonic)
    return operands
  }

  private static func gradient(_ operands: [TensorType], for mnemonic: String) throws(ShapeError) -> [TensorType] {
    try operands.require(2, for: mnemonic)
    try operands.require(.f32, for: mnemonic)
    try operands.requireSame(for: mnemonic)
    return [operands[0]]
  }

  private static func requireResult(
    _ t: TensorType, of result: TensorType, for mnemonic: String
  ) throws(ShapeError) -> TensorType {
    guard t == result else { throw .init("\(mnemonic) takes the gradient of a result \(result), not \(t)") }
    return t
  }

  private static func selected(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    guard operands[0].element == .bool else { throw .init("where takes a bool condition, not \(operands[0])") }
    try requireComparable(Array(operands[1...]), for: "where")
    let both = try broadcast(Array(operands[1...]), to: operands[1].element)
    return try broadcast([operands[0], both], to: both.element)
  }

  private static func cast(_ x: TensorType, to element: ElementType) throws(ShapeError) -> TensorType {
    guard element == .f32, x.element == .i32 || x.element == .u8 || x.element == .bool else {
      throw .init("cast takes i32, u8 or bool to f32, not \(x) to \(element.rawValue)")
    }
    guard TensorType.isValid(.f32, x.extents) else { throw .init("the result \(x.extents) is too large") }
    return .init(.f32, x.extents)
  }

  private static func requireComparable(_ operands: [TensorType], for mnemonic: String) throws(ShapeError) {
    let (l, r) = (operands[0].element, operands[1].element)
    guard l == r else {
      throw .init("\(mnemonic) takes operands of one element type, not \(operands[0]) and \(operands[1])")
    }
    guard l == .f32 || l == .i32 else { throw .init("\(mnemonic) takes f32 or i32, not \(operands[0])") }
  }

  private static func broadcast(_ operands: [TensorType], to element: ElementType) throws(ShapeError) -> TensorType {
    let extents = try Broadcasting.extents(operands[0].extents, operands[1].extents)
    guard TensorType.isValid(element, extents) else { throw .init("the result \(extents) is too large") }
    return .init(element, extents)
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .constant, .integer, .arange: 0
    case .unary(let f): f.flopsPerElement * results[0].count
    case .unaryGradient(let f): (f.flopsPerElement + 1) * results[0].count
    case .parametric(let f): f.flopsPerElement * results[0].count
    case .parametricGradient(let f): (f.flopsPerElement + 1) * results[0].count
    case .extremumGradient: 2 * results[0].count
    case .binary(let f): f.flopsPerElement.multipliedSaturating(by: results[0].count)
    case .compare, .logic, .select, .cast: results[0].count
    }
  }

}

extension AdjointRule {

  /// The rule of a function of one element.
  fileprivate static func reads(_ saved: UnaryFunction.Saved) -> AdjointRule {
    .reads(operands: saved == .input ? [0] : [], readsResult: saved == .output)
  }

}
