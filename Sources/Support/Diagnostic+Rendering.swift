extension Diagnostic {

  /// The longest part of a source line that is printed, in characters.
  private static let lineLimit = 160

  /// Returns the diagnostic as text for a person.
  ///
  ///     gpt.cgm:65:32: error: no schedule fits 40 MiB [CG0501]
  ///     64 | schedule {
  ///     65 |   checkpoint = optimal(budget: 40 MiB)
  ///        |                                `- error: 21.3 MiB too small
  ///     note: B = 8 would fit
  ///     fix-it: replace '40' with '64'
  ///     65 +   checkpoint = optimal(budget: 64 MiB)
  ///
  /// - Complexity: O(*n*) in the length of the lines shown.
  package func rendered(in map: SourceMap) -> String {
    var text = "\(Self.place(of: span, in: map)): \(severity.rawValue): \(message) [\(code)]\n"
    if let s = span {
      text += Self.excerpt(of: s, in: map, marker: "\(severity.rawValue): \(label ?? message)", withLineBefore: true)
    }
    for n in notes {
      guard let s = n.span else {
        text += "note: \(n.message)\n"
        continue
      }
      text += "\(Self.place(of: s, in: map)): note: \(n.message)\n"
      text += Self.excerpt(of: s, in: map, marker: "note", withLineBefore: false)
    }
    for f in fixIts {
      text += "fix-it: \(f.message)\n" + Self.mendedLine(f, in: map)
    }
    return text
  }

  /// Returns `diagnostics` as text, followed by the number of those that were dropped.
  package static func text(of diagnostics: [Diagnostic], droppedCount: Int, in map: SourceMap) -> String {
    let text = diagnostics.map { $0.rendered(in: map) }.joined()
    return droppedCount == 0 ? text : text + "\(map.root.name): note: \(droppedCount) more diagnostics not shown\n"
  }

  /// Returns `file:line:column`, or the file's name alone where there is no span.
  private static func place(of span: SourceSpan?, in map: SourceMap) -> String {
    guard let s = span else { return map.root.name }
    let file = map.file(at: s.start)
    let p = file.position(at: s.start)
    return "\(file.name):\(p.line):\(p.column)"
  }

  /// Returns the source line of `span` behind a gutter, with a marker under its first character.
  private static func excerpt(
    of span: SourceSpan, in map: SourceMap, marker: String, withLineBefore: Bool
  ) -> String {
    let file = map.file(at: span.start)
    let p = file.position(at: span.start)
    let gutter = String(p.line).count
    var text = ""
    if withLineBefore, p.line > 1 {
      let before = printable(file.text(ofLine: p.line - 1)).prefix(lineLimit)
      if !before.allSatisfy({ $0 == " " }) { text += "\(padded(p.line - 1, to: gutter)) | \(before)\n" }
    }
    let line = printable(file.text(ofLine: p.line))
    let start = p.column > lineLimit ? p.column - lineLimit / 2 : 0
    text += "\(p.line) | \(line.dropFirst(start).prefix(lineLimit))\n"
    text += String(repeating: " ", count: gutter) + " | "
    return text + String(repeating: " ", count: max(0, p.column - 1 - start)) + "`- \(marker)\n"
  }

  /// Returns the line of `fixIt` as it would be, behind its number and a plus, if it stays one line that can be shown.
  private static func mendedLine(_ fixIt: FixIt, in map: SourceMap) -> String {
    let file = map.file(at: fixIt.span.start)
    let number = file.line(at: fixIt.span.start)
    guard file.line(at: fixIt.span.end) == number, !fixIt.replacement.contains("\n") else { return "" }
    let mended = printable(file.text(ofLine: number, replacing: fixIt.span, with: fixIt.replacement))
    return mended.count > lineLimit ? "" : "\(number) + \(mended)\n"
  }

  /// Returns `line` with every control character replaced by a blank, so that the marker stays in its column.
  private static func printable(_ line: String) -> String {
    String(line.map { (c) in c.unicodeScalars.contains { $0.value < 32 || 127...159 ~= $0.value } ? " " : c })
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let s = String(number)
    return String(repeating: " ", count: max(0, width - s.count)) + s
  }

}

extension DiagnosticSet {

  /// Returns all diagnostics as text, in order of position, followed by their count.
  package func rendered(in map: SourceMap) -> String {
    Diagnostic.text(of: sorted, droppedCount: droppedCount, in: map)
  }

}

extension Diagnostic {

  /// Returns the diagnostic of a file by itself as text for a person.
  package func rendered(in file: SourceFile) -> String { rendered(in: SourceMap(file)) }

}

extension DiagnosticSet {

  /// Returns all diagnostics of a file by itself as text, in order of position, followed by their count.
  package func rendered(in file: SourceFile) -> String { rendered(in: SourceMap(file)) }

}
