import IR
import Operations
import Support
import Syntax

/// The places of a binary expression and of its operands.
struct BinarySpan {

  let left: SourceSpan

  /// The operator.
  let sign: SourceSpan

  let right: SourceSpan

  var whole: SourceSpan { left.joined(with: right) }

}

extension Lowering {

  /// Returns `l sign r`, called `hint` if it is a new value.
  mutating func combine(
    _ l: Meaning, _ sign: ArithmeticOperator, _ r: Meaning, at span: BinarySpan, hint: String
  ) throws(Reported) -> Meaning {
    switch (l, r) {
    case (.poison, _), (_, .poison): throw Reported()
    case (.tensor, _), (_, .tensor):
      let a = try tensor(l, at: span.left, hint: "\(hint).lhs")
      let b = try tensor(r, at: span.right, hint: "\(hint).rhs")
      return try combine(a, sign, b, at: span, hint: hint)
    case (.dim(let a), .dim(let b)):
      return try combine(a, sign, b, at: span.whole)
    case (_, _):
      let (a, b) = (try scalar(l, at: span.left), try scalar(r, at: span.right))
      return .number(try combine(a, sign, b, at: span.whole))
    }
  }

  /// Returns the number that `m` is.
  mutating func scalar(_ m: Meaning, at span: SourceSpan) throws(Reported) -> Double {
    switch m {
    case .number(let n): return n
    case .dim(let d): return Double(d.size)
    case .poison: throw Reported()
    case .tensor, .boolean, .string, .tuple, .data, .layer, .elementType:
      throw fail(.expected("a number", found: m.kind, at: span))
    }
  }

  private mutating func combine(
    _ a: Double, _ sign: ArithmeticOperator, _ b: Double, at span: SourceSpan
  ) throws(Reported) -> Double {
    switch sign {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide:
      if b == 0 { throw fail(.expected("a divisor that is not zero", found: "0", at: span)) }
      return a / b
    case .remainder, .matmul:
      throw fail(.expected("tensors or whole numbers for '\(sign.rawValue)'", found: "numbers", at: span))
    }
  }

  private mutating func combine(
    _ a: SymbolicDim, _ sign: ArithmeticOperator, _ b: SymbolicDim, at span: SourceSpan
  ) throws(Reported) -> Meaning {
    do throws(SymbolicDim.ArithmeticFailure) {
      switch sign {
      case .add: return .dim(try a.adding(b, negated: false))
      case .subtract: return .dim(try a.adding(b, negated: true))
      case .multiply: return .dim(try a.multiplied(by: b))
      case .divide: return try quotient(a, b)
      case .remainder: return .dim(try a.remainder(by: b))
      case .matmul: throw .notWhole
      }
    } catch {
      throw fail(.dimArithmetic(a, sign.rawValue, b, reason(error, sign), at: span))
    }
  }

  /// Two literals divide as numbers do; a quotient of dims must be whole.
  private func quotient(_ a: SymbolicDim, _ b: SymbolicDim) throws(SymbolicDim.ArithmeticFailure) -> Meaning {
    let isWhole = b.size == 0 || a.size.remainderReportingOverflow(dividingBy: b.size).partialValue == 0
    if !isWhole, a.literal != nil, b.literal != nil {
      return .number(Double(a.size) / Double(b.size))
    }
    return .dim(try a.divided(by: b))
  }

  private func reason(_ failure: SymbolicDim.ArithmeticFailure, _ sign: ArithmeticOperator) -> String {
    switch failure {
    case .overflow: "does not fit 64 bits"
    case .divisionByZero: "divides by zero"
    case .tooLong: "is too long an expression of dims"
    case .notWhole: sign == .matmul ? "needs tensors" : "is not a whole number; write 1.0 * … for a fraction"
    }
  }

