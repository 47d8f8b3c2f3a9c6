import Operations
import Support
import Syntax

extension Builtin {

  /// Functions of single elements.
  static let elementwise: [Builtin] = UnaryFunction.allCases.map(unary)

  private static func unary(_ f: UnaryFunction) -> Builtin {
    .init(f.rawValue, ["x"], required: 1, form: "\(f.rawValue)(x)") { (l, c) throws(Reported) in try l.unary(f, c) }
  }

}

extension Lowering {

  fileprivate mutating func unary(_ f: UnaryFunction, _ c: BuiltinCall) throws(Reported) -> Meaning {
    guard let e = c["x"] else { throw missing("x", of: c) }
    let m = try lower(e, hint: "\(c.hint).x")
    if let n = m.numberIfConstant, let known = try folded(f, n, at: e.span) { return .number(known) }
    let x = try tensor(m, at: e.span, hint: "\(c.hint).x")
    return .tensor(try emit(.elementwise(.unary(f)), [x.value], named: c.hint, at: c.span), x.type)
  }

  /// Returns `f(n)` where the compiler computes it: for what IEEE 754 rounds correctly.
  private mutating func folded(_ f: UnaryFunction, _ n: Double, at span: SourceSpan) throws(Reported) -> Double? {
    switch f {
    case .sqrt:
      if n < 0 { throw fail(.expected("a number that is not negative", found: "\(n)", at: span)) }
      return n.squareRoot()
    case .abs: return n.magnitude
    case .square: return n * n
    case _: return nil
    }
  }

}

extension Meaning {

  /// The number that is known to the compiler, or `nil`.
  var numberIfConstant: Double? {
    switch self {
    case .number(let n): n
    case .dim(let d): Double(d.size)
    case .tensor, .boolean, .string, .tuple, .data, .layer, .elementType, .poison: nil
    }
  }

}
