/// A function of one element.
package enum UnaryFunction: String, Hashable, Sendable, CaseIterable {

  case neg
  case abs
  case relu
  case tanh
  case sigmoid
  case exp
  case log
  case sqrt
  case rsqrt
  case square
  case sin
  case cos
  case gelu
  case silu
  case softplus

  /// Which value the derivative is a function of.
  package enum Saved: Hashable, Sendable {
    case input
    case output
  }

  /// What `unaryGradient` reads: the cheaper of input and output to keep alive.
  ///
  /// relu, tanh, sigmoid, exp and the roots have derivatives in terms of their own output.
  package var saved: Saved {
    switch self {
    case .relu, .tanh, .sigmoid, .exp, .sqrt, .rsqrt: .output
    case .neg, .abs, .log, .square, .sin, .cos, .gelu, .silu, .softplus: .input
    }
  }

  /// Floating-point operations for one element; transcendental functions count as the polynomials that compute them.
  package var flopsPerElement: Int {
    switch self {
    case .neg, .abs, .relu, .square: 1
    case .sqrt, .rsqrt: 4
    case .exp, .log, .sin, .cos: 12
    case .tanh, .sigmoid, .silu, .softplus: 16
    case .gelu: 20
    }
  }

}

/// A function of two elements.
package enum BinaryFunction: String, Hashable, Sendable, CaseIterable {

  case add
  case sub
  case mul
  case div

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

  /// `y = f(x)`, of the operand's type.
  case unary(UnaryFunction)

  /// `dx = f'(s) · dy` of operands `s, dy`, where `s` is what `UnaryFunction.saved` names.
  case unaryGradient(UnaryFunction)

  /// `z = f(x, y)` with NumPy's broadcasting.
  case binary(BinaryFunction)

  /// `x ? y` with NumPy's broadcasting, giving `bool`; f32 or i32.
  case compare(Comparison)

  package var mnemonic: String {
    switch self {
    case .constant: "constant"
    case .unary(let f): f.rawValue
    case .unaryGradient(let f): f.rawValue + "_grad"
    case .binary(let f): f.rawValue
    case .compare(let f): f.rawValue
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .constant(let value): [.init("value", .number(value))]
    case .unary, .unaryGradient, .binary, .compare: []
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    if mnemonic == "constant" {
      self = .constant(reader.number("value"))
    } else if let f = UnaryFunction(rawValue: mnemonic) {
      self = .unary(f)
    } else if mnemonic.hasSuffix("_grad"), let f = UnaryFunction(rawValue: String(mnemonic.dropLast(5))) {
      self = .unaryGradient(f)
    } else if let f = BinaryFunction(rawValue: mnemonic) {
      self = .binary(f)
    } else if let f = Comparison(rawValue: mnemonic) {
      self = .compare(f)
    } else {
      return nil
    }
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .constant: .none(reason: "it has no operands")
    case .unary(.neg): .reads(operands: [], readsResult: false)
    case .unary(let f): .reads(operands: f.saved == .input ? [0] : [], readsResult: f.saved == .output)
    case .unaryGradient: .none(reason: "second derivatives are not taken")
    case .binary(.add), .binary(.sub): .reads(operands: [], readsResult: false)
    case .binary(.mul): .reads(operands: [0, 1], readsResult: false)
    case .binary(.div): .reads(operands: [1], readsResult: true)
    case .compare: .none(reason: "a comparison is constant almost everywhere")
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    switch self {
    case .constant:
      try operands.require(0, for: mnemonic)
      return [.init(.f32)]
    case .unary:
      try operands.require(1, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      return operands
    case .unaryGradient:
      try operands.require(2, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      try operands.requireSame(for: mnemonic)
      return [operands[0]]
    case .binary:
      try operands.require(2, for: mnemonic)
      try operands.require(.f32, for: mnemonic)
      return [try Self.broadcast(operands, to: .f32)]
    case .compare:
      try operands.require(2, for: mnemonic)
      try Self.requireComparable(operands, for: mnemonic)
      return [try Self.broadcast(operands, to: .bool)]
    }
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
    case .constant: 0
    case .unary(let f): f.flopsPerElement * results[0].count
    case .unaryGradient(let f): (f.flopsPerElement + 1) * results[0].count
    case .binary, .compare: results[0].count
    }
  }

}
