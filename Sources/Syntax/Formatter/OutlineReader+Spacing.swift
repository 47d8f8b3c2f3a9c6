extension OutlineReader {

  /// `true` iff a blank belongs between the token read last and one of kind `kind` on the same line.
  func needsBlank(before kind: Token.Kind) -> Bool {
    guard outline.pieces.count > lineStart, let last = outline.pieces.last?.kind else { return false }
    if kind.hidesBlankBefore || last.hidesBlankAfter || isAfterPrefix { return false }
    return kind == .leftParenthesis || kind == .leftBracket ? !endsOperand || isListOfImports : true
  }

  /// `true` iff a token of kind `kind` is a minus before its operand.
  func isPrefix(_ kind: Token.Kind) -> Bool { kind == .minus && !endsOperand }

  /// `true` iff the token read last ends an operand, so that a bracket is a call or subscript and a minus subtracts.
  private var endsOperand: Bool {
    guard let last = outline.pieces.last?.kind, outline.pieces.count > lineStart else { return false }
    return last.mayEndOperand && !isAfterKeyword
  }

  /// `true` iff the token read last is `return`, `if`, `repeat` or `let`, which start a line, or the `in` of a `repeat`.
  private var isAfterKeyword: Bool {
    let count = outline.pieces.count - lineStart
    if count == 1 { return true }
    return count == 3 && outline.isName(lineStart, StatementKeyword.repeatStatement.rawValue)
      && outline.pieces[lineStart + 1].kind == .name && outline.isName(lineStart + 2, "in")
  }

  /// `true` iff the line is an `import`, whose names stand apart from its path.
  private var isListOfImports: Bool {
    contexts.count == 1 && brackets == 0 && outline.isName(lineStart, ItemKeyword.importItem.rawValue)
  }

}

extension Token.Kind {

  /// `true` iff no blank ever stands before such a token.
  fileprivate var hidesBlankBefore: Bool {
    switch self {
    case .comma, .colon, .rightParenthesis, .rightBracket, .rightBrace, .dot, .doubleDot: true
    case _: false
    }
  }

  /// `true` iff no blank ever stands behind such a token.
  fileprivate var hidesBlankAfter: Bool {
    switch self {
    case .leftParenthesis, .leftBracket, .leftBrace, .dot, .doubleDot: true
    case _: false
    }
  }

  /// `true` iff an operand may end with such a token.
  fileprivate var mayEndOperand: Bool {
    switch self {
    case .name, .integer, .float, .string, .rightParenthesis, .rightBracket: true
    case _: false
    }
  }

}
