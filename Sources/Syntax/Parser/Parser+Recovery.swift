import Support

extension Parser {

  /// `true` iff an item starts at the token to be read next, which is so only at the start of a line; a `let`, which
  /// may also be a statement, does not count.
  var isAtItem: Bool {
    guard current.startsLine, !next.startsLine, let k = itemKeyword else { return false }
    switch k {
    case .letItem: return false
    case .train, .schedule: return next.kind == .leftBrace || next.kind == .name
    case .importItem, .dim, .data, .function, .block, .model: return next.kind == .name
    }
  }

  private var itemKeyword: ItemKeyword? { current.kind == .name ? ItemKeyword(rawValue: current.text) : nil }

  /// Returns what `read` reads, the part of a statement or item before its body.
  ///
  /// If it fails, the body is still read, for its errors.
  func parseHead<T>(_ read: (Parser) throws(Failure) -> T) throws(Failure) -> T {
    let (start, brackets) = (current.span.start, openBrackets)
    do throws(Failure) {
      return try read(self)
    } catch {
      skipToBody(from: start)
      openBrackets = brackets
      if current.kind == .leftBrace { _ = try parseBody() }
      throw error
    }
  }

  /// Skips to where the next item starts, beyond `start`.
  func skipToItem(from start: Int) {
    openBrackets = 0
    if current.span.start == start, kind != .endOfFile { advance() }
    while current.kind != .endOfFile, !isAtItem, !isAtOuterItem { advance() }
  }

  /// `true` iff a word that starts items stands in the first column.
  private var isAtOuterItem: Bool { itemKeyword != nil && isAtFirstColumn }

  /// Skips to the brace that opens the body of what starts at `start`, or to where something else starts.
  private func skipToBody(from start: Int) {
    while current.kind != .leftBrace, current.kind != .rightBrace, !isAtNewStatement(from: start) { advance() }
  }

  /// Skips to the next line of the body, beyond `start`; bodies on the way are read for their errors.
  func skipToLine(from start: Int) {
    var open = 0
    if current.span.start == start, current.kind != .rightBrace, current.kind != .endOfFile {
      open = openBrackets
      skipOne(&open)
    } else {
      open = openBrackets
    }
    openBrackets = 0
    while current.kind != .rightBrace, !isAtNewStatement(from: start), !(current.startsLine && open == 0) {
      skipOne(&open)
    }
    returnToNewline()
  }

  /// `true` iff the file ends or a line beyond `start` starts as statements and items do.
  private func isAtNewStatement(from start: Int) -> Bool {
    if current.kind == .endOfFile { return true }
    guard current.startsLine, current.span.start > start, current.kind == .name, !next.startsLine else { return false }
    if isAtItem || next.kind.assignmentOperator != nil { return true }
    return StatementKeyword(rawValue: current.text) != nil && next.kind == .name
  }

  /// Skips the rest of a range and its closing brace, which closes no body.
  func skipPastRange() {
    while kind != .rightBrace, kind != .newline, kind != .endOfFile { advance() }
    _ = accept(.rightBrace)
  }

  /// Skips a token, or a body and all it contains; keeps `open` the number of open brackets.
  private func skipOne(_ open: inout Int) {
    switch current.kind {
    case .leftParenthesis, .leftBracket: open += 1
    case .rightParenthesis, .rightBracket: open = max(0, open - 1)
    case .leftBrace: return skipBraces()
    case _: break
    }
    advance()
  }

  /// Reads a body for its errors, or skips what stands between the braces of one line.
  private func skipBraces() {
    if next.startsLine, depth < Limits.nesting, (try? parseBody()) != nil { return }
    var open = 0
    repeat {
      open += current.kind == .leftBrace ? 1 : current.kind == .rightBrace ? -1 : 0
      advance()
    } while open > 0 && current.kind != .endOfFile && !isAtItem
  }

}
