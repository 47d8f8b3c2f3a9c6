import Support

extension Parser {

  /// Reads an expression.
  ///
  /// Few and small functions stand between an expression and one inside of it: they bound the depth that a small stack
  /// can hold.
  func parseExpression() throws(Failure) -> Expression {
    try enter()
    defer { leave() }
    let first = try parseOperand()
    if !isAtOperator { return first }
    return try parseOperators(after: first)
  }

  /// `true` iff the expression goes on after an operand.
  private var isAtOperator: Bool { kind.isBinaryOperator || (kind == .name && current.text == "as") }

  /// Reads operators and operands after `first`.
  private func parseOperators(after first: Expression) throws(Failure) -> Expression {
    var operands = OperandSequence(first)
    while true {
      if accept(word: "as") {
        operands.nameLast(try parseName(of: "an instance"))
        if kind.precedence == .sum || kind.precedence == .term { break }
      }
      guard kind.isBinaryOperator else { break }
      operands.append(kind, current.span)
      if operands.looseCount > Limits.height { throw fail(.nestedTooDeeply(at: current.span)) }
      advance()
      operands.append(try parseOperand())
    }
    return try checkHeight(operands.folded())
  }

  /// Returns `e` unless it is too high a tree.
  private func checkHeight(_ e: Expression) throws(Failure) -> Expression {
    if e.height > Limits.height { throw fail(.nestedTooDeeply(at: .init(e.span.start, e.span.start))) }
    return e
  }

  /// Reads an atom, the minus before it and the calls, subscripts and members behind it, if any.
  private func parseOperand() throws(Failure) -> Expression {
    let start = current.span.start
    let isNegated = accept(.minus)
    let base = try parseAtom()
    if !isNegated, !isAtSuffix { return base }
    return try parseSuffixes(base, negatedFrom: isNegated ? start : nil)
  }

  /// `true` iff a call, subscript or member follows.
  private var isAtSuffix: Bool { kind == .leftParenthesis || kind == .leftBracket || kind == .dot }

  /// Reads calls, subscripts and members of `base`, and negates the last if `start` is where a minus stands.
  private func parseSuffixes(_ base: Expression, negatedFrom start: Int?) throws(Failure) -> Expression {
    var e = base
    while isAtSuffix { e = try checkHeight(parseSuffix(e)) }
    guard let s = start else { return e }
    return try checkHeight(Expression(.negated(e), at: span(from: s)))
  }

  /// Reads a call, subscript or member of `base`.
  private func parseSuffix(_ base: Expression) throws(Failure) -> Expression {
    let start = base.span.start
    if kind == .leftParenthesis {
      let arguments = try parseArguments()
      return Expression(.call(callee: base, arguments: arguments), at: span(from: start))
    }
    if kind == .leftBracket {
      let indices = try parseElements(.rightBracket, "index")
      return Expression(.subscripted(base: base, indices: indices), at: span(from: start))
    }
    advance()
    let name = try parseMember()
    return Expression(.member(base: base, name), at: span(from: start))
  }

  /// Reads the name behind a dot, which may also be a reserved one.
  private func parseMember() throws(Failure) -> Name {
    if kind != .name { throw fail(.expectedName(of: "a member", found: found, at: place)) }
    return readName()
  }

  private func parseArguments() throws(Failure) -> [Argument] {
    let opening = open()
    var arguments: [Argument] = []
    if kind != .rightParenthesis {
      repeat {
        let label = parseLabel()
        arguments.append(.init(label: label, value: try parseExpression()))
      } while accept(.comma)
    }
    try expectClosing(.rightParenthesis, opening, after: "argument")
    return arguments
  }

  /// Reads `label:`, if it is there.
  private func parseLabel() -> Name? {
    guard kind == .name, next.kind == .colon else { return nil }
    let label = readName()
    advance()
    return label
  }

  /// Reads an opening bracket, expressions with commas between them, and the bracket `closing`.
  private func parseElements(_ closing: Token.Kind, _ element: String) throws(Failure) -> [Expression] {
    let opening = open()
    var elements: [Expression] = []
    repeat { elements.append(try parseExpression()) } while accept(.comma)
    try expectClosing(closing, opening, after: element)
    return elements
  }

  private func parseAtom() throws(Failure) -> Expression {
    if kind == .leftParenthesis || kind == .leftBracket { return try parseGroup() }
    return try parseLeaf()
  }

  private func parseLeaf() throws(Failure) -> Expression {
    let start = current.span
    if kind == .name { return parseNameAtom() }
    if kind == .integer || kind == .float { return try parseNumber() }
    guard accept(.string) else { throw fail(.expectedExpression(found: found, at: place, kind)) }
    return Expression(.string(decodedString(in: start)), at: start)
  }

  private func parseNameAtom() -> Expression {
    let name = readName()
    if let e = ElementTypeName(rawValue: name.text) { return Expression(.elementType(e), at: name.span) }
    if name.text == "true" || name.text == "false" { return Expression(.bool(name.text == "true"), at: name.span) }
    return Expression(.name(name.text), at: name.span)
  }

  /// Reads a list, a tuple, or an expression in parentheses, whose place then includes them.
  private func parseGroup() throws(Failure) -> Expression {
    let start = current.span.start
    let isList = kind == .leftBracket
    let elements = try parseElements(isList ? .rightBracket : .rightParenthesis, "element")
    return try checkHeight(group(elements, isList: isList, at: span(from: start)))
  }

  private func group(_ elements: [Expression], isList: Bool, at span: SourceSpan) -> Expression {
    if isList { return Expression(.list(elements), at: span) }
    return elements.count == 1 ? Expression(elements[0], at: span) : Expression(.tuple(elements), at: span)
  }

}
