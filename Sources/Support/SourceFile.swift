/// A position in a source file for people: line and column, both counted from 1, columns in characters.
package struct SourcePosition: Hashable, Comparable, Sendable {

  package let line: Int

  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (l: Self, r: Self) -> Bool { (l.line, l.column) < (r.line, r.column) }

}

/// The half-open range of UTF-8 offsets `[start, end)` of a source file, counted from its `base`.
package struct SourceSpan: Hashable, Sendable {

  /// The first byte.
  package var start: Int

  /// One past the last byte.
  package var end: Int

  package init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// The smallest span that covers `self` and `other`.
  package func joined(with other: SourceSpan) -> SourceSpan { .init(min(start, other.start), max(end, other.end)) }

}

/// The text of a model and the name that diagnostics print for it.
package struct SourceFile: Sendable {

  /// The name as the user gave it.
  package let name: String

  /// The text in UTF-8.
  package let bytes: [UInt8]

  /// The offset that spans give to the first byte, so that those of several files differ; 0 for a file by itself.
  package let base: Int

  /// The offset of the first byte of each line, counted within the file.
  private let lineStarts: [Int]

  package init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }

  package init(name: String, bytes: [UInt8], base: Int = 0) {
    self.name = name
    self.base = base
    self.bytes = bytes
    var starts = [0]
    for (i, b) in bytes.enumerated() where b == UInt8(ascii: "\n") { starts.append(i + 1) }
    self.lineStarts = starts
  }

  /// The number of lines, at least 1.
  package var lineCount: Int { lineStarts.count }

  /// The last path component of `name`.
  package var baseName: String { name.split(separator: "/").last.map(String.init) ?? name }

  /// The name as plans print it: `baseName` with control characters as blanks and single blanks for several.
  package var nameInPlans: String {
    let plain = baseName.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : String($0) }.joined()
    return plain.split(separator: " ").joined(separator: " ")
  }

  /// The span of the whole file.
  package var span: SourceSpan { .init(base, base + bytes.count) }

  /// Returns the line that holds the byte at `offset`, counted from 1.
  ///
  /// - Complexity: O(log *l*) where *l* is the number of lines.
  package func line(at offset: Int) -> Int {
    let offset = offset - base
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// Returns the line and column of the byte at `offset`; an offset past the end is the end.
  package func position(at offset: Int) -> SourcePosition {
    let line = line(at: offset)
    let offset = min(max(offset - base, 0), bytes.count)
    let before = bytes[lineStarts[line - 1]..<offset]
    return .init(line: line, column: String(decoding: before, as: UTF8.self).count + 1)
  }

  /// Returns the line and column of the byte at `offset` with columns in Unicode scalars, as machines count them.
  package func scalarPosition(at offset: Int) -> SourcePosition {
    let line = line(at: offset)
    let end = min(max(offset - base, 0), bytes.count)
    let before = bytes[lineStarts[line - 1]..<end]
    return .init(line: line, column: String(decoding: before, as: UTF8.self).unicodeScalars.count + 1)
  }

  /// Returns the text of line `number` (counted from 1) without its newline.
  ///
  /// - Requires: `1 ≤ number ≤ lineCount`.
  package func text(ofLine number: Int) -> String {
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }

  /// Returns the text of line `number` with `replacement` in the place of `span`.
  ///
  /// - Requires: `span` begins and ends on that line.
  package func text(ofLine number: Int, replacing span: SourceSpan, with replacement: String) -> String {
    let start = base + lineStarts[number - 1]
    let line = text(ofLine: number)
    return text(of: .init(start, span.start)) + replacement
      + text(of: .init(span.end, max(span.end, start + line.utf8.count)))
  }

  /// Returns the text of `span`.
  package func text(of span: SourceSpan) -> String {
    let start = min(max(span.start - base, 0), bytes.count)
    return String(decoding: bytes[start..<min(max(span.end - base, start), bytes.count)], as: UTF8.self)
  }

}
