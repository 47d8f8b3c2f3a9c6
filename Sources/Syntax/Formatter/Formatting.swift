package import Support

/// Returns the text of `file` as the language writes it, or why there is none: its errors.
///
/// The tokens and comments stay what they are, in their order, except that a comment before a comma goes behind it. The result
/// depends on them, on which comments have a line of their own and on where empty lines stand, and on no other blank or
/// newline; formatted again it stays as it is. `Grammar/README.md` has the rules.
///
/// - Complexity: O(*n*) in the length of the file.
package func formatted(_ file: SourceFile) -> (text: String?, diagnostics: DiagnosticSet) {
  var diagnostics = parse(file).diagnostics
  if diagnostics.hasErrors { return (nil, diagnostics) }
  var outline = OutlineReader.outline(of: file)
  outline.placeBlankLines()
  outline.align()
  var rows = outline.rows()
  rows.alignComments()
  if let e = rows.limitError { diagnostics.report(e) }
  return diagnostics.hasErrors ? (nil, diagnostics) : (rows.text(from: file.bytes), diagnostics)
}

extension Outline {

  /// Returns the rows of all lines, with one blank between tokens and their comments.
  fileprivate func rows() -> [Row] {
    var rows: [Row] = []
    for line in lines {
      rows += fitsOnOneLine(line) ? [row(of: line)] : LineBreaker.rows(of: line, of: self)
      if let c = line.comment { rows[rows.count - 1].comment = c }
    }
    return rows
  }

  /// Returns the row of a line that fits into one.
  private func row(of line: OutlineLine) -> Row {
    var row = Row(indentation: line.depth * Style.indentation, hasBlankLineBefore: line.hasBlankLineBefore)
    for i in line.pieces { row.append(pieces[i], from: bytes) }
    return row
  }

}

extension [Row] {

  /// Why the rows are no model file, because blanks were added or rows joined; `nil` if they are.
  fileprivate var limitError: Diagnostic? {
    let size = reduce(0) { $0 + $1.byteCount + ($1.hasBlankLineBefore ? 1 : 0) }
    if size > Limits.fileBytes { return .formattedFileTooLarge(size) }
    guard let row = first(where: { $0.byteCount - 1 > Limits.lineBytes }) else { return nil }
    return (row.place ?? row.comment?.span).map { .formattedLineTooLong(at: $0) }
  }

  /// Returns the text of the rows of a file of `bytes`.
  fileprivate func text(from bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for row in self {
      if row.hasBlankLineBefore { text.append(UInt8(ascii: "\n")) }
      text += repeatElement(UInt8(ascii: " "), count: row.indentation)
      text += row.text
      text += repeatElement(UInt8(ascii: " "), count: row.commentDistance)
      if let c = row.comment { text += bytes[c.span.start..<c.span.end] }
      text.append(UInt8(ascii: "\n"))
    }
    return String(decoding: text, as: UTF8.self)
  }

}
