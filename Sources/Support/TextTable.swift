/// Rows of cells printed in aligned columns.
package struct TextTable: Sendable {

  package enum Alignment: Sendable {
    case left
    case right
  }

  private let alignments: [Alignment]

  private var rows: [[String]] = []

  /// Creates a table whose columns have the given alignments.
  package init(_ alignments: [Alignment]) { self.alignments = alignments }

  /// Adds a row.
  ///
  /// - Requires: it has as many cells as the table has columns.
  package mutating func append(_ row: [String]) {
    precondition(row.count == alignments.count, "wrong number of cells")
    rows.append(row)
  }

  /// The rows, one a line, columns two blanks apart, without blanks at the end of a line.
  package var description: String {
    let widths = alignments.indices.map { (c) in rows.map { $0[c].count }.max() ?? 0 }
    return rows.map { (row) in
      var line = ""
      for (c, cell) in row.enumerated() {
        let blanks = String(repeating: " ", count: widths[c] - cell.count)
        line += (c == 0 ? "" : "  ") + (alignments[c] == .left ? cell + blanks : blanks + cell)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

}
