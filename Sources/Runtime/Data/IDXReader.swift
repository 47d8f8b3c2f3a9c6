import Operations

/// Reads the files of MNIST and its kin: a magic number, big-endian extents, big-endian elements.
///
/// The first two bytes are zero, the third names the element type, the fourth counts the axes. A file that begins as a
/// gzip file does is inflated on the way.
///
/// - Source: Y. LeCun, C. Cortes, "The MNIST database", the section on the IDX file format.
package enum IDXReader {

  /// Returns the array in the file at `path`.
  ///
  /// - Throws: if the file cannot be read, is damaged, longer or shorter than it says, or has 8-bit signed elements.
  package static func read(_ path: String) throws(DataError) -> DataArray {
    var stream = try open(InputFile(path))
    let header = try Header(from: &stream)
    let array = try header.format.read(header.extents, from: &stream)
    try stream.finish()
    return array
  }

  /// Returns the type of the array in `file`, reading no more than the header.
  static func type(of file: InputFile) throws(DataError) -> TensorType {
    var stream = try open(file)
    let header = try Header(from: &stream)
    return try header.format.checked(header.extents, file.path)
  }

  private static func open(_ file: InputFile) throws(DataError) -> ByteStream {
    let isCompressed = try file.bytes(at: 0, count: 2) == [0x1f, 0x8b]
    return .init(file, isCompressed ? .gzip : .plain, count: file.size, origin: file.path)
  }

  /// What stands before the elements.
  private struct Header {

    let format: StoredFormat

    let extents: [Int]

    init(from stream: inout ByteStream) throws(DataError) {
      let magic = try stream.read(4, "the magic number")
      guard magic[0] == 0, magic[1] == 0 else {
        throw stream.malformed("magic number", "0, 0, type, rank", "\(magic)")
      }
      let rank = Int(magic[3])
      guard (1...TensorType.rankLimit).contains(rank) else {
        throw stream.malformed("number of axes", "1 to \(TensorType.rankLimit)", "\(rank)")
      }
      format = .init(number: try Self.number(magic[2], stream), isBigEndian: true)
      let bytes = try stream.read(4 * rank, "the extents")
      extents = (0..<rank).map { (i) in bytes[(4 * i)..<(4 * i + 4)].reduce(0) { ($0 << 8) | Int($1) } }
    }

    private static func number(
      _ code: UInt8, _ stream: borrowing ByteStream
    ) throws(DataError) -> StoredFormat.Number {
      switch code {
      case 0x08: return .u8
      case 0x0b: return .i16
      case 0x0c: return .i32
      case 0x0d: return .f32
      case 0x0e: return .f64
      case 0x09:
        let advice = "write the array as unsigned 8-bit or 32-bit integers"
        throw .init(stream.origin, .unsupported(feature: "the element type i8 (code 0x09)", advice: advice))
      case _:
        throw stream.malformed("element type", "one of 0x08, 0x0b, 0x0c, 0x0d, 0x0e", "0x\(String(code, radix: 16))")
      }
    }

  }

}
