/// Returns what turns the file `old` into `new`, called `name` in both cases, as `patch` takes it; nothing if they are equal.
///
/// Three common lines stand around each change.
///
/// - Complexity: that of `LineDifference`.
package func unifiedDiff(of name: String, from old: String, to new: String) -> String {
  let (a, b) = (lines(of: old), lines(of: new))
  let hunks = hunks(of: LineDifference(from: a, to: b).changes)
  if hunks.isEmpty { return "" }
  var text: [UInt8] = Array("--- \(name)\n+++ \(name)\n".utf8)
  for h in hunks { append(h, a, b, to: &text) }
  return String(decoding: text, as: UTF8.self)
}

/// The number of common lines around a change.
private let context = 3

/// Returns the lines of `text` with the newlines that end them.
private func lines(of text: String) -> [ArraySlice<UInt8>] {
  let bytes = Array(text.utf8)
  var lines: [ArraySlice<UInt8>] = []
  var start = 0
  for (i, b) in bytes.enumerated() where b == UInt8(ascii: "\n") {
    lines.append(bytes[start...i])
    start = i + 1
  }
  return start < bytes.count ? lines + [bytes[start...]] : lines
}

/// Returns `changes` in groups whose contexts touch.
private func hunks(of changes: [LineDifference.Change]) -> [[LineDifference.Change]] {
  changes.reduce(into: []) { (hunks, c) in
    if let last = hunks.last?.last, c.old.lowerBound - last.old.upperBound <= 2 * context {
      hunks[hunks.count - 1].append(c)
    } else {
      hunks.append([c])
    }
  }
}

/// Writes a group of changes with its context.
private func append(
  _ hunk: [LineDifference.Change], _ a: [ArraySlice<UInt8>], _ b: [ArraySlice<UInt8>], to text: inout [UInt8]
) {
  let (first, last) = (hunk[0], hunk[hunk.count - 1])
  let before = min(context, first.old.lowerBound)
  let after = min(context, a.count - last.old.upperBound)
  let old = first.old.lowerBound - before..<last.old.upperBound + after
  let new = first.new.lowerBound - before..<last.new.upperBound + after
  text += "@@ -\(place(of: old)) +\(place(of: new)) @@\n".utf8
  var done = old.lowerBound
  for c in hunk {
    append(a[done..<c.old.lowerBound], " ", to: &text)
    append(a[c.old], "-", to: &text)
    append(b[c.new], "+", to: &text)
    done = c.old.upperBound
  }
  append(a[done..<old.upperBound], " ", to: &text)
}

/// Returns the number of the first of `lines` and how many they are; the line before them if there are none.
private func place(of lines: Range<Int>) -> String {
  let first = lines.isEmpty ? lines.lowerBound : lines.lowerBound + 1
  return lines.count == 1 ? "\(first)" : "\(first),\(lines.count)"
}

/// Writes `lines`, each behind `sign`.
private func append(_ lines: ArraySlice<ArraySlice<UInt8>>, _ sign: Unicode.Scalar, to text: inout [UInt8]) {
  for l in lines {
    text.append(UInt8(ascii: sign))
    text += l
    if l.last != UInt8(ascii: "\n") { text += "\n\\ No newline at end of file\n".utf8 }
  }
}
