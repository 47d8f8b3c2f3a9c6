import Support

extension Parser {

  /// Reads statements between braces.
  func parseBody() throws(Failure) -> Body {
    try enter()
    defer { leave() }
    let opening = current.span
    try expect(.leftBrace, "before a body")
    let outerBrackets = openBrackets
    openBrackets = 0
    defer { openBrackets = outerBrackets }
    let statements = parseStatements(opening)
    return Body(statements: statements, span: span(from: opening.start))
  }

  /// Reads statements and the brace that closes the one at `opening`.
  private func parseStatements(_ opening: SourceSpan) -> [Statement] {
    var statements: [Statement] = []
    while !isAtEndOfBody(opening) {
      let start = current.span.start
      do throws(Failure) {
        statements.append(try parseStatement())
        try expectEndOfLine(after: "statement")
      } catch {
        skipToLine(from: start)
      }
    }
    return statements
  }

  /// Reads newlines and the brace that closes the one at `opening`; returns `true` iff it, or what cannot be inside of
  /// it, was there.
  func isAtEndOfBody(_ opening: SourceSpan) -> Bool {
    skipNewlines()
    if accept(.rightBrace) { return true }
    if kind == .endOfFile || isAtItem {
      report(.unclosedBody(found: found, at: place, opening))
      returnToNewline()
      return true
    }
    return false
  }

  private func parseStatement() throws(Failure) -> Statement {
    let start = current.span.start
    let kind = try parseStatementKind()
    return Statement(kind, at: span(from: start))
  }

  /// Reads an assignment, also to a name that is a keyword elsewhere, or what a keyword starts.
  private func parseStatementKind() throws(Failure) -> Statement.Kind {
    if kind == .name, isAssigned, let o = next.kind.assignmentOperator { return try parseAssignment(o) }
    switch try parseStatementKeyword() {
    case .param: return try parseParam()
    case .state: return try parseState()
    case .layer: return .layer(name: try parseName(of: "a layer"), value: try parseInitialValue("a layer"))
    case .letStatement: return try parseLet()
    case .varStatement: return .var(name: try parseName(of: "a variable"), value: try parseInitialValue("a variable"))
    case .update: return .update(name: try parseName(of: "a state"), value: try parseInitialValue("a state"))
    case .metric: return .metric(name: try parseName(of: "a metric"), value: try parseInitialValue("a metric"))
    case .repeatStatement: return try parseRepeat()
    case .ifStatement: return try parseIf()
    case .when: return try parseWhen()
    case .returnStatement: return .return(try parseExpression())
    }
  }

  /// `true` iff the sign of an assignment stands behind `current` on its line.
  private var isAssigned: Bool { !next.startsLine && next.kind.assignmentOperator != nil }

  /// Reads the word that starts a statement; a word that is nearly one is reported and taken for it.
  private func parseStatementKeyword() throws(Failure) -> StatementKeyword {
    guard kind == .name else { throw fail(.expectedStatement(found: found, at: place)) }
    if let k = StatementKeyword(rawValue: current.text) {
      advance()
      return k
    }
    let intended = intendedWord(for: current.text, among: StatementKeyword.allCases.map(\.rawValue))
    let d = Diagnostic.expectedStatement(found: found, at: place, intended: intended)
    let isFollowed = !next.startsLine && (next.kind == .name || next.kind == .integer)
    guard isFollowed, let word = intended, let k = StatementKeyword(rawValue: word) else { throw fail(d) }
    report(d)
    advance()
    return k
  }

  private func parseAssignment(_ o: AssignmentOperator) throws(Failure) -> Statement.Kind {
    let name = try parseName(of: "a variable")
    advance()
    return .assign(name: name, operator: o, value: try parseExpression())
  }

  private func parseParam() throws(Failure) -> Statement.Kind {
    let name = try parseName(of: "a parameter")
    try expect(.colon, "before the type of a parameter")
    let type = try parseType()
    return .param(name: name, type: type, initializer: accept(.tilde) ? try parseExpression() : nil)
  }

  private func parseState() throws(Failure) -> Statement.Kind {
    let name = try parseName(of: "a state")
    try expect(.colon, "before the type of a state")
    let type = try parseType()
    return .state(name: name, type: type, value: try parseInitialValue("a state"))
  }

  private func parseLet() throws(Failure) -> Statement.Kind {
    let isTuple = kind == .leftParenthesis
    var names: [Name] = []
    if isTuple {
      let opening = open()
      repeat { names.append(try parseName(of: "a value")) } while accept(.comma)
      try expectClosing(.rightParenthesis, opening, after: "name")
    } else {
      names.append(try parseName(of: "a value"))
    }
    return .let(names: names, isTuple: isTuple, value: try parseInitialValue("a value"))
  }

  private func parseRepeat() throws(Failure) -> Statement.Kind {
    let (variable, count) = try parseHead { (p) throws(Failure) in (try p.parseVariable(), try p.parseExpression()) }
    let body = try parseBody()
    if case .instance(let e, let name) = count.kind {
      return .repeat(variable: variable, count: e, instance: name, body: body)
    }
    return .repeat(variable: variable, count: count, instance: nil, body: body)
  }

  /// Reads `name in`, if it is there.
  private func parseVariable() throws(Failure) -> Name? {
    guard kind == .name, !next.startsLine, next.kind == .name, next.text == "in" else { return nil }
    let name = try parseName(of: "a variable")
    advance()
    return name
  }

  private func parseIf() throws(Failure) -> Statement.Kind {
    let condition = try parseHead { (p) throws(Failure) in try p.parseExpression() }
    let body = try parseBody()
    return .if(condition: condition, body: body, otherwise: try parseElse())
  }

  private func parseWhen() throws(Failure) -> Statement.Kind {
    let phase = try parseHead { (p) throws(Failure) in try p.parsePhase() }
    let body = try parseBody()
    return .when(phase, body: body, otherwise: try parseElse())
  }

  private func parsePhase() throws(Failure) -> Phase {
    guard kind == .name, let phase = Phase(rawValue: current.text) else {
      let words = Phase.allCases.map(\.rawValue)
      let intended = kind == .name ? intendedWord(for: current.text, among: words) : nil
      throw fail(.expectedPhase(found: found, at: place, intended: intended))
    }
    advance()
    return phase
  }

  /// Reads `else` and its body, if it is there.
  private func parseElse() throws(Failure) -> Body? {
    if kind == .newline, current.kind == .name, current.text == "else", !isAssigned {
      report(.elseOnItsOwnLine(at: current.span))
      skipNewlines()
    }
    if !accept(word: "else") { return nil }
    if kind == .name, current.text == StatementKeyword.ifStatement.rawValue { throw fail(.elseIf(at: place)) }
    return try parseBody()
  }

}
