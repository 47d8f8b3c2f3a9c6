import Support

extension Outline {

  /// Returns what a line of the tokens in `range` may be aligned with, if it stands in `context`.
  func form(of range: Range<Int>, in context: OutlineReader.Context) -> OutlineLine.Form {
    guard range.count > 1, pieces[range.lowerBound].kind == .name else { return .plain }
    switch context {
    case .file: return itemForm(of: range)
    case .body: return statementForm(of: range)
    case .rules: return .rule
    }
  }

  private func itemForm(of range: Range<Int>) -> OutlineLine.Form {
    if isName(range.lowerBound, ItemKeyword.data.rawValue) { return .data }
    if isName(range.lowerBound, ItemKeyword.letItem.rawValue) { return .constant }
    return isName(range.lowerBound, ItemKeyword.dim.rawValue) && isSingleDim(range) ? .dim : .plain
  }

  /// `true` iff a `dim` defines one dimension, and its size.
  private func isSingleDim(_ range: Range<Int>) -> Bool {
    range.count > 2 && pieces[range.lowerBound + 2].kind == .equal && !hasComma(range)
  }

  private func statementForm(of range: Range<Int>) -> OutlineLine.Form {
    let second = pieces[range.lowerBound + 1].kind
    if second == .equal { return .setting }
    guard second == .name else { return .plain }
    switch StatementKeyword(rawValue: text(of: range.lowerBound)) {
    case .param, .state: return .declaration
    case .letStatement: return .constant
    case .varStatement: return .variable
    case .layer: return .layer
    case .update: return .update
    case .metric: return .metric
    case .repeatStatement, .ifStatement, .when, .returnStatement, nil: return .plain
    }
  }

  /// Returns the text of the token at `index`.
  func text(of index: Int) -> String {
    String(decoding: bytes[pieces[index].span.start..<pieces[index].span.end], as: UTF8.self)
  }

  /// `true` iff a comma stands in `range` outside of brackets.
  private func hasComma(_ range: Range<Int>) -> Bool {
    var depth = 0
    return range.contains { (i) in
      depth += pieces[i].kind.bracketStep
      return depth == 0 && pieces[i].kind == .comma
    }
  }

}

extension Token.Kind {

  /// By how much the number of open round and square brackets changes behind such a token.
  var bracketStep: Int {
    switch self {
    case .leftParenthesis, .leftBracket: 1
    case .rightParenthesis, .rightBracket: -1
    case _: 0
    }
  }

}
