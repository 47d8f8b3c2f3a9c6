import Support

/// A line of the formatted file.
struct Row {

  /// The number of blanks at its start.
  let indentation: Int

  /// The tokens and the blanks between them; empty where a comment stands alone.
  private(set) var text: [UInt8] = []

  /// The place of the first token, if there is one.
  private(set) var place: SourceSpan?

  /// The number of columns that `text` takes.
  private(set) var width = 0

  /// The comment behind the tokens, or alone.
  var comment: Comment?

  /// The number of blanks between the tokens and the comment.
  var commentDistance = 0

  /// `true` iff an empty line stands before it.
  let hasBlankLineBefore: Bool

  /// Creates a row of nothing.
  init(indentation: Int, hasBlankLineBefore: Bool) {
    self.indentation = indentation
    self.hasBlankLineBefore = hasBlankLineBefore
  }

  /// The column behind the tokens.
  var end: Int { indentation + width }

  /// The number of bytes with the newline.
  var byteCount: Int {
    indentation + text.count + commentDistance + (comment.map { $0.span.end - $0.span.start } ?? 0) + 1
  }

}

extension [Row] {

  /// Puts trailing comments of adjacent rows into one column.
  ///
  /// - Complexity: O(*n*) in the number of rows.
  mutating func alignComments() {
    var start = 0
    while start < count {
      var end = start + 1
      if self[start].hasTrailingComment {
        while end < count, self[end].hasTrailingComment, !self[end].hasBlankLineBefore { end += 1 }
        alignComments(of: start..<end)
      }
      start = end
    }
  }

  /// Puts the comments of the rows in `run` into `Style.commentColumn`, further left where they get too long there, further
  /// right where a row needs it.
  private mutating func alignComments(of run: Range<Int>) {
    let longest = self[run].map { $0.comment?.width ?? 0 }.max() ?? 0
    let widest = self[run].map(\.end).filter { $0 <= Style.greatestCommentedWidth }.max() ?? 0
    let preferred = Swift.min(Style.commentColumn, Style.lineWidth - longest)
    let column = Swift.max(widest + Style.commentDistance, preferred)
    for i in run { self[i].commentDistance = Swift.max(column - self[i].end, Style.commentDistance) }
  }

}

extension Row {

  /// Adds a token, and the blanks before it unless it is the first.
  mutating func append(_ piece: Piece, from bytes: [UInt8]) {
    let blanks = text.isEmpty ? 0 : piece.blanks
    if text.isEmpty { place = piece.span }
    text += repeatElement(UInt8(ascii: " "), count: blanks)
    text += bytes[piece.span.start..<piece.span.end]
    width += blanks + piece.width
  }

  /// `true` iff a comment stands behind tokens.
  var hasTrailingComment: Bool { comment != nil && !text.isEmpty }

}
