import Support

/// Cuts a file without errors into lines.
struct OutlineReader {

  /// What a `{` stands around.
  enum Context {
    case file
    case body
    case rules
  }

  private(set) var outline: Outline

  /// What the token to be read next stands in, the outermost first.
  private(set) var contexts = [Context.file]

  /// The number of round and square brackets that are open.
  private(set) var brackets = 0

  /// The first token of the line being read.
  private(set) var lineStart = 0

  /// `true` iff the token read last is a minus before its operand.
  var isAfterPrefix = false

  /// `true` iff the range of a selector is open.
  private var isInRange = false

  /// `true` iff the token read last is a brace that opens or closes a body.
  private var isAfterBrace = false

  /// The number of bodies around the line being read.
  private var lineDepth = 0

  /// What the line being read stands in.
  private var lineContext = Context.file

  private var hasBlankLineBefore = false

  private var lexer: Lexer

  init(_ file: SourceFile) {
    outline = Outline(bytes: file.bytes)
    lexer = Lexer(file)
  }

  /// Returns the lines of `file`.
  ///
  /// - Requires: `file` has no errors.
  /// - Complexity: O(*n*) in the length of the file.
  static func outline(of file: SourceFile) -> Outline {
    var reader = OutlineReader(file)
    reader.read()
    return reader.outline
  }

  private mutating func read() {
    var diagnostics = DiagnosticSet()
    while true {
      let start = lexer.offset
      let token = lexer.next(reporting: &diagnostics)
      let gap = Gap(in: .init(start, token.span.start), of: outline.bytes)
      if brackets == 0 { finishLine(before: token, gap) }
      if token.kind == .endOfFile { return }
      append(token, brackets == 0 ? [] : gap.comments)
    }
  }

  /// Ends the line being read if `token` is not part of it, and starts another.
  private mutating func finishLine(before token: Token, _ gap: Gap) {
    if isEmptyBody(token, gap) { return }
    let isEnd = token.kind == .endOfFile || (token.kind == .rightBrace && !isInRange)
    let isAfterOpening = isAfterBrace && outline.pieces.last?.kind == .leftBrace
    if !gap.hasNewline && !isEnd && !isAfterOpening { return }
    var comments = gap.comments[...]
    let trailing = lineStart < outline.pieces.count && comments.first?.isTrailing == true ? comments.popFirst() : nil
    appendLine(trailing)
    for c in comments { appendComment(c) }
    lineStart = outline.pieces.count
    hasBlankLineBefore = gap.hasBlankLine
    lineDepth = contexts.count - (token.kind == .rightBrace && !isInRange ? 2 : 1)
    lineContext = contexts.last ?? .file
  }

  /// `true` iff `token` closes a body with nothing in it.
  private func isEmptyBody(_ token: Token, _ gap: Gap) -> Bool {
    token.kind == .rightBrace && isAfterBrace && outline.pieces.last?.kind == .leftBrace && gap.comments.isEmpty
  }

  private mutating func appendLine(_ comment: Comment?) {
    if lineStart == outline.pieces.count { return }
    let pieces = lineStart..<outline.pieces.count
    outline.lines.append(
      .init(
        pieces: pieces, comment: comment, depth: lineDepth, form: outline.form(of: pieces, in: lineContext),
        hasBlankLineBefore: hasBlankLineBefore))
  }

  private mutating func appendComment(_ comment: Comment) {
    outline.lines.append(
      .init(
        pieces: 0..<0, comment: comment, depth: contexts.count - 1, form: .plain,
        hasBlankLineBefore: comment.hasBlankLineBefore))
  }

  /// Adds `token`, before which `comments` stand in brackets; they go behind it if it is a comma.
  private mutating func append(_ token: Token, _ comments: [Comment]) {
    let blanks = needsBlank(before: token.kind) ? 1 : 0
    isAfterPrefix = isPrefix(token.kind)
    note(token.kind)
    let isComma = token.kind == .comma
    if !isComma, let last = outline.pieces.indices.last { outline.pieces[last].comments += comments }
    let width = columns(of: token.span, in: outline.bytes)
    outline.pieces.append(
      .init(kind: token.kind, span: token.span, width: width, blanks: blanks, comments: isComma ? comments : []))
  }

  /// Counts the brackets and braces.
  private mutating func note(_ kind: Token.Kind) {
    if kind == .leftParenthesis || kind == .leftBracket { brackets += 1 }
    if kind == .rightParenthesis || kind == .rightBracket { brackets -= 1 }
    isAfterBrace = (kind == .leftBrace || kind == .rightBrace) && contexts.last != .rules
    if kind == .leftBrace { open() }
    if kind == .rightBrace { close() }
  }

  private mutating func open() {
    if contexts.last == .rules {
      isInRange = true
      return
    }
    let isSchedule = contexts.count == 1 && outline.isName(lineStart, ItemKeyword.schedule.rawValue)
    contexts.append(isSchedule ? .rules : .body)
  }

  private mutating func close() {
    if isInRange {
      isInRange = false
    } else if contexts.count > 1 {
      contexts.removeLast()
      isAfterBrace = true
    }
  }

}
