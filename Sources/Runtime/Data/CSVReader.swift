package import Operations

/// Reads tables of numbers as text, with commas between the cells.
package enum CSVReader {

  /// What to read into one array.
  package struct Component: Sendable {

    /// What messages call it.
    package let label: String

    package let columns: ColumnSelection

    /// The type of a batch, whose first extent is the number of examples.
    package let type: TensorType

    package init(label: String, columns: ColumnSelection, type: TensorType) {
      self.label = label
      self.columns = columns
      self.type = type
    }

  }

  /// Returns an array for each of `components`, an example a row. The cells that they do not name may hold any text.
  ///
  /// - Parameter hasHeader: `true` iff the first row names the columns; they have numbers, counted from 1, if not.
  /// - Requires: the types have an axis.
  /// - Throws: if the file cannot be read, a column is missing or named twice, rows differ in their number of cells, an example
  ///   has another number of columns than its type has elements, or a cell is no number of its type.
  /// - Complexity: O(*n*) in the size of the file; besides the arrays, a piece of the file and one row are in memory.
  package static func read(
    _ path: String, hasHeader: Bool, components: [Component]
  ) throws(DataError) -> [DataArray] {
    var scanner = try CSVScanner(InputFile(path))
    guard try scanner.nextRow() else {
      let expected = hasHeader ? "a line that names the columns" : "a line of numbers"
      throw scanner.malformed("table", expected, "an empty file")
    }
    let table = CSVTable(path: path, firstRow: scanner.row, hasHeader: hasHeader)
    var columns: [CSVColumns] = []
    for c in components { columns.append(try .init(c, of: table)) }
    if !hasHeader { for i in columns.indices { try columns[i].append(scanner.row, of: table) } }
    while try scanner.nextRow() {
      try table.check(scanner.row)
      for i in columns.indices { try columns[i].append(scanner.row, of: table) }
    }
    var arrays: [DataArray] = []
    for c in columns { arrays.append(try c.array(of: table)) }
    return arrays
  }

}
