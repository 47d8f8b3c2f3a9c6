import Support

extension Parser {

  /// Reads an expression: comparisons with arrows between them.
  mutating func parseExpression() throws(Failure) -> Expression {
    try enter()
    defer { leave() }
    let start = current.span.start
    var e = try parseComparison()
    while accept(.arrow) {
      let right = try parseComparison()
      e = try expression(.arrow(e, right), from: start)
    }
    return e
  }

  /// Returns an expression that starts at `start`, unless that makes the tree too high.
  private mutating func expression(_ kind: Expression.Kind, from start: Int) throws(Failure) -> Expression {
    let e = Expression(kind, at: span(from: start))
    if e.height > Limits.height { throw fail(.nestedTooDeeply(at: .init(start, start))) }
    return e
  }

  private mutating func parseComparison() throws(Failure) -> Expression {
    let start = current.span.start
    var e = try parseInstance()
    while let o = kind.comparisonOperator {
      advance()
      let right = try parseInstance()
      e = try expression(.comparison(o, e, right), from: start)
    }
    return e
  }

  /// Reads a sum and its name behind `as`, if any.
  private mutating func parseInstance() throws(Failure) -> Expression {
    let start = current.span.start
    let e = try parseSum()
    if !accept(word: "as") { return e }
    return try expression(.instance(e, try parseName(of: "an instance")), from: start)
  }

  private mutating func parseSum() throws(Failure) -> Expression {
    let start = current.span.start
    let first = try parseTerm()
    var links: [ChainLink] = []
    while let o = kind.additiveOperator {
      let place = current.span
      advance()
      links.append(.init(operator: o, operatorSpan: place, operand: try parseTerm()))
    }
    return links.isEmpty ? first : try expression(.chain(first: first, links), from: start)
  }

  private mutating func parseTerm() throws(Failure) -> Expression {
    let start = current.span.start
    let first = try parseUnary()
    var links: [ChainLink] = []
    while let o = kind.multiplicativeOperator {
      let place = current.span
      advance()
      links.append(.init(operator: o, operatorSpan: place, operand: try parseUnary()))
    }
    return links.isEmpty ? first : try expression(.chain(first: first, links), from: start)
  }

  private mutating func parseUnary() throws(Failure) -> Expression {
    let start = current.span.start
    if !accept(.minus) { return try parsePostfix() }
    return try expression(.negated(try parsePostfix()), from: start)
  }

  /// Reads an atom and the calls, subscripts and members behind it.
  private mutating func parsePostfix() throws(Failure) -> Expression {
    let start = current.span.start
    var e = try parseAtom()
    while true {
      if kind == .leftParenthesis {
        e = try expression(.call(callee: e, arguments: try parseArguments()), from: start)
      } else if kind == .leftBracket {
        e = try expression(.subscripted(base: e, indices: try parseElements(.rightBracket, "index")), from: start)
      } else if accept(.dot) {
        e = try expression(.member(base: e, try parseMember()), from: start)
      } else {
        return e
      }
    }
  }

  /// Reads the name behind a dot, which may also be a reserved one.
  private mutating func parseMember() throws(Failure) -> Name {
    if kind != .name { throw fail(.expectedName(of: "a member", found: found, at: place)) }
    return readName()
  }

  private mutating func parseArguments() throws(Failure) -> [Argument] {
    let opening = open()
    var arguments: [Argument] = []
    if kind != .rightParenthesis {
      repeat { arguments.append(try parseArgument()) } while accept(.comma)
    }
    try expectClosing(.rightParenthesis, opening, after: "argument")
    return arguments
  }

  private mutating func parseArgument() throws(Failure) -> Argument {
    guard kind == .name, next.kind == .colon else { return .init(label: nil, value: try parseExpression()) }
    let label = readName()
    advance()
    return .init(label: label, value: try parseExpression())
  }

  /// Reads an opening bracket, expressions with commas between them, and the bracket `closing`.
  private mutating func parseElements(_ closing: Token.Kind, _ element: String) throws(Failure) -> [Expression] {
    let opening = open()
    var elements: [Expression] = []
    repeat { elements.append(try parseExpression()) } while accept(.comma)
    try expectClosing(closing, opening, after: element)
    return elements
  }

  private mutating func parseAtom() throws(Failure) -> Expression {
    let start = current.span
    if kind == .name { return parseNameAtom() }
    if kind == .integer || kind == .float { return try parseNumber() }
    if kind == .leftParenthesis { return try parseGroup() }
    if kind == .leftBracket {
      return try expression(.list(try parseElements(.rightBracket, "element")), from: start.start)
    }
    guard accept(.string) else { throw fail(.expectedExpression(found: found, at: place, kind)) }
    return Expression(.string(decodedString(in: start)), at: start)
  }

  private mutating func parseNameAtom() -> Expression {
    let name = readName()
    if let e = ElementTypeName(rawValue: name.text) { return Expression(.elementType(e), at: name.span) }
    if name.text == "true" || name.text == "false" { return Expression(.bool(name.text == "true"), at: name.span) }
    return Expression(.name(name.text), at: name.span)
  }

  /// Reads a tuple, or an expression in parentheses, whose place then includes them.
  private mutating func parseGroup() throws(Failure) -> Expression {
    let start = current.span.start
    let elements = try parseElements(.rightParenthesis, "element")
    if elements.count == 1 { return Expression(elements[0], at: span(from: start)) }
    return try expression(.tuple(elements), from: start)
  }

}