  private mutating func combine(
    _ a: Tensor, _ sign: ArithmeticOperator, _ b: Tensor, at span: BinarySpan, hint: String
  ) throws(Reported) -> Meaning {
    switch sign {
    case .matmul: try matmul(a, b, at: span, hint: hint)
    case .remainder: throw fail(.expected("whole numbers for '%'", found: "\(a.type) and \(b.type)", at: span.whole))
    case .add: try binary(.add, sign.rawValue, a, b, at: span, hint: hint)
    case .subtract: try binary(.sub, sign.rawValue, a, b, at: span, hint: hint)
    case .multiply: try binary(.mul, sign.rawValue, a, b, at: span, hint: hint)
    case .divide: try binary(.div, sign.rawValue, a, b, at: span, hint: hint)
    }
  }

  /// Returns `f(a, b)`, of the element type of the operands.
  mutating func binary(
    _ f: BinaryFunction, _ sign: String, _ a: Tensor, _ b: Tensor, at span: BinarySpan, hint: String
  ) throws(Reported) -> Meaning {
    let dims = try broadcast(a.type, b.type, sign: sign, at: span)
    let v = try emit(.elementwise(.binary(f)), [a.value, b.value], named: hint, at: span.whole)
    return .tensor(v, .init(element: a.type.element, dims: dims))
  }

  /// Returns the dims of an elementwise result: equal dims, or a literal 1 that stretches.
  mutating func broadcast(
    _ a: SymbolicType, _ b: SymbolicType, sign: String, at span: BinarySpan
  ) throws(Reported) -> [SymbolicDim] {
    guard let dims = broadcastDims(a.dims, b.dims) else {
      throw fail(.cannotBroadcast(sign, operand(a, span.left), operand(b, span.right), at: span))
    }
    return dims
  }

  /// Returns the dims of an elementwise result, or `nil` if two are neither equal nor a literal 1.
  func broadcastDims(_ a: [SymbolicDim], _ b: [SymbolicDim]) -> [SymbolicDim]? {
    let (longer, shorter) = a.count >= b.count ? (a, b) : (b, a)
    let offset = longer.count - shorter.count
    var dims = longer
    for (i, y) in shorter.enumerated() {
      let x = longer[offset + i]
      guard x == y || x.isOne || y.isOne else { return nil }
      if x.isOne { dims[offset + i] = y }
    }
    return dims
  }

  /// What diagnostics say of an operand: its type, its text and where it stands.
  func operand(_ type: SymbolicType, _ span: SourceSpan) -> OperandNote {
    let text = program.map.file(at: span.start).text(of: span)
    let isShort = text.count <= 40 && !text.contains("\n")
    return .init(type: type, text: isShort ? text : nil, span: span)
  }

  private mutating func matmul(
    _ a: Tensor, _ b: Tensor, at span: BinarySpan, hint: String
  ) throws(Reported) -> Meaning {
    let (l, r) = (a.type.dims, b.type.dims)
    guard l.count >= 2, r.count >= 2 else {
      throw fail(.notMatrices(operand(a.type, span.left), operand(b.type, span.right), at: span))
    }
    guard l[l.count - 1] == r[r.count - 2] else {
      let (left, right) = (operand(a.type, span.left), operand(b.type, span.right))
      throw fail(.innerDims(left, right, l[l.count - 1], r[r.count - 2], at: span))
    }
    guard let leading = broadcastDims(l.dropLast(2), r.dropLast(2)) else {
      throw fail(.cannotBroadcast("@", operand(a.type, span.left), operand(b.type, span.right), at: span))
    }
    let product = Operation.linear(.matmul(transposeLeft: false, transposeRight: false))
    let v = try emit(product, [a.value, b.value], named: hint, at: span.whole)
    return .tensor(v, .init(element: .f32, dims: leading + [l[l.count - 2], r[r.count - 1]]))
  }

