/// Reads the lines of a table of buffers.
struct PackingRowReader {

  private enum Column: String, CaseIterable {

    case id, lower, upper, size, alignment, offset, hint, gaps

    var isRequired: Bool {
      switch self {
      case .id, .lower, .upper, .size: true
      case .alignment, .offset, .hint, .gaps: false
      }
    }

  }

  private let columns: [Column]

  private(set) var ids: [String] = []

  private(set) var buffers: [PlannedBuffer] = []

  private(set) var alignment: Int?

  private var known: Set<String> = []

  private var total = 0

  /// - Throws: if a column is missing, there twice, or unknown.
  init(columns names: [String]) throws(PackingTableError) {
    var columns: [Column] = []
    for n in names {
      guard let c = Column(rawValue: n) else {
        let all = Column.allCases.map(\.rawValue).joined(separator: ", ")
        throw .init(line: 1, message: "there is no column '\(n)'; the columns are \(all)")
      }
      if columns.contains(c) { throw .init(line: 1, message: "the column '\(n)' is there twice") }
      columns.append(c)
    }
    for c in Column.allCases where c.isRequired && !columns.contains(c) {
      throw .init(line: 1, message: "the column '\(c.rawValue)' is missing")
    }
    self.columns = columns
  }

  /// Reads the buffer of one line.
  mutating func read(_ fields: [String], line: Int) throws(PackingTableError) {
    if fields.count != columns.count {
      throw .init(line: line, message: "\(fields.count) fields for \(columns.count) columns")
    }
    if buffers.count == PackingTable.rowLimit {
      throw .init(line: line, message: "more than \(PackingTable.rowLimit) buffers")
    }
    let id = field(.id, of: fields)
    if id.isEmpty || !known.insert(id).inserted {
      throw .init(line: line, message: id.isEmpty ? "a buffer without id" : "the id '\(id)' is there twice")
    }
    let (lower, upper) = (try number(.lower, fields, line), try number(.upper, fields, line))
    if lower >= upper { throw .init(line: line, message: "lower \(lower) is not before upper \(upper)") }
    let size = try number(.size, fields, line)
    if size < 0 { throw .init(line: line, message: "a size of \(size)") }
    let gaps = field(.gaps, of: fields)
    if !gaps.isEmpty {
      throw .init(line: line, message: "the buffer '\(id)' has gaps (\(gaps)); only such are packed as have none")
    }
    try readAlignment(fields, line)
    total += size + (alignment ?? 1)
    if total > PackingTable.numberLimit { throw .init(line: line, message: "the sizes are too large to add up") }
    ids.append(id)
    buffers.append(.init(size: size, birth: lower, death: upper))
  }

  private mutating func readAlignment(_ fields: [String], _ line: Int) throws(PackingTableError) {
    if !columns.contains(.alignment) { return }
    let a = try number(.alignment, fields, line)
    if a < 1 || a & (a - 1) != 0 { throw .init(line: line, message: "the alignment \(a) is not a power of two") }
    if let alignment, a != alignment {
      throw .init(line: line, message: "an alignment of \(a) after one of \(alignment); they must be the same")
    }
    alignment = a
  }

  /// Returns the field of `column`, empty if there is no such column.
  private func field(_ column: Column, of fields: [String]) -> String {
    zip(columns, fields).first { $0.0 == column }?.1 ?? ""
  }

  private func number(_ column: Column, _ fields: [String], _ line: Int) throws(PackingTableError) -> Int {
    let field = field(column, of: fields)
    guard let n = Int(field), n.magnitude <= PackingTable.numberLimit else {
      throw .init(line: line, message: "\(column.rawValue) is no whole number of up to 2⁴⁸: '\(field)'")
    }
    return n
  }

}
