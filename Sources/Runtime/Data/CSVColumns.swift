import Operations

/// The numbers of some columns of a table, row by row.
struct CSVColumns {

  private let label: String

  /// The type of a batch of them.
  private let type: TensorType

  private let indices: [Int]

  private var bytes: [UInt8] = []

  private var rowCount = 0

  /// Creates an instance without rows.
  ///
  /// - Throws: if `table` lacks a column, the columns are not as many as an example has elements, or these are not read.
  init(_ component: CSVReader.Component, of table: CSVTable) throws(DataError) {
    label = component.label
    type = component.type
    guard type.element == .f32 || type.element == .i32 else {
      let feature = "the element type \(type.element.rawValue) of a table"
      throw .init(table.path, .unsupported(feature: feature, advice: "declare f32 or i32"))
    }
    let width = type.extents.dropFirst().reduce(1, *)
    let found = try table.indices(of: component.columns, limit: width + 1)
    guard let found, found.count == width else {
      let example = TensorType(type.element, Array(type.extents.dropFirst()))
      let columns = found.map { "\($0.count)" } ?? "more than \(width)"
      throw .init(
        "\(table.path)[\(label)]",
        .wrongShape(
          expected: "\(width) column\(width == 1 ? "" : "s") for \(example) in each example", found: columns,
          advice: "name as many columns as the declared type has elements"))
    }
    indices = found
  }

  /// Adds the numbers of `row`.
  ///
  /// - Requires: it has as many cells as `table` has columns.
  /// - Throws: if a cell is no number of the type.
  mutating func append(_ row: CSVRow, of table: CSVTable) throws(DataError) {
    rowCount += 1
    for i in indices {
      switch type.element {
      case .f32:
        guard let number = CSVNumber.float(row[i]) else { throw bad(row, i, "a finite number of f32", table) }
        Swift.withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      case .i32:
        guard let number = CSVNumber.integer(row[i]) else { throw bad(row, i, "a whole number of i32", table) }
        Swift.withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
      case .f64, .f16, .bf16, .i64, .u16, .u8, .bool: preconditionFailure("an element type that is not read")
      }
    }
  }

  private func bad(_ row: CSVRow, _ i: Int, _ expected: String, _ table: CSVTable) -> DataError {
    let name = table.hasHeader ? "'\(table.names[i])'" : label
    let found = CSVRow.shown(row[i])
    return .init(
      table.path, .badCell(line: row.line, column: i + 1, name: name, expected: expected, found: found))
  }

  /// Returns the numbers of all rows.
  ///
  /// - Throws: if they are more than a tensor may have.
  func array(of table: CSVTable) throws(DataError) -> DataArray {
    let extents = [rowCount] + type.extents.dropFirst()
    guard TensorType.isValid(type.element, extents) else {
      throw .init(table.path, .malformed(part: "table", expected: "fewer rows", found: "\(rowCount)"))
    }
    return .init(origin: "\(table.path)[\(label)]", type: .init(type.element, extents), bytes: bytes)
  }

}

/// Numbers as tables write them: decimal, with a point, and a power of ten behind `e`.
enum CSVNumber {

  /// The longest number that is read, in bytes.
  private static let lengthLimit = 256

  /// Returns the number nearest to `text`, or `nil` if it is none or its nearest is infinite.
  static func float(_ text: ArraySlice<UInt8>) -> Float? {
    // Words such as `nan` and hexadecimal numbers are no numbers here.
    guard text.count <= lengthLimit, text.allSatisfy(isPart) else { return nil }
    guard let number = Float(String(decoding: text, as: UTF8.self)), number.isFinite else { return nil }
    return number
  }

  /// Returns the whole number `text`, or `nil` if it is none of 32 bits.
  static func integer(_ text: ArraySlice<UInt8>) -> Int32? {
    text.count <= lengthLimit ? Int32(String(decoding: text, as: UTF8.self)) : nil
  }

  /// `true` iff `byte` may be part of a number.
  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    case _: false
    }
  }

}
