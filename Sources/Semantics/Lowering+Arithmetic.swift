import IR
import Operations
import Support
import Syntax

/// The places of a binary expression and of its operands.
struct BinarySpan {

  let left: SourceSpan

  let whole: SourceSpan

  let right: SourceSpan

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
      return try combine(a, sign, b, at: span.whole, hint: hint)
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
    case .tensor, .boolean, .string, .tuple, .data: throw fail(.expected("a number", found: m.kind, at: span))
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
    _ a: (value: ValueID, type: SymbolicType), _ sign: ArithmeticOperator, _ b: (value: ValueID, type: SymbolicType),
    at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    let function: BinaryFunction
    switch sign {
    case .matmul: return try matmul(a, b, at: span, hint: hint)
    case .remainder: throw fail(.notSupportedYet("'%' of tensors", at: span))
    case .add: function = .add
    case .subtract: function = .sub
    case .multiply: function = .mul
    case .divide: function = .div
    }
    let dims = try broadcast(a.type, b.type, sign: sign.rawValue, at: span)
    let v = try emit(.elementwise(.binary(function)), [a.value, b.value], named: hint, at: span)
    return .tensor(v, .init(element: .f32, dims: dims))
  }

  /// Returns the dims of an elementwise result: equal dims, or a literal 1 that stretches.
  mutating func broadcast(
    _ a: SymbolicType, _ b: SymbolicType, sign: String, at span: SourceSpan
  ) throws(Reported) -> [SymbolicDim] {
    let one = SymbolicDim(literal: 1)
    let rank = max(a.dims.count, b.dims.count)
    let left = Array(repeating: one, count: rank - a.dims.count) + a.dims
    let right = Array(repeating: one, count: rank - b.dims.count) + b.dims
    var dims: [SymbolicDim] = []
    for (x, y) in zip(left, right) {
      guard x == y || x == one || y == one else { throw fail(.cannotBroadcast(sign, a, b, x, y, at: span)) }
      dims.append(x == one ? y : x)
    }
    return dims
  }

  private mutating func matmul(
    _ a: (value: ValueID, type: SymbolicType), _ b: (value: ValueID, type: SymbolicType), at span: SourceSpan,
    hint: String
  ) throws(Reported) -> Meaning {
    guard a.type.dims.count == 2, b.type.dims.count == 2 else {
      throw fail(.notSupportedYet("'@' of other than matrices (\(a.type) and \(b.type))", at: span))
    }
    if a.type.dims[1] != b.type.dims[0] {
      throw fail(
        .dimMismatch(
          "the inner dims of '@'", a.type.dims[1], b.type.dims[0], at: span, in: "left \(a.type), right \(b.type)"))
    }
    let product = Operation.linear(.matmul(transposeLeft: false, transposeRight: false))
    let v = try emit(product, [a.value, b.value], named: hint, at: span)
    return .tensor(v, .init(element: .f32, dims: [a.type.dims[0], b.type.dims[1]]))
  }

  /// Returns `l sign r`, a tensor of truth values, or one truth value if both are known to the compiler.
  mutating func comparison(
    _ sign: ComparisonOperator, _ l: Expression, _ r: Expression, at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    let (left, right) = (try lower(l, hint: "\(hint).lhs"), try lower(r, hint: "\(hint).rhs"))
    switch (left, right) {
    case (.tensor, _), (_, .tensor): break
    case (_, _): throw fail(.notSupportedYet("a comparison of numbers", at: span))
    }
    let a = try tensor(left, at: l.span, hint: "\(hint).lhs")
    let b = try tensor(right, at: r.span, hint: "\(hint).rhs")
    let dims = try broadcast(a.type, b.type, sign: sign.rawValue, at: span)
    let v = try emit(.elementwise(.compare(comparison(sign))), [a.value, b.value], named: hint, at: span)
    return .tensor(v, .init(element: .bool, dims: dims))
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
