import Operations
import Support
import Syntax

extension Builtin {

  /// Functions of single elements.
  static let elementwise: [Builtin] =
    UnaryFunction.allCases.filter { $0 != .gelu && $0 != .geluExact }.map(unary) + [
      .init("gelu", ["x", "approximate"], required: 1, form: "gelu(x, approximate: true)") { (l, c) throws(Reported) in
        try l.unary(try l.flag("approximate", of: c, default: true) ? .gelu : .geluExact, c)
      },
      binary("maximum", .maximum), binary("minimum", .minimum),
      .init("leaky_relu", ["x", "slope"], required: 1, form: "leaky_relu(x, slope: 0.01)") { (l, c) throws(Reported) in
        try l.parametric(.leakyRelu(slope: try l.number("slope", of: c, default: 0.01)), c)
      },
      .init("elu", ["x", "alpha"], required: 1, form: "elu(x, alpha: 1.0)") { (l, c) throws(Reported) in
        try l.parametric(.elu(alpha: try l.number("alpha", of: c, default: 1)), c)
      },
      .init("pow", ["x", "exponent"], required: 2, form: "pow(x, 3) or pow(x, y)") { (l, c) throws(Reported) in
        try l.power(c)
      },
      .init("clamp", ["x", "low", "high"], required: 1, form: "clamp(x, low: 0, high: 1)") { (l, c) throws(Reported) in
        try l.clamp(c)
      },
      .init("where", ["condition", "x", "y"], required: 3, form: "where(condition, x, y)") { (l, c) throws(Reported) in
        try l.select(c)
      },
      .init("cast", ["x", "to"], required: 2, form: "cast(x, f32)") { (l, c) throws(Reported) in try l.cast(c) },
      .init("linear", ["x", "weight", "bias"], required: 2, form: "linear(x, weight, bias)") {
        (l, c) throws(Reported) in
        try l.linear(c)
      },
      .init("fma", ["x", "y", "z"], required: 3, form: "fma(x, y, z), which is x * y + z") { (l, c) throws(Reported) in
        let product = try l.combine(
          "x", .multiply, "y", of: c, hint: "\(c.hint).product")
        return try l.combine(product, .add, try l.meaning("z", of: c), at: l.places("x", "z", of: c), hint: c.hint)
      },
      .init("swiglu", ["gate", "x"], required: 2, form: "swiglu(gate, x), which is silu(gate) * x") {
        (l, c) throws(Reported) in
        let gate = try l.tensor("gate", of: c)
        let v = try l.emit(.elementwise(.unary(.silu)), [gate.value], named: "\(c.hint).silu", at: c.span)
        let places = l.places("gate", "x", of: c)
        return try l.combine(.tensor(v, gate.type), .multiply, try l.meaning("x", of: c), at: places, hint: c.hint)
      },
      .init(
        "dynamic_tanh", ["x", "alpha", "gain", "bias"], required: 4, form: "dynamic_tanh(x, alpha, gain, bias)"
      ) { (l, c) throws(Reported) in try l.dynamicTanh(c) },
    ]

  private static func unary(_ f: UnaryFunction) -> Builtin {
    .init(f.rawValue, ["x"], required: 1, form: "\(f.rawValue)(x)") { (l, c) throws(Reported) in try l.unary(f, c) }
  }

  private static func binary(_ name: String, _ f: BinaryFunction) -> Builtin {
    .init(name, ["x", "y"], required: 2, form: "\(name)(x, y)") { (l, c) throws(Reported) in
      let (x, y) = (try l.tensor("x", of: c), try l.tensor("y", of: c))
      return try l.binary(f, name, x, y, at: l.places("x", "y", of: c), hint: c.hint)
    }
  }

}

extension Lowering {

