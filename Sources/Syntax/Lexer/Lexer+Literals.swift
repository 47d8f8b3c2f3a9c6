import Support

extension Lexer {

  /// Reads a number: `1_000`, `0.5`, `1e-3`; only the digits of an index where `afterDot`.
  mutating func scanNumber(afterDot: Bool, reporting diagnostics: inout DiagnosticSet) -> Token.Kind {
    let start = offset
    skipDigits()
    var kind = Token.Kind.integer
    if !afterDot, byte(at: offset) == UInt8(ascii: "."), byte(at: offset + 1)?.isDigit == true {
      kind = .float
      offset += 1
      skipDigits()
    }
    if !afterDot, skipExponent() { kind = .float }
    guard hasWellPlacedUnderscores(from: start) else {
      report(.misplacedUnderscore(at: span(start, offset)), &diagnostics)
      return .invalid
    }
    return checkLength(kind, from: start, limit: Limits.numberBytes, reporting: &diagnostics)
  }

  /// Skips digits and underscores.
  private mutating func skipDigits() {
    while let b = byte(at: offset), b.isDigit || b == UInt8(ascii: "_") { offset += 1 }
  }

  /// Skips `e`, a sign and digits if all that is there; returns `true` iff it is.
  private mutating func skipExponent() -> Bool {
    guard let e = byte(at: offset), e == UInt8(ascii: "e") || e == UInt8(ascii: "E") else { return false }
    let hasSign = byte(at: offset + 1) == UInt8(ascii: "-") || byte(at: offset + 1) == UInt8(ascii: "+")
    let digits = offset + (hasSign ? 2 : 1)
    guard byte(at: digits)?.isDigit == true else { return false }
    offset = digits
    skipDigits()
    return true
  }

  /// Returns `true` iff each underscore of the number from `start` stands between two digits.
  private func hasWellPlacedUnderscores(from start: Int) -> Bool {
    (start..<offset).allSatisfy { (i) in
      bytes[i] != UInt8(ascii: "_") || (bytes[i - 1].isDigit && byte(at: i + 1)?.isDigit == true)
    }
  }

  /// Reads a string, whose content is `decodedString(in:)` of its span.
  mutating func scanString(reporting diagnostics: inout DiagnosticSet) -> Token.Kind {
    let start = offset
    var isValid = true
    offset += 1
    while let b = byte(at: offset), b != UInt8(ascii: "\"") {
      if b == UInt8(ascii: "\n") || b == UInt8(ascii: "\r") { break }
      if b == UInt8(ascii: "\\") {
        isValid = skipEscape(reporting: &diagnostics) && isValid
      } else {
        isValid = skipStringByte(b, reporting: &diagnostics) && isValid
      }
    }
    guard byte(at: offset) == UInt8(ascii: "\"") else {
      report(.unterminatedString(at: span(start, offset)), &diagnostics)
      return .invalid
    }
    offset += 1
    if !isValid { return .invalid }
    return checkLength(.string, from: start, limit: Limits.stringBytes, reporting: &diagnostics)
  }

  /// Skips a byte of a string; returns `false` and reports it if it is a control character other than a tab.
  private mutating func skipStringByte(_ b: UInt8, reporting diagnostics: inout DiagnosticSet) -> Bool {
    offset += 1
    if (b >= 0x20 && b != 0x7f) || b == UInt8(ascii: "\t") { return true }
    report(.invalidCharacter(Unicode.Scalar(b), at: span(offset - 1, offset)), &diagnostics)
    return false
  }

  /// Skips a backslash and what it escapes; returns `false` and reports it if that is not known.
  private mutating func skipEscape(reporting diagnostics: inout DiagnosticSet) -> Bool {
    let start = offset
    offset += 1
    guard let b = byte(at: offset), b != UInt8(ascii: "\n"), b != UInt8(ascii: "\r") else { return true }
    offset += 1
    if Self.escaped(b) != nil { return true }
    while let c = byte(at: offset), c & 0xc0 == 0x80 { offset += 1 }
    report(.unknownEscape(at: span(start, offset)), &diagnostics)
    return false
  }

  /// Returns the byte that `\` and `b` stand for, or `nil`.
  private static func escaped(_ b: UInt8) -> UInt8? {
    switch Unicode.Scalar(b) {
    case "n": UInt8(ascii: "\n")
    case "t": UInt8(ascii: "\t")
    case "\"", "\\": b
    case _: nil
    }
  }

  /// Returns the content of the string at `span`.
  ///
  /// - Requires: a token of kind `string` was read there.
  func decodedString(in span: SourceSpan) -> String {
    var content: [UInt8] = []
    var i = span.start - base + 1
    while i < span.end - base - 1 {
      let escape = bytes[i] == UInt8(ascii: "\\") ? Self.escaped(bytes[i + 1]) : nil
      content.append(escape ?? bytes[i])
      i += escape == nil ? 1 : 2
    }
    return String(decoding: content, as: UTF8.self)
  }

}
