/// A token as the grammar sees it.
struct GrammarToken: Equatable {

  /// The name of the token in the grammar, `""` for a sign.
  let kind: String

  let text: String

  /// `true` iff no other token stands before this one on its line.
  let startsLine: Bool

}

/// Cuts texts into tokens by the grammar's own rules.
///
/// It is simple and slow, and shares nothing with the lexer.
struct Tokenizer {

  private let grammar: Grammar

  private let source: CharacterSource

  private let matcher: Matcher<CharacterSource>

  private var position = 0

  private var tokens: [GrammarToken] = []

  private var startsLine = true

  /// The number of round and square brackets that are open.
  private var openBrackets = 0

  /// Returns the tokens of `text`, or `nil` if it has a character that belongs to none.
  static func tokens(of text: String, by grammar: Grammar) -> [GrammarToken]? {
    var t = Tokenizer(text, grammar)
    while t.position < t.source.characters.count { if !t.readOne() { return nil } }
    return t.tokens
  }

  private init(_ text: String, _ grammar: Grammar) {
    self.grammar = grammar
    source = CharacterSource(text.first == "\u{feff}" ? String(text.dropFirst()) : text)
    matcher = Matcher(grammar, source)
  }

  /// Reads a token, newline or blank; returns `false` if there is none.
  private mutating func readOne() -> Bool {
    if source.characters[position] == "\0" { return false }
    if source.characters[position] == "\n" { return readNewline() }
    for blank in ["blank", "comment"] {
      if let end = matcher.ends(of: blank, at: position).last {
        position = end
        return true
      }
    }
    return readToken()
  }

  /// Reads a newline, which is a token outside of round and square brackets.
  private mutating func readNewline() -> Bool {
    position += 1
    if openBrackets == 0 { tokens.append(.init(kind: "NL", text: "\n", startsLine: false)) }
    startsLine = true
    return true
  }

  /// Reads the longest token, which after a point is no number with a point.
  private mutating func readToken() -> Bool {
    let isAfterPoint = tokens.last?.text == "."
    var longest = (end: position, kind: "")
    for kind in ["NAME", "INTEGER", "FLOAT", "STRING"] where !(isAfterPoint && kind == "FLOAT") {
      let end = matcher.ends(of: kind, at: position).last ?? position
      if end > longest.end { longest = (end, kind) }
    }
    for s in grammar.signs where longest.end == position {
      longest.end = source.end(ofText: s, in: "", at: position) ?? position
    }
    if longest.end == position { return false }
    append(longest.kind, to: longest.end)
    return true
  }

  private mutating func append(_ kind: String, to end: Int) {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: source.characters[position..<end])
    tokens.append(.init(kind: kind, text: String(text), startsLine: startsLine))
    (position, startsLine) = (end, false)
    if kind.isEmpty, "([".contains(String(text)) { openBrackets += 1 }
    if kind.isEmpty, ")]".contains(String(text)) { openBrackets = max(0, openBrackets - 1) }
  }

}