  fileprivate mutating func unary(_ f: UnaryFunction, _ c: BuiltinCall) throws(Reported) -> Meaning {
    guard let e = c["x"] else { throw missing("x", of: c) }
    let m = try lower(e, hint: c.hint, part: "x")
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

  fileprivate mutating func parametric(_ f: ParametricFunction, _ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    return .tensor(try emit(.elementwise(.parametric(f)), [x.value], named: c.hint, at: c.span), x.type)
  }

  /// Returns `x` to a power, which is a number that is known or a tensor.
  fileprivate mutating func power(_ c: BuiltinCall) throws(Reported) -> Meaning {
    guard let e = c["exponent"] else { throw missing("exponent", of: c) }
    let exponent = try lower(e, hint: c.hint, part: "exponent")
    if let n = exponent.numberIfConstant { return try parametric(.pow(exponent: n), c) }
    let (x, y) = (try tensor("x", of: c), try tensor(exponent, at: e.span, hint: "\(c.hint).exponent"))
    return try binary(.pow, "pow", x, y, at: places("x", "exponent", of: c), hint: c.hint)
  }

  fileprivate mutating func clamp(_ c: BuiltinCall) throws(Reported) -> Meaning {
    if c["low"] == nil, c["high"] == nil {
      throw fail(.badArguments("'clamp' takes 'low', 'high' or both", at: c.span, form: c.builtin.form))
    }
    let low = try number("low", of: c, default: -.infinity)
    let high = try number("high", of: c, default: .infinity)
    if low > high { throw fail(.expected("a low bound that is not above the high one", found: "\(low)", at: c.span)) }
    return try parametric(.clamp(low: low, high: high), c)
  }

  fileprivate mutating func select(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let condition = try tensor("condition", of: c)
    try require(.bool, condition, "condition", of: c)
    let (x, y) = (try tensor("x", of: c), try tensor("y", of: c))
    if x.type.element != y.type.element {
      let what = "'where' takes two values of one element type, not \(x.type) and \(y.type)"
      throw fail(.operandTypes(what, operands("x", x, of: c), operands("y", y, of: c), at: c.span))
    }
    let both = try broadcast(x.type, y.type, sign: "where", at: places("x", "y", of: c))
    let chosen = SymbolicType(element: x.type.element, dims: both)
    let dims = try broadcast(condition.type, chosen, sign: "where", at: places("condition", "y", of: c))
    let v = try emit(
      .elementwise(.select), [condition.value, x.value, y.value], named: c.hint, at: c.span)
    return .tensor(v, .init(element: x.type.element, dims: dims))
  }

  fileprivate mutating func cast(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    guard let e = c["to"] else { throw missing("to", of: c) }
    let m = try lower(e, hint: "")
    guard case .elementType(let element) = m else {
      throw fail(.expected("an element type", found: m.kind, at: e.span))
    }
    if element == x.type.element { return .tensor(x.value, x.type) }
    let v = try emit(.elementwise(.cast(element)), [x.value], named: c.hint, at: c.span)
    return .tensor(v, .init(element: element, dims: x.type.dims))
  }

  fileprivate mutating func linear(_ c: BuiltinCall) throws(Reported) -> Meaning {
    guard c["bias"] != nil else { return try combine("x", .matmul, "weight", of: c, hint: c.hint) }
    let product = try combine("x", .matmul, "weight", of: c, hint: "\(c.hint).product")
    return try combine(product, .add, try meaning("bias", of: c), at: places("x", "bias", of: c), hint: c.hint)
  }

  fileprivate mutating func dynamicTanh(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let scaled = try combine("x", .multiply, "alpha", of: c, hint: "\(c.hint).scaled")
    let t = try tensor(scaled, at: c.span, hint: c.hint)
    let v = try emit(.elementwise(.unary(.tanh)), [t.value], named: "\(c.hint).tanh", at: c.span)
    return try affine(.init(v, t.type), gain: "gain", bias: "bias", of: c)
  }

  /// Returns `x * gain + bias`, either of which may not be given.
  mutating func affine(
    _ x: Tensor, gain: String, bias: String?, of c: BuiltinCall
  ) throws(Reported) -> Meaning {
    var result = Meaning.tensor(x.value, x.type)
    let bias = bias.flatMap { c[$0] == nil ? nil : $0 }
    if c[gain] != nil {
      let name = bias == nil ? c.hint : "\(c.hint).scaled"
      result = try combine(result, .multiply, try meaning(gain, of: c), at: places("x", gain, of: c), hint: name)
    }
    if let bias {
      result = try combine(result, .add, try meaning(bias, of: c), at: places("x", bias, of: c), hint: c.hint)
    }
    return result
  }

  /// Returns the argument called `a` combined with the one called `b`.
  fileprivate mutating func combine(
    _ a: String, _ sign: ArithmeticOperator, _ b: String, of c: BuiltinCall, hint: String
  ) throws(Reported) -> Meaning {
    let (l, r) = (try meaning(a, of: c), try meaning(b, of: c))
    return try combine(l, sign, r, at: places(a, b, of: c), hint: hint)
  }

  /// Returns what the argument called `label` stands for.
  mutating func meaning(_ label: String, of c: BuiltinCall) throws(Reported) -> Meaning {
    guard let e = c[label] else { throw missing(label, of: c) }
    return try lower(e, hint: c.hint, part: label)
  }

  /// The places of two arguments, for what is said of both.
  func places(_ a: String, _ b: String, of c: BuiltinCall) -> BinarySpan {
    .init(left: c[a]?.span ?? c.span, sign: c.span, right: c[b]?.span ?? c.span)
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
