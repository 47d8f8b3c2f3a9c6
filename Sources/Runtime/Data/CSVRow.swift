/// The cells of one row of a table, as bytes without their quotes.
struct CSVRow {

  /// The line of the file where the row starts, counted from 1.
  private(set) var line = 1

  private(set) var bytes: [UInt8] = []

  /// The end of each cell in `bytes`; it starts where the one before it ends.
  private var ends: [Int] = []

  /// The number of cells.
  var count: Int { ends.count }

  /// `true` iff nothing stands on the line.
  var isEmpty: Bool { ends.count == 1 && bytes.isEmpty }

  /// The bytes of cell `i`.
  ///
  /// - Requires: `i < count`.
  subscript(i: Int) -> ArraySlice<UInt8> { bytes[(i == 0 ? 0 : ends[i - 1])..<ends[i]] }

  /// Forgets the cells; those that follow start at `line`.
  mutating func start(line: Int) {
    self.line = line
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// Adds a byte to the cell that is being read.
  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  /// Ends the cell that is being read, without the blanks at its end iff `isTrimmed`.
  mutating func endCell(isTrimmed: Bool) {
    let start = ends.last ?? 0
    while isTrimmed, bytes.count > start, let b = bytes.last, b == UInt8(ascii: " ") || b == UInt8(ascii: "\t") {
      bytes.removeLast()
    }
    ends.append(bytes.count)
  }

  /// Returns `bytes` as messages show them: the first of them, and `?` for what is no plain text.
  static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    if bytes.isEmpty { return "an empty cell" }
    return "'\(plain(String(decoding: bytes.prefix(60), as: UTF8.self)))'\(bytes.count > 60 ? "…" : "")"
  }

  /// Returns `text` with a `?` for each control character.
  static func plain(_ text: String) -> String {
    String(text.map { (c) in c.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 } ? c : "?" })
  }

}
