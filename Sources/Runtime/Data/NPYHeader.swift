import Operations

/// What stands before the elements of a NumPy file: a dictionary with the keys `descr`, `fortran_order` and `shape`.
struct NPYHeader {

  let format: StoredFormat

  let extents: [Int]

  /// The longest dictionary that is read, in bytes; that of eight axes takes about two hundred.
  private static let lengthLimit = 1 << 16

  /// Reads the header from `stream`.
  ///
  /// - Throws: if it is damaged, or the array is in Fortran order or of elements that are not read.
  /// - Source: NumPy, "NPY format", versions 1.0, 2.0 and 3.0.
  init(from stream: inout ByteStream) throws(DataError) {
    let start = try stream.read(8, "the magic number")
    guard start.starts(with: Self.magic) else { throw stream.malformed("magic number", "\\x93NUMPY", "\(start)") }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw stream.malformed("version", "1.0, 2.0 or 3.0", "\(start[6]).\(start[7])")
    }
    let size = try stream.read(start[6] == 1 ? 2 : 4, "the header's length")
    let length = size.reversed().reduce(0) { ($0 << 8) | Int($1) }
    guard length <= Self.lengthLimit else {
      throw stream.malformed("header's length", "at most \(Self.lengthLimit)", "\(length)")
    }
    let text = try stream.read(length, "the header")
    guard let fields = NPYDictionary(text) else {
      let found = String(decoding: text.prefix(80), as: UTF8.self).filter { $0 >= " " }
      throw stream.malformed("header", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", found)
    }
    if fields.isFortranOrder {
      let advice = "save numpy.ascontiguousarray(array) instead"
      throw .init(stream.origin, .unsupported(feature: "Fortran order", advice: advice))
    }
    format = try Self.format(fields.descriptor, stream.origin)
    extents = fields.shape
  }

  /// The first bytes of a NumPy file.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Returns the format that `descriptor` names: byte order, kind, and width in bytes.
  private static func format(_ descriptor: String, _ origin: String) throws(DataError) -> StoredFormat {
    if let number = numbers[String(descriptor.dropFirst())], let order = descriptor.first {
      switch order {
      case "<", "=", "|": return .init(number: number, isBigEndian: false)
      case ">": return .init(number: number, isBigEndian: true)
      case _: break
      }
    }
    let advice = "save the array as float32, int32, int64, uint8 or bool with array.astype(…)"
    throw .init(origin, .unsupported(feature: "the NumPy element type '\(descriptor)'", advice: advice))
  }

  private static let numbers: [String: StoredFormat.Number] = [
    "b1": .bool, "u1": .u8, "u2": .u16, "i2": .i16, "i4": .i32, "i8": .i64, "f2": .f16, "f4": .f32, "f8": .f64,
  ]

}
