import Support

/// Cuts a file into tokens, from its start to its end.
///
/// Blanks, newlines and comments are no tokens; a token knows whether it is the first of its line.
struct Lexer {

  /// The text, which is valid UTF-8 without NUL.
  let bytes: [UInt8]

  /// The first byte not yet read, counted within the file.
  var offset: Int

  /// What spans add to offsets within the file.
  let base: Int

  /// `true` iff the token read last is a single dot, after which `0.1` is two indices and no number.
  private var isAfterDot = false

  /// The number of tokens read.
  private var tokenCount = 0

  /// `true` iff an error was reported on the line being read: one a line is enough.
  private var hasErrorOnLine = false

  /// Creates a lexer of a file that passed `sourceError(of:)`.
  init(_ file: SourceFile) {
    self.bytes = file.bytes
    self.base = file.base
    self.offset = file.bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// Returns the next token, which is the end of the file again and again once it is reached.
  mutating func next(reporting diagnostics: inout DiagnosticSet) -> Token {
    let startsLine = skipBlanks()
    let start = offset
    guard let first = byte(at: start), hasRoom(reporting: &diagnostics) else {
      offset = bytes.count
      return Token(kind: .endOfFile, span: span(bytes.count, bytes.count), startsLine: true, text: "")
    }
    let kind = scan(first, reporting: &diagnostics)
    isAfterDot = kind == .dot
    let text = kind == .name ? String(decoding: bytes[start..<offset], as: UTF8.self) : ""
    return Token(kind: kind, span: span(start, offset), startsLine: startsLine, text: text)
  }

  /// Goes back to `token`, an integer part of a path at whose point it must end.
  mutating func rereadAsIndex(_ token: Token) {
    offset = token.span.start - base
    isAfterDot = true
  }

  /// The span of the bytes from `start` to `end`, counted within the file.
  func span(_ start: Int, _ end: Int) -> SourceSpan { .init(base + start, base + end) }

  /// Returns the text of the token at `span`.
  func text(of span: SourceSpan) -> String {
    String(decoding: bytes[(span.start - base)..<(span.end - base)], as: UTF8.self)
  }

  /// `true` iff the token at `span` stands in the first column.
  func isAtFirstColumn(_ span: SourceSpan) -> Bool {
    span.start == base || byte(at: span.start - base - 1) == UInt8(ascii: "\n")
  }

  /// Returns the byte at `index`, or `nil` past the end.
  func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  /// `true` iff tokens were left unread because the file has too many.
  var hasStoppedEarly: Bool { tokenCount >= Limits.tokens }

  /// Counts a token and returns `true` iff the file may have that many.
  private mutating func hasRoom(reporting diagnostics: inout DiagnosticSet) -> Bool {
    tokenCount += 1
    if tokenCount == Limits.tokens { diagnostics.report(.tooManyTokens(at: span(offset, offset))) }
    return tokenCount < Limits.tokens
  }

  /// Skips blanks, newlines and comments; returns `true` iff a line starts.
  private mutating func skipBlanks() -> Bool {
    var startsLine = tokenCount == 0
    while let b = byte(at: offset) {
      if b == UInt8(ascii: "\n") {
        startsLine = true
        hasErrorOnLine = false
      } else if b == UInt8(ascii: "/"), byte(at: offset + 1) == b {
        skipComment()
        continue
      } else if b != UInt8(ascii: " "), b != UInt8(ascii: "\t"), b != UInt8(ascii: "\r") {
        break
      }
      offset += 1
    }
    return startsLine
  }

  /// Skips to the end of the line.
  private mutating func skipComment() {
    while let b = byte(at: offset), b != UInt8(ascii: "\n") { offset += 1 }
  }

  /// Reads a token that starts with `first`.
  private mutating func scan(_ first: UInt8, reporting diagnostics: inout DiagnosticSet) -> Token.Kind {
    if first.isNameStart || first >= 0x80 { return scanName(reporting: &diagnostics) }
    if first.isDigit { return scanNumber(afterDot: isAfterDot, reporting: &diagnostics) }
    if first == UInt8(ascii: "\"") { return scanString(reporting: &diagnostics) }
    if let (kind, length) = Token.Kind.sign(first, byte(at: offset + 1)) {
      offset += length
      return kind
    }
    return scanInvalidCharacter(reporting: &diagnostics)
  }

  /// Reads a name, or a word with letters that no name may have.
  private mutating func scanName(reporting diagnostics: inout DiagnosticSet) -> Token.Kind {
    let start = offset
    var foreign: (scalar: Unicode.Scalar, offset: Int)?
    while let b = byte(at: offset) {
      if b.isNamePart {
        offset += 1
      } else if b >= 0x80, case let s = scalar(at: offset), s.properties.isAlphabetic {
        foreign = foreign ?? (s, offset)
        offset += UTF8.width(s)
      } else {
        break
      }
    }
    if offset == start { return scanInvalidCharacter(reporting: &diagnostics) }
    if let f = foreign {
      report(.invalidCharacter(f.scalar, at: span(f.offset, f.offset + UTF8.width(f.scalar))), &diagnostics)
      return .invalid
    }
    return checkLength(.name, from: start, limit: Limits.nameBytes, reporting: &diagnostics)
  }

  /// Reads a character that starts no token.
  private mutating func scanInvalidCharacter(reporting diagnostics: inout DiagnosticSet) -> Token.Kind {
    let s = scalar(at: offset)
    let start = offset
    offset += UTF8.width(s)
    report(.invalidCharacter(s, at: span(start, offset)), &diagnostics)
    return .invalid
  }

  /// Returns `kind`, or reports that the token from `start` has more than `limit` bytes.
  mutating func checkLength(
    _ kind: Token.Kind, from start: Int, limit: Int, reporting diagnostics: inout DiagnosticSet
  ) -> Token.Kind {
    if offset - start <= limit { return kind }
    report(.tokenTooLong(kind.description, limit: limit, at: span(start, offset)), &diagnostics)
    return .invalid
  }

  /// Reports `d` unless something was reported on this line.
  mutating func report(_ d: Diagnostic, _ diagnostics: inout DiagnosticSet) {
    if !hasErrorOnLine { diagnostics.report(d) }
    hasErrorOnLine = true
  }

  /// Returns the character whose first byte is at `index`.
  private func scalar(at index: Int) -> Unicode.Scalar {
    let text = String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self)
    return text.unicodeScalars.first ?? "\u{fffd}"
  }

}

extension UInt8 {

  /// `true` iff a name may start with the character.
  var isNameStart: Bool {
    (self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z")) || (self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z"))
      || self == UInt8(ascii: "_")
  }

  /// `true` iff the character is a decimal digit.
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  /// `true` iff a name may contain the character.
  var isNamePart: Bool { isNameStart || isDigit }

}
