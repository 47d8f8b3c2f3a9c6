import IR
import Operations
import Support
import Syntax

extension Lowering {

  /// Returns what `e` stands for; a new value is called `hint` behind the path of the instance.
  mutating func lower(_ e: Expression, hint: String) throws(Reported) -> Meaning {
    try countEvaluation(at: e.span)
    return try nested(at: e.span) { (l) throws(Reported) in try l.lowerUnlimited(e, hint: hint) }
  }

  /// Returns what `e` stands for; a new value is called `part` behind `hint`.
  mutating func lower(_ e: Expression, hint: String, part: String) throws(Reported) -> Meaning {
    switch e.kind {
    case .name, .number, .string, .bool, .elementType: try lower(e, hint: "")  // none of them is a new value
    case _: try lower(e, hint: "\(hint).\(part)")
    }
  }

  private mutating func lowerUnlimited(_ e: Expression, hint: String) throws(Reported) -> Meaning {
    switch e.kind {
    case .number(let n): try number(n, at: e.span)
    case .string(let s): .string(s)
    case .bool(let b): .boolean(b)
    case .name(let n): try resolve(n, at: e.span)
    case .tuple(let es), .list(let es): .tuple(try lowerAll(es, hint: hint, at: e.span))
    case .call(let callee, let arguments): try call(callee, arguments, as: nil, at: e.span, hint: hint)
    case .instance(let inner, let name): try instance(inner, name, at: e.span, hint: hint)
    case .negated(let inner): try negated(inner, at: e.span, hint: hint)
    case .chain(let first, let links): try chain(first, links, hint: hint)
    case .comparison(let sign, let l, let r): try comparison(sign, l, r, at: e.span, hint: hint)
    case .elementType(let t): .elementType(elementType(t))
    case .subscripted(let base, let indices): try element(of: base, indices, at: e.span, hint: hint)
    case .member(let base, let name): throw member(of: base, name)
    case .arrow: throw fail(.misplaced("'->'", "rearrange(…)", at: e.span))
    }
  }

  /// Returns what the parts of a tuple stand for, each called as the name it is given to or by its position.
  private mutating func lowerAll(_ es: [Expression], hint: String, at span: SourceSpan) throws(Reported) -> [Meaning] {
    let names = takePartNames(at: span, count: es.count)
    var all: [Meaning] = []
    for (i, e) in es.enumerated() { all.append(try lower(e, hint: names?[i] ?? "\(hint).\(i)")) }
    return all
  }

  /// Returns the names that a `let` gives to the `count` parts of the expression at `span`, once.
  mutating func takePartNames(at span: SourceSpan, count: Int) -> [String]? {
    guard let given = partNames, given.span == span else { return nil }
    partNames = nil
    return given.names.count == count ? given.names : nil
  }

  private mutating func number(_ n: NumberLiteral, at span: SourceSpan) throws(Reported) -> Meaning {
    switch n.unit?.quantity {
    case nil: return n.integer.map { .dim(.init(literal: $0)) } ?? .number(n.value)
    case .memory(let bytes):
      let total = (n.value * Double(bytes)).rounded(.down)
      guard total < 0x1p62 else { throw fail(.expected("a smaller size", found: "more than 2^62 bytes", at: span)) }
      return .dim(.init(literal: Int(total)))
    case .steps, .epochs, .minutes:
      throw fail(.misplaced("a number of steps, epochs or minutes", "the settings of 'train'", at: span))
    }
  }

  private mutating func resolve(_ name: String, at span: SourceSpan) throws(Reported) -> Meaning {
    guard let m = meaning(of: name) else {
      if let f = try functionSymbol(name, at: span) {
        let what = "the \(f.syntax.kind.rawValue) '\(name)' without arguments"
        throw fail(.expected("a value", found: what, at: span))
      }
      if mayBeDeclared(name) { throw Reported() }
      throw fail(.unknownName(name, at: span, candidates: visibleNames))
    }
    if case .poison = m { throw Reported() }
    return m
  }

  /// Reports that nothing has members.
  private mutating func member(of base: Expression, _ name: Name) -> Reported {
    do throws(Reported) {
      let m = try lower(base, hint: "")
      return fail(.noMembers(name.text, of: m.kind, at: name.span))
    } catch {
      return error
    }
  }

  /// Returns the tensor that `e` stands for; a number becomes a constant called `hint`.
  mutating func tensor(_ e: Expression, hint: String) throws(Reported) -> Tensor {
    try tensor(try lower(e, hint: hint), at: e.span, hint: hint)
  }

  /// Returns the tensor that `m` is; a number becomes a constant called `hint`.
  mutating func tensor(
    _ m: Meaning, at span: SourceSpan, hint: @autoclosure () -> String
  ) throws(Reported) -> Tensor {
    switch m {
    case .tensor(let v, let t): return .init(v, t)
    case .dim(let d): return try constant(Double(d.size), at: span, hint: hint())
    case .number(let n): return try constant(n, at: span, hint: hint())
    case .poison: throw Reported()
    case .boolean, .string, .tuple, .data, .layer, .elementType:
      throw fail(.expected("a tensor", found: m.kind, at: span))
    }
  }

  mutating func constant(
    _ value: Double, at span: SourceSpan, hint: String
  ) throws(Reported) -> Tensor {
    guard Float(value).isFinite else {
      throw fail(.expected("a number that f32 can hold", found: "\(value)", at: span))
    }
    return .init(try emit(.elementwise(.constant(value)), [], named: hint, at: span), .init(element: .f32, dims: []))
  }

  private mutating func negated(_ e: Expression, at span: SourceSpan, hint: String) throws(Reported) -> Meaning {
    let m = try lower(e, hint: hint, part: "x")
    switch m {
    case .number(let n): return .number(-n)
    case .dim(let d) where d.size != .min && d.literal != nil: return .dim(.init(literal: -d.size))
    case .dim(let d): return .number(-Double(d.size))
    case .tensor(let v, let t):
      return .tensor(try emit(.elementwise(.unary(.neg)), [v], named: hint, at: span), t)
    case .poison: throw Reported()
    case .boolean, .string, .tuple, .data, .layer, .elementType:
      throw fail(.expected("a number or a tensor", found: m.kind, at: span))
    }
  }

  private mutating func chain(_ first: Expression, _ links: [ChainLink], hint: String) throws(Reported) -> Meaning {
    var result = try lower(first, hint: hint, part: "lhs")
    var left = first.span
    for (i, link) in links.enumerated() {
      let right = try lower(link.operand, hint: hint, part: "rhs")
      let name = i == links.count - 1 ? hint : "\(hint).lhs"
      let places = BinarySpan(left: left, sign: link.operatorSpan, right: link.operand.span)
      result = try combine(result, link.operator, right, at: places, hint: name)
      left = places.whole
    }
    return result
  }

}
