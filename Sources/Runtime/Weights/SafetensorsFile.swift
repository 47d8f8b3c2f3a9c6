import Operations

/// A file of named tensors in the safetensors format, open for reading.
package struct SafetensorsFile {

  package let path: String

  let header: SafetensorsHeader

  private let file: InputFile

  /// The position of each tensor in the header, by name.
  private let indices: [String: Int]

  /// The bytes that are converted at a time.
  private static let chunkSize = 1 << 20

  /// Opens the file at `path` and reads its header.
  ///
  /// - Throws: if it cannot be read or its header is damaged.
  package init(_ path: String) throws(StateFileError) {
    if !SearchPath.exists(path) { throw .init(path, .unreadable("cannot be read: \(FileError(last: path).reason)")) }
    do throws(DataError) {
      file = try InputFile(path)
      header = try SafetensorsHeader(of: file)
    } catch { throw .init(path, .unreadable(error.problem.description)) }
    self.path = path
    indices = .init(uniqueKeysWithValues: header.entries.enumerated().map { ($1.name, $0) })
  }

  /// The names of all tensors, in the order in which they are stored.
  package var names: [String] { header.entries.map(\.name) }

  /// The value of `key` in the writer's remarks.
  func metadata(_ key: String) -> String? { header.metadata.first { $0.key == key }?.value }

  /// Returns the tensor called `name`, or `nil` if there is none.
  func entry(_ name: String) -> SafetensorsHeader.Entry? { indices[name].map { header.entries[$0] } }

  /// Returns the bytes of `entry`.
  func bytes(of entry: SafetensorsHeader.Entry) throws(StateFileError) -> [UInt8] {
    try bytes(at: entry.range.lowerBound, count: entry.range.count)
  }

  /// The bytes of the header as they stand in the file.
  func headerBytes() throws(StateFileError) -> [UInt8] { try bytes(at: -header.byteCount, count: header.byteCount) }

  /// Returns the `count` bytes at `offset`, counted from the end of the header.
  private func bytes(at offset: Int, count: Int) throws(StateFileError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(DataError) { bytes = try file.bytes(at: header.byteCount + offset, count: count) } catch {
      throw .init(path, .unreadable(error.problem.description))
    }
    if bytes.count < count { throw .init(path, .unreadable("the file got shorter while it was read")) }
    return bytes
  }

  /// Fills `buffer` with the elements of `entry`; f16, bf16 and f64 become the nearest f32.
  ///
  /// - Throws: if the elements are of another kind, the extents differ, or the bytes cannot be read.
  func read(_ entry: SafetensorsHeader.Entry, into buffer: Buffer) throws(StateFileError) {
    guard entry.extents == buffer.type.extents else {
      throw .init(path, .wrongTypes([.init(entry.name, found: entry.typeDescription, expected: buffer.type)]))
    }
    guard let element = entry.type?.element, Self.converts(element, to: buffer.type.element) else {
      throw .init(path, .wrongTypes([.init(entry.name, found: entry.typeDescription, expected: buffer.type)]))
    }
    var (offset, position) = (entry.range.lowerBound, 0)
    while offset < entry.range.upperBound {
      let count = min(Self.chunkSize, entry.range.upperBound - offset)
      let chunk = try bytes(at: offset, count: count)
      if element == buffer.type.element {
        UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[position...]).copyBytes(from: chunk)
        position += count
      } else {
        position += Self.convert(chunk, element, into: buffer.floats, at: position)
      }
      offset += count
    }
  }

  /// `true` iff elements of `source` can be read where `target` is wanted.
  static func converts(_ source: ElementType, to target: ElementType) -> Bool {
    source == target || target == .f32 && [.f64, .f16, .bf16].contains(source)
  }

  /// Writes the elements in `bytes` to `target` from `position` on, and returns their number.
  private static func convert(
    _ bytes: [UInt8], _ element: ElementType, into target: UnsafeMutableBufferPointer<Float>, at position: Int
  ) -> Int {
    let width = element.size
    bytes.withUnsafeBytes { (b) in
      for i in 0..<(bytes.count / width) {
        target[position + i] = float(b, at: i * width, element)
      }
    }
    return bytes.count / width
  }

  private static func float(_ bytes: UnsafeRawBufferPointer, at offset: Int, _ element: ElementType) -> Float {
    switch element {
    case .f64:
      Float(Double(bitPattern: .init(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))))
    case .f16:
      Float(Float16(bitPattern: .init(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))))
    case .bf16:
      Float(
        bitPattern: UInt32(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))) << 16)
    case .f32, .i64, .i32, .u16, .u8, .bool: .nan
    }
  }

}
