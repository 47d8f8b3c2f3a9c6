import Support

/// A token and what stands between it and its neighbours.
struct Piece {

  let kind: Token.Kind

  let span: SourceSpan

  /// The number of columns it takes.
  let width: Int

  /// The number of blanks before it unless it starts a line.
  var blanks: Int

  /// The comments behind it; only inside of brackets, elsewhere they belong to the line.
  var comments: [Comment] = []

}

/// A comment, from its slashes to the last character that is no blank.
struct Comment {

  let span: SourceSpan

  /// The number of columns it takes.
  let width: Int

  /// `true` iff a token stands before it on its line.
  var isTrailing: Bool

  /// `true` iff the line before it is empty.
  let hasBlankLineBefore: Bool

}

/// What stands between two tokens.
struct Gap {

  private(set) var comments: [Comment] = []

  /// The number of newlines behind the last comment, or of all if there is none.
  private(set) var newlines = 0

  /// Reads what stands in `span`, which holds blanks, newlines and comments alone.
  ///
  /// - Complexity: O(*n*) in the length of the span.
  init(in span: SourceSpan, of bytes: [UInt8]) {
    var i = span.start
    while i < span.end {
      if bytes[i] == UInt8(ascii: "/") {
        let end = bytes[i..<span.end].firstIndex(of: UInt8(ascii: "\n")) ?? span.end
        append(Self.trimmed(.init(i, end), of: bytes), of: bytes)
        i = end
      } else {
        if bytes[i] == UInt8(ascii: "\n") { newlines += 1 }
        i += 1
      }
    }
  }

  /// `true` iff a newline stands in the gap; a comment is followed by one.
  var hasNewline: Bool { newlines > 0 || !comments.isEmpty }

  /// `true` iff the line before the token behind the gap is empty.
  var hasBlankLine: Bool { newlines > 1 }

  private mutating func append(_ span: SourceSpan, of bytes: [UInt8]) {
    comments.append(
      .init(
        span: span, width: columns(of: span, in: bytes), isTrailing: comments.isEmpty && newlines == 0,
        hasBlankLineBefore: newlines > 1))
    newlines = 0
  }

  /// Returns `span` without the blanks at its end.
  private static func trimmed(_ span: SourceSpan, of bytes: [UInt8]) -> SourceSpan {
    var end = span.end
    while [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains(bytes[end - 1]) { end -= 1 }
    return .init(span.start, end)
  }

}

/// Returns the number of characters at `span`.
func columns(of span: SourceSpan, in bytes: [UInt8]) -> Int {
  let text = bytes[span.start..<span.end]
  return text.allSatisfy { $0 < 0x80 } ? text.count : String(decoding: text, as: UTF8.self).count
}
