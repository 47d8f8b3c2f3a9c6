import Support

extension Parser {

  /// Reads the items of the file.
  func parseItems() -> [Item] {
    var items: [Item] = []
    while true {
      skipNewlines()
      if kind == .endOfFile { return items }
      let start = current.span.start
      do throws(Failure) {
        items.append(try parseItem())
        try expectEndOfLine(after: "item")
      } catch {
        skipToItem(from: start)
      }
    }
  }

  /// Reads a newline, or sees the end of the file or body.
  func expectEndOfLine(after what: String) throws(Failure) {
    if kind == .newline || kind == .endOfFile || kind == .rightBrace { return }
    throw fail(.expectedEndOfLine(after: what, found: found, at: place))
  }

  private func parseItem() throws(Failure) -> Item {
    let start = current.span.start
    let keyword = try parseItemKeyword()
    let kind = try parseItem(keyword)
    return Item(kind, at: span(from: start))
  }

  /// Reads the word that starts an item; a word that is nearly one is reported and taken for it.
  private func parseItemKeyword() throws(Failure) -> ItemKeyword {
    if kind == .rightBrace { throw fail(.unexpectedClosingBrace(at: place)) }
    guard kind == .name else { throw fail(.expectedItem(found: found, at: place)) }
    if let k = ItemKeyword(rawValue: current.text) {
      advance()
      return k
    }
    if StatementKeyword(rawValue: current.text) != nil { throw fail(.misplacedStatement(current.text, at: place)) }
    let intended = intendedWord(for: current.text, among: ItemKeyword.allCases.map(\.rawValue))
    let d = Diagnostic.expectedItem(found: found, at: place, intended: intended)
    guard let word = intended, let k = ItemKeyword(rawValue: word), next.kind == .name || next.kind == .leftBrace else {
      throw fail(d)
    }
    report(d)
    advance()
    return k
  }

  /// Reads what follows `keyword`.
  private func parseItem(_ keyword: ItemKeyword) throws(Failure) -> Item.Kind {
    switch keyword {
    case .importItem: try parseImport()
    case .dim: try parseDims()
    case .letItem: .letItem(name: try parseName(of: "a constant"), value: try parseInitialValue("a constant"))
    case .data: try parseData()
    case .function: .function(try parseFunction(.function))
    case .block: .function(try parseFunction(.block))
    case .model: .function(try parseFunction(.model))
    case .train: try parseTrain()
    case .schedule: .schedule(name: try parseOptionalName(of: "a schedule"), rules: try parseRules())
    }
  }

  /// Reads `= value`.
  func parseInitialValue(_ what: String) throws(Failure) -> Expression {
    try expect(.equal, "before the value of \(what)")
    return try parseExpression()
  }

  /// Reads a name before `{`, if there is one.
  private func parseOptionalName(of what: String) throws(Failure) -> Name? {
    kind == .leftBrace ? nil : try parseName(of: what)
  }

  private func parseTrain() throws(Failure) -> Item.Kind {
    let name = try parseHead { (p) throws(Failure) in try p.parseOptionalName(of: "a training") }
    return .train(name: name, body: try parseBody())
  }

  private func parseImport() throws(Failure) -> Item.Kind {
    var path = [try parseName(of: "a module")]
    while accept(.dot) { path.append(try parseName(of: "a module")) }
    var names: [Name] = []
    if kind == .leftParenthesis {
      let opening = open()
      repeat { names.append(try parseName(of: "an import")) } while accept(.comma)
      try expectClosing(.rightParenthesis, opening, after: "name")
    }
    return .importItem(path: path, names: names)
  }

  private func parseDims() throws(Failure) -> Item.Kind {
    var dims: [DimDefinition] = []
    repeat {
      let name = try parseName(of: "a dimension")
      let value = accept(.equal) ? try parseExpression() : nil
      dims.append(.init(name: name, value: value, span: span(from: name.span.start)))
    } while accept(.comma)
    return .dims(dims)
  }

  private func parseData() throws(Failure) -> Item.Kind {
    let name = try parseName(of: "a data set")
    try expect(.colon, "before the type of a data set")
    let type = try parseType()
    return .data(name: name, type: type, value: try parseInitialValue("a data set"))
  }

  /// Reads a function behind its keyword; if its head is wrong, its body is still read for its errors.
  private func parseFunction(_ kind: FunctionSyntax.Kind) throws(Failure) -> FunctionSyntax {
    let head = try parseHead { (p) throws(Failure) in
      let name = try p.parseName(of: "a \(kind.rawValue)")
      let formals = try p.parseFormals()
      try p.expect(.arrow, "before the type of the result")
      return (name: name, formals: formals, result: try p.parseType())
    }
    let body = try parseBody()
    return FunctionSyntax(kind: kind, name: head.name, formals: head.formals, result: head.result, body: body)
  }

  private func parseFormals() throws(Failure) -> [Formal] {
    if kind != .leftParenthesis { try expect(.leftParenthesis, "before the parameters") }
    let opening = open()
    var formals: [Formal] = []
    if kind != .rightParenthesis {
      repeat { formals.append(try parseFormal()) } while accept(.comma)
    }
    try expectClosing(.rightParenthesis, opening, after: "parameter")
    return formals
  }

  private func parseFormal() throws(Failure) -> Formal {
    let name = try parseName(of: "a parameter")
    try expect(.colon, "before the type of a parameter")
    let type = try parseType()
    let value = accept(.equal) ? try parseExpression() : nil
    return Formal(name: name, type: type, defaultValue: value, span: span(from: name.span.start))
  }

}
