/// Splits a file of comma-separated values into rows, reading it piece by piece.
///
/// Cells stand between commas, rows between ends of lines (LF or CR LF), of which the last may be missing. A cell in quotes
/// may hold commas, ends of lines, and quotes written twice. Blanks around a cell do not count; a byte order mark is skipped.
///
/// - Source: Y. Shafranovich, "Common Format and MIME Type for Comma-Separated Values (CSV) Files", RFC 4180, 2005.
struct CSVScanner {

  /// The most bytes and cells of one row.
  static let rowLimit = 1 << 24
  static let cellLimit = 1 << 20

  /// Where in a cell the next byte stands.
  private enum Place {
    case start
    case plain
    case quoted
    case behindQuote
  }

  /// The row that was read last.
  private(set) var row = CSVRow()

  private let file: InputFile

  /// Bytes that were fetched: those from `next` on are not read yet, and the file goes on at `position`.
  private var chunk: [UInt8] = []
  private var next = 0
  private var position = 0

  /// The line of the next byte, counted from 1.
  private var line = 1

  /// Creates an instance at the start of `file`.
  init(_ file: InputFile) throws(DataError) {
    self.file = file
    if try file.bytes(at: 0, count: 3) == [0xef, 0xbb, 0xbf] { position = 3 }
  }

  /// Reads the next row into `row`; returns `false` iff there is none.
  ///
  /// - Throws: if the file cannot be read, a quote is not closed, something stands behind a quoted cell, or the row is longer
  ///   than the limits.
  mutating func nextRow() throws(DataError) -> Bool {
    row.start(line: line)
    guard try peek() != nil else { return false }
    var place = Place.start
    while let byte = try peek() {
      next += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      if place == .quoted { place = try quoted(byte) } else if try unquoted(byte, &place) { return true }
      if row.bytes.count > Self.rowLimit || row.count > Self.cellLimit { throw tooLong() }
    }
    if place == .quoted {
      throw malformed("row from line \(row.line)", "a quote that ends the cell", "the end of the file")
    }
    row.endCell(isTrimmed: place == .plain)
    return true
  }

  /// Reads `byte` inside of quotes.
  private mutating func quoted(_ byte: UInt8) throws(DataError) -> Place {
    if byte != UInt8(ascii: "\"") {
      row.append(byte)
      return .quoted
    }
    guard try peek() == UInt8(ascii: "\"") else { return .behindQuote }
    next += 1
    row.append(byte)
    return .quoted
  }

  /// Reads `byte` outside of quotes; returns `true` iff it ends the row.
  private mutating func unquoted(_ byte: UInt8, _ place: inout Place) throws(DataError) -> Bool {
    if byte == UInt8(ascii: "\r"), try peek() == UInt8(ascii: "\n") { return false }
    if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") {
      row.endCell(isTrimmed: place == .plain)
      place = .start
      return byte == UInt8(ascii: "\n")
    }
    let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    if isBlank, place != .plain { return false }
    if place == .behindQuote {
      throw malformed("line \(line), cell \(row.count + 1)", "a comma behind the quoted cell", CSVRow.shown([byte]))
    }
    if place == .start, byte == UInt8(ascii: "\"") {
      place = .quoted
    } else {
      place = .plain
      row.append(byte)
    }
    return false
  }

  /// Returns the next byte, or `nil` at the end of the file.
  private mutating func peek() throws(DataError) -> UInt8? {
    if next < chunk.count { return chunk[next] }
    chunk = try file.bytes(at: position, count: 1 << 18)
    position += chunk.count
    next = 0
    return chunk.first
  }

  private func tooLong() -> DataError {
    let limits = "at most \(Self.rowLimit) bytes and \(Self.cellLimit) cells"
    return malformed("row from line \(row.line)", limits, "more")
  }

  /// Returns an error about the bytes of the file.
  func malformed(_ part: String, _ expected: String, _ found: String) -> DataError {
    .init(file.path, .malformed(part: part, expected: expected, found: found))
  }

}
