package import Support

/// Returns the tree of `file` and everything that is wrong with it.
///
/// All errors are reported. The tree lacks what could not be read; it is whole if there are no errors.
///
/// - Complexity: O(*n*) in the length of the file.
package func parse(_ file: SourceFile) -> (tree: Tree, diagnostics: DiagnosticSet) {
  let parser = Parser(file)
  if let e = sourceError(of: file) {
    parser.diagnostics.report(e)
    return (Tree(), parser.diagnostics)
  }
  parser.start()
  let items = parser.parseItems()
  return (Tree(items: items), parser.diagnostics)
}

/// A recursive-descent parser with two tokens of lookahead.
///
/// A method that cannot go on reports why and throws; the loops over items and statements catch that, skip to where the
/// next one starts, and go on.
final class Parser {

  /// What a method throws after it reported an error.
  struct Failure: Error {}

  /// What was reported so far.
  var diagnostics = DiagnosticSet()

  /// The token to be read next.
  var current = Token(kind: .endOfFile, span: .init(0, 0), startsLine: true, text: "")

  /// The token after `current`.
  var next = Token(kind: .endOfFile, span: .init(0, 0), startsLine: true, text: "")

  /// The end of the token read last.
  private(set) var previousEnd: Int

  /// `true` iff a newline stands before `current` and was not read yet.
  private var hasPendingNewline = false

  /// The number of round and square brackets that are open, between which newlines are blanks.
  var openBrackets = 0

  /// The number of brackets and bodies that are open.
  private(set) var depth = 0

  /// The offset of the token at which an error was reported last; a second one there would be a consequence.
  private var lastErrorOffset = -1

  private var lexer: Lexer

  init(_ file: SourceFile) {
    self.lexer = Lexer(file)
    self.previousEnd = file.base
  }

  /// Reads the first tokens.
  func start() {
    current = lexer.next(reporting: &diagnostics)
    next = lexer.next(reporting: &diagnostics)
  }

  /// The kind of the token to be read next, which is `newline` where a line ended outside of brackets.
  var kind: Token.Kind {
    hasPendingNewline && openBrackets == 0 && current.kind != .endOfFile ? .newline : current.kind
  }

  /// Reads a token.
  func advance() {
    previousEnd = current.span.end
    current = next
    hasPendingNewline = current.startsLine
    next = lexer.next(reporting: &diagnostics)
    giveUpIfHopeless()
  }

  /// Reads newlines, if any.
  func skipNewlines() { hasPendingNewline = false }

  /// Stops before the line of `current`, whose newline was read already.
  func returnToNewline() { hasPendingNewline = current.startsLine }

  /// Reads a token of kind `k` if it is next.
  func accept(_ k: Token.Kind) -> Bool {
    if kind != k { return false }
    advance()
    return true
  }

  /// Reads the word `word` if it is next.
  func accept(word: String) -> Bool {
    if kind != .name || current.text != word { return false }
    advance()
    return true
  }

  /// Reads a token of kind `k`, which stands for `purpose`.
  func expect(_ k: Token.Kind, _ purpose: String) throws(Failure) {
    if !accept(k) { throw fail(.expectedSign(k.description, purpose, found: found, at: place)) }
  }

  /// Reads the bracket that closes the one at `opening`.
  func expectClosing(_ k: Token.Kind, _ opening: SourceSpan, after element: String) throws(Failure) {
    if kind != k { throw fail(.unclosedBracket(k.description, after: element, found: found, at: place, opening)) }
    openBrackets -= 1
    advance()
  }

  /// Reads an opening bracket, behind which newlines are blanks; returns its place.
  ///
  /// - Requires: it is next.
  func open() -> SourceSpan {
    let s = current.span
    openBrackets += 1
    advance()
    return s
  }

  /// Reads the name of `what`.
  func parseName(of what: String) throws(Failure) -> Name {
    if kind != .name { throw fail(.expectedName(of: what, found: found, at: place)) }
    if current.isReserved { throw fail(.reservedName(current.text, at: place)) }
    return readName()
  }

  /// Reads a name, whatever it is.
  ///
  /// - Requires: a name is next.
  func readName() -> Name {
    let n = Name(current.text, at: current.span)
    advance()
    return n
  }

  /// The token to be read next, as messages call it.
  var found: String {
    switch kind {
    case .name, .integer, .float: "'\(text(of: current.span))'"
    case let k: k.description
    }
  }

  /// Where an error about the token to be read next belongs: at a missing end of a line, behind what stands there.
  var place: SourceSpan {
    kind == .newline || kind == .endOfFile ? .init(previousEnd, previousEnd) : current.span
  }

  /// Returns the place from `start` to the end of the token read last.
  func span(from start: Int) -> SourceSpan { .init(start, max(start, previousEnd)) }

  /// Enters a bracket or body.
  func enter() throws(Failure) {
    if depth == Limits.nesting { throw fail(.nestedTooDeeply(at: current.span)) }
    depth += 1
  }

  /// Leaves what was entered last.
  func leave() { depth -= 1 }

  /// Reports `d`, unless it is a consequence of an earlier error; returns what to throw.
  func fail(_ d: Diagnostic) -> Failure {
    report(d)
    return Failure()
  }

  /// Reports `d`, unless it is a consequence of an earlier error.
  func report(_ d: Diagnostic) {
    let isConsequence = lastErrorOffset == current.span.start || (kind == .endOfFile && lexer.hasStoppedEarly)
    if current.kind != .invalid && !isConsequence { diagnostics.report(d) }
    lastErrorOffset = current.span.start
    giveUpIfHopeless()
  }

  /// Leaves the rest of the file unread if there are too many errors.
  private func giveUpIfHopeless() {
    if diagnostics.elements.count < DiagnosticSet.limit - 1 || current.kind == .endOfFile { return }
    diagnostics.report(.tooManyErrors(at: current.span))
    lexer.offset = lexer.bytes.count
    current = lexer.next(reporting: &diagnostics)
    next = current
    lastErrorOffset = current.span.start
  }

  /// Reads the float that is next, `0.1`, again as the start of a path, `0` `.` `1`.
  func rereadAsIndex() {
    lexer.rereadAsIndex(current)
    current = lexer.next(reporting: &diagnostics)
    next = lexer.next(reporting: &diagnostics)
  }

  /// `true` iff the token to be read next stands in the first column.
  var isAtFirstColumn: Bool { lexer.isAtFirstColumn(current.span) }

  /// Returns the text of the token at `span`.
  func text(of span: SourceSpan) -> String { lexer.text(of: span) }

  /// Returns the content of the string at `span`.
  func decodedString(in span: SourceSpan) -> String { lexer.decodedString(in: span) }

}

extension Token {

  /// `true` iff the token is a name that no declaration may take.
  var isReserved: Bool {
    kind == .name && (text == "true" || text == "false" || ElementTypeName(rawValue: text) != nil)
  }

}
