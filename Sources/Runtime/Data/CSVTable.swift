import Operations

/// The columns of a table.
struct CSVTable {

  let path: String

  /// Their names, or their numbers where the table names none.
  let names: [String]

  let hasHeader: Bool

  /// The line that says how many cells a row has.
  private let firstLine: Int

  /// The index of each name, -1 of those that stand twice.
  private let indices: [String: Int]

  init(path: String, firstRow: CSVRow, hasHeader: Bool) {
    self.path = path
    self.hasHeader = hasHeader
    self.firstLine = firstRow.line
    let names = (0..<firstRow.count).map { (i) in
      hasHeader ? CSVRow.plain(String(decoding: firstRow[i], as: UTF8.self)) : String(i + 1)
    }
    self.names = names
    indices = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { (_, _) in -1 })
  }

  /// Checks that `row` has as many cells as the first.
  func check(_ row: CSVRow) throws(DataError) {
    if row.count == names.count { return }
    let found = row.isEmpty ? "an empty line" : "\(row.count)"
    let expected = "\(names.count) cells, as in line \(firstLine)"
    throw .init(path, .malformed(part: "line \(row.line)", expected: expected, found: found))
  }

  /// Returns the index of the column called `name`.
  func index(of name: String) throws(DataError) -> Int {
    guard let index = indices[name] else { throw .init(path, .missingColumn(name: name, available: names)) }
    guard index >= 0 else {
      throw .init(path, .malformed(part: "header", expected: "one column '\(name)'", found: "several"))
    }
    return index
  }

  /// Returns the indices of the columns that `selection` means, in its order, or `nil` if they are more than `limit`.
  func indices(of selection: ColumnSelection, limit: Int) throws(DataError) -> [Int]? {
    var all: [Int] = []
    for part in selection.parts {
      let first = try index(of: part.first)
      let last = if let name = part.last { try index(of: name) } else { first }
      guard first <= last else {
        let found = "'\(part.first)' behind '\(part.last ?? "")'"
        throw .init(path, .malformed(part: "header", expected: "the columns of a range in order", found: found))
      }
      if last - first >= limit - all.count { return nil }
      all += first...last
    }
    return all
  }

}
