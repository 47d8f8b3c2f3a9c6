import Support

/// The diagnostics of the lexer, CG0130 to CG0149, and of files that are no models, CG0150 to CG0159.
extension Diagnostic {

  static func invalidCharacter(_ s: Unicode.Scalar, at span: SourceSpan) -> Diagnostic {
    let isVisible = s.isASCII ? s.value > 32 && s.value < 127 : s.properties.generalCategory.isVisible
    let code = String(s.value, radix: 16, uppercase: true)
    let number = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
    let isLetter = !s.isASCII && s.properties.isAlphabetic
    let name = isVisible ? "'\(s)' (\(number))" : number
    let hint = isLetter ? "names are made of the letters a to z, A to Z, digits and _" : hint(for: s)
    let mend = replacement(for: s).map { FixIt("write '\($0)'", replacing: span, with: $0) }
    return .init(
      .error, "CG0130", "invalid character \(name)", at: span, notes: hint.map { [.init($0)] } ?? [],
      fixIts: mend.map { [$0] } ?? [])
  }

  /// Returns what was certainly meant by `s`, or `nil`.
  private static func replacement(for s: Unicode.Scalar) -> String? {
    switch s {
    case "\u{201c}", "\u{201d}", "\u{201e}", "\u{ab}", "\u{bb}": "\""
    case "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2014}", "\u{2212}": "-"
    case "\u{f7}": "/"
    case "\u{2264}": "<="
    case "\u{2265}": ">="
    case "\u{2260}": "!="
    case "\u{2192}": "->"
    case "\u{2026}": ".."
    case "\u{a0}", "\u{2007}", "\u{202f}": " "
    case "#": "//"
    case _: nil
    }
  }

  /// Returns what to write instead of `s`, or `nil`.
  private static func hint(for s: Unicode.Scalar) -> String? {
    switch s {
    case "\u{201c}", "\u{201d}", "\u{201e}", "\u{ab}", "\u{bb}", "\u{2018}", "\u{2019}", "'":
      "a string is written between straight double quotes: \"…\""
    case "\u{d7}", "\u{22c5}", "\u{b7}": "write '*', or '@' for a matrix product"
    case "\u{a0}", "\u{2007}", "\u{202f}", "\u{200b}", "\u{feff}": "write a plain blank"
    case "#": "a comment starts with //"
    case ";": "the end of the line ends a statement"
    case "^": "a power is written pow(x, n)"
    case "!", "&", "|": "there are no logical operators"
    case _: nil
    }
  }

  static func unterminatedString(at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0131", "string without closing quotes", at: span,
      notes: [.init("a string ends on its line; a new line in it is written \\n")])
  }

  static func unknownEscape(at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0132", "unknown escape in a string", at: span,
      notes: [.init("the escapes are \\\" \\\\ \\n and \\t; a backslash is written \\\\")])
  }

  static func misplacedUnderscore(at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0133", "an underscore in a number must stand between two digits", at: span)
  }

  static func tokenTooLong(_ what: String, limit: Int, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0134", "\(what) of more than \(limit) bytes", at: span)
  }

  static func tooManyTokens(at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0135", "more than \(Limits.tokens) words and signs; the rest of the file was not read", at: span)
  }

  static func fileTooLarge(_ size: Int) -> Diagnostic {
    .init(.error, "CG0150", "the file has \(size) bytes, and a model at most \(Limits.fileBytes)", at: nil)
  }

  static func metafile() -> Diagnostic {
    .init(
      .error, "CG0151", "this is a Computer Graphics Metafile picture, not a cgad model", at: nil,
      notes: [.init("both are named .cgm; a cgad model is text")])
  }

  static func nulByte(at offset: Int) -> Diagnostic {
    .init(.error, "CG0152", "this is no text file: the byte at offset \(offset) is zero", at: nil)
  }

  static func invalidUTF8(line: Int, offset: Int) -> Diagnostic {
    .init(
      .error, "CG0153", "the text is not valid UTF-8: line \(line), offset \(offset)", at: nil,
      notes: [.init("save the file as UTF-8")])
  }

  static func lineTooLong(_ line: Int) -> Diagnostic {
    .init(.error, "CG0154", "line \(line) has more than \(Limits.lineBytes) bytes", at: nil)
  }

  static func formattedLineTooLong(at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0155",
      "the line cannot be formatted: with blanks around its signs it has more than \(Limits.lineBytes) bytes",
      at: span, notes: [.init("give a part of it a name with 'let', or write it in parentheses")])
  }

  static func formattedFileTooLarge(_ size: Int) -> Diagnostic {
    .init(
      .error, "CG0156",
      "the file cannot be formatted: it would have \(size) bytes, and a model has at most \(Limits.fileBytes)",
      at: nil)
  }

}

extension Unicode.GeneralCategory {

  /// `true` iff a character of this category leaves a mark of its own on paper.
  fileprivate var isVisible: Bool {
    switch self {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator, .paragraphSeparator,
      .nonspacingMark, .enclosingMark, .spacingMark:
      false
    case _: true
    }
  }

}
