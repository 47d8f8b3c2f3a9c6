/// Columns of a table as `csv` takes them: names between commas, or ranges of names, `"width, height"` or `"p0..p783"`.
///
///     selection = part { "," part }
///     part      = name [ ".." name ]
package struct ColumnSelection: Hashable, Sendable {

  /// One column, or all from one to another in the order of the table.
  package struct Part: Hashable, Sendable {

    package let first: String

    /// The last column of a range, `nil` where there is but one.
    package let last: String?

  }

  package let parts: [Part]

  /// Creates the selection that `text` means, or `nil` if a name is empty or a range has more than two ends.
  package init?(_ text: String) {
    var parts: [Part] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = Self.ends(of: part)
      guard (1...2).contains(ends.count), ends.allSatisfy({ $0 != "" }) else { return nil }
      parts.append(.init(first: ends[0], last: ends.count == 2 ? ends[1] : nil))
    }
    self.parts = parts
  }

  /// Returns what stands between the `..` of `part`, without blanks around it.
  private static func ends(of part: Substring) -> [String] {
    var (ends, rest): ([Substring], Substring) = ([], part)
    while let dots = rest.firstRange(of: "..") {
      ends.append(rest[..<dots.lowerBound])
      rest = rest[dots.upperBound...]
    }
    return (ends + [rest]).map { (s) in
      let tail = s.drop { $0 == " " }.reversed().drop { $0 == " " }
      return String(tail.reversed())
    }
  }

  /// The number of columns, or `nil` where it depends on the table.
  package var count: Int? { parts.allSatisfy { $0.last == nil } ? parts.count : nil }

  /// The columns by their numbers, counted from 1 as they are written, as ranges of indices counted from 0; `nil` if a
  /// name is no such number or a range runs backwards.
  package var numbered: [Range<Int>]? {
    var ranges: [Range<Int>] = []
    for p in parts {
      guard let first = Self.number(p.first), let last = Self.number(p.last ?? p.first), first <= last else {
        return nil
      }
      ranges.append((first - 1)..<last)
    }
    return ranges
  }

  private static func number(_ text: String) -> Int? {
    guard let n = Int(text), n >= 1, n <= 1 << 20, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return n
  }

}