  /// Returns `l sign r`: a tensor of truth values, or one truth value if both are known to the compiler.
  mutating func comparison(
    _ sign: ComparisonOperator, _ l: Expression, _ r: Expression, at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    let (left, right) = (try lower(l, hint: hint, part: "lhs"), try lower(r, hint: hint, part: "rhs"))
    let places = BinarySpan(left: l.span, sign: span, right: r.span)
    switch (left, right) {
    case (.tensor(let v, let t), .boolean(let b)) where t.element == .bool:
      return try equality(sign, .init(v, t), b, at: span, hint: hint)
    case (.boolean(let b), .tensor(let v, let t)) where t.element == .bool:
      return try equality(sign, .init(v, t), b, at: span, hint: hint)
    case (.tensor, _), (_, .tensor): return try comparison(sign, left, right, at: places, hint: hint)
    case (.boolean(let a), .boolean(let b)): return .boolean(try equality(sign, a == b, at: span))
    case (.string(let a), .string(let b)): return .boolean(try equality(sign, a == b, at: span))
    case (.dim(let a), .dim(let b)): return .boolean(compare(sign, a.size, b.size))
    case (_, _): return .boolean(compare(sign, try scalar(left, at: l.span), try scalar(right, at: r.span)))
    }
  }

  /// Returns `l sign r` where one of them is a tensor.
  private mutating func comparison(
    _ sign: ComparisonOperator, _ l: Meaning, _ r: Meaning, at span: BinarySpan, hint: String
  ) throws(Reported) -> Meaning {
    let a = try compared(l, with: r, at: span.left, hint: "\(hint).lhs")
    let b = try compared(r, with: l, at: span.right, hint: "\(hint).rhs")
    let dims = try broadcast(a.type, b.type, sign: sign.rawValue, at: span)
    let areTruths = a.type.element == .bool && b.type.element == .bool
    let operation: Elementwise =
      switch sign {
      case .equal where areTruths: .logic(.equal)
      case .notEqual where areTruths: .logic(.xor)
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .compare(comparison(sign))
      }
    let v = try emit(.elementwise(operation), [a.value, b.value], named: hint, at: span.sign)
    return .tensor(v, .init(element: .bool, dims: dims))
  }

  /// Returns the tensor that `m` is in a comparison with `other`: beside whole numbers of a tensor, a number that the compiler
  /// knows is one of them.
  private mutating func compared(
    _ m: Meaning, with other: Meaning, at span: SourceSpan, hint: String
  ) throws(Reported) -> Tensor {
    guard case .tensor(_, let type) = other, type.element == .i32 else { return try tensor(m, at: span, hint: hint) }
    switch m {
    case .dim(let d): return try integer(Double(d.size), d.size, at: span, hint: hint)
    case .number(let n): return try integer(n, Int(exactly: n), at: span, hint: hint)
    case .tensor, .boolean, .string, .tuple, .data, .layer, .elementType, .poison:
      return try tensor(m, at: span, hint: hint)
    }
  }

  /// Returns the constant `value`, which is `n` unless that is no whole number.
  private mutating func integer(
    _ n: Double, _ value: Int?, at span: SourceSpan, hint: String
  ) throws(Reported) -> Tensor {
    guard let value, Int32(exactly: value) != nil else {
      throw fail(
        .expected(
          "a whole number that i32 can hold, to compare with i32", found: value.map { "\($0)" } ?? "\(n)", at: span))
    }
    return .init(
      try emit(.elementwise(.integer(value)), [], named: hint, at: span), .init(element: .i32, dims: []))
  }

  /// Returns `x == b` or `x != b` of truth values: `x` itself or its opposite.
  private mutating func equality(
    _ sign: ComparisonOperator, _ x: Tensor, _ b: Bool, at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    if try equality(sign, b, at: span) { return .tensor(x.value, x.type) }
    return .tensor(try emit(.elementwise(.logic(.not)), [x.value], named: hint, at: span), x.type)
  }

  private func compare<T: Comparable>(_ sign: ComparisonOperator, _ a: T, _ b: T) -> Bool {
    switch sign {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }

  private mutating func equality(
    _ sign: ComparisonOperator, _ areEqual: Bool, at span: SourceSpan
  ) throws(Reported) -> Bool {
    switch sign {
    case .equal: return areEqual
    case .notEqual: return !areEqual
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      throw fail(.expected("numbers for '\(sign.rawValue)'", found: "what has no order", at: span))
    }
  }

  private func comparison(_ sign: ComparisonOperator) -> Comparison {
    switch sign {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterEqual
    }
  }

}
