/// A packing problem whose buffers have names, in CSV: a line of column names, then a buffer a line.
///
///     id,lower,upper,size
///     b1,0,3,4
///
/// A buffer is live in `[lower, upper)`. The columns may come in any order; `alignment`, which must be the same power of two
/// in every line, `offset` and `hint`, which are not looked at, and `gaps`, which must be empty, may be there, too.
///
/// - Source: the format of the problems published with MiniMalloc, 2023.
package struct PackingTable: Hashable, Sendable {

  /// The names of the buffers, all different.
  package private(set) var ids: [String] = []

  package private(set) var problem = PlanningProblem(buffers: [], alignment: 1)

  /// The most buffers that are read.
  static let rowLimit = 1 << 20

  /// The longest line that is read, in bytes.
  static let lineLimit = 4096

  /// No step is further from 0, and all sizes together are no larger.
  static let numberLimit = 1 << 48

  /// Creates the table of `problem`, whose buffers are called `ids`.
  ///
  /// - Requires: there are as many ids as buffers, all different, without commas and line breaks.
  package init(ids: [String], problem: PlanningProblem) {
    precondition(ids.count == problem.buffers.count, "as many ids as buffers")
    (self.ids, self.problem) = (ids, problem)
  }

  /// Reads `bytes`.
  ///
  /// - Throws: the first flaw.
  package init(csv bytes: [UInt8]) throws(PackingTableError) {
    var reader: PackingRowReader?
    for (n, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
      if line.count > Self.lineLimit {
        throw .init(line: n + 1, message: "a line of more than \(Self.lineLimit) bytes")
      }
      let fields = Self.fields(line)
      if fields == [""] { continue }
      if reader == nil { reader = try .init(columns: fields) } else { try reader?.read(fields, line: n + 1) }
    }
    guard let reader else { throw .init(line: 1, message: "there is no line of column names") }
    ids = reader.ids
    problem = .init(buffers: reader.buffers, alignment: reader.alignment ?? 1)
  }

  /// Returns the fields of `line` without the blanks around them.
  private static func fields(_ line: ArraySlice<UInt8>) -> [String] {
    line.split(separator: 0x2c, omittingEmptySubsequences: false).map { (field) in
      let isBlank = { (c: UInt8) in c == 0x20 || c == 0x09 || c == 0x0d }
      let start = field.firstIndex { !isBlank($0) } ?? field.endIndex
      let end = field.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
      return String(decoding: field[start..<end], as: UTF8.self)
    }
  }

  /// Returns the table as text, with a column of `offsets` if there are some.
  package func csv(offsets: [Int]? = nil) -> String {
    let isAligned = problem.alignment > 1
    var text = "id,lower,upper,size" + (isAligned ? ",alignment" : "") + (offsets == nil ? "\n" : ",offset\n")
    for (i, b) in problem.buffers.enumerated() {
      text += "\(ids[i]),\(b.birth),\(b.death),\(b.size)" + (isAligned ? ",\(problem.alignment)" : "")
      if let offsets { text += ",\(offsets[i])" }
      text += "\n"
    }
    return text
  }

}
