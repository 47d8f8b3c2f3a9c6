/// The table of contents of a zip archive.
///
/// Only what NumPy writes is read: one disk, no encryption, entries stored or deflated, no 64-bit sizes. The central
/// directory alone is believed; of an entry's own header only the length is used.
///
/// - Source: PKWARE, "APPNOTE.TXT", version 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
struct ZIPArchive {

  /// A file in the archive.
  struct Entry {

    let name: String

    let isDeflated: Bool

    /// The CRC-32 of the inflated bytes.
    let checksum: UInt

    let compressedSize: Int

    let size: Int

    /// The offset of its own header.
    let offset: Int

  }

  let file: InputFile

  let entries: [Entry]

  /// Reads the table of contents of `file`.
  ///
  /// - Throws: if it is damaged, or the archive is of a kind that is not read.
  /// - Complexity: O(*n*) in the size of the table, which is at most that of the file.
  init(_ file: InputFile) throws(DataError) {
    let end = try EndRecord(of: file)
    let table = try file.bytes(at: end.tableOffset, count: end.tableSize)
    var cursor = ByteCursor(table)
    var entries: [Entry] = []
    for i in 0..<end.entryCount { entries.append(try Self.entry(i, &cursor, file)) }
    if !cursor.isAtEnd {
      let found = "\(cursor.remaining) bytes after the last"
      throw .init(file.path, .malformed(part: "table of contents", expected: "\(end.entryCount) entries", found: found))
    }
    self.file = file
    self.entries = entries
  }

  /// Returns the bytes of `entry`, which messages call `origin`.
  ///
  /// - Throws: if its header is damaged, or it does not lie in the file.
  func open(_ entry: Entry, origin: String) throws(DataError) -> ByteStream {
    var cursor = ByteCursor(try file.bytes(at: entry.offset, count: 30))
    guard cursor.u32() == 0x0403_4b50, cursor.skip(22), let name = cursor.u16(), let extra = cursor.u16() else {
      let found = "something else at byte \(entry.offset)"
      throw .init(origin, .malformed(part: "entry", expected: "its header, PK\\3\\4", found: found))
    }
    let start = entry.offset + 30 + Int(name) + Int(extra)
    let available = max(0, file.size - start)
    guard entry.compressedSize <= available else {
      throw .init(origin, .truncated(part: "the entry", expected: entry.compressedSize, found: available))
    }
    let encoding: ByteStream.Encoding = entry.isDeflated ? .deflate : .plain
    return .init(
      file, encoding, offset: start, count: entry.compressedSize, announced: entry.size, origin: origin)
  }

  /// Parses entry number `i` of the table of contents.
  private static func entry(_ i: Int, _ cursor: inout ByteCursor, _ file: InputFile) throws(DataError) -> Entry {
    guard cursor.u32() == 0x0201_4b50, cursor.skip(4), let flags = cursor.u16(), let method = cursor.u16(),
      cursor.skip(4), let checksum = cursor.u32(), let compressed = cursor.u32(), let size = cursor.u32(),
      let nameLength = cursor.u16(), let extra = cursor.u16(), let comment = cursor.u16(), cursor.skip(8),
      let offset = cursor.u32(), let name = cursor.bytes(Int(nameLength)), cursor.skip(Int(extra) + Int(comment))
    else {
      throw .init(
        file.path, .malformed(part: "table of contents", expected: "entry \(i), PK\\1\\2", found: "something else"))
    }
    if [compressed, size, offset].contains(.max) { throw unsupported(file, "a 64-bit (zip64) entry") }
    if flags & 1 != 0 { throw unsupported(file, "an encrypted entry") }
    if method != 0 && method != 8 { throw unsupported(file, "compression method \(method)") }
    return .init(
      name: String(decoding: name, as: UTF8.self), isDeflated: method == 8, checksum: UInt(checksum),
      compressedSize: Int(compressed), size: Int(size), offset: Int(offset))
  }

  /// Returns an error about a kind of archive that is not read.
  fileprivate static func unsupported(_ file: InputFile, _ feature: String) -> DataError {
    let advice = "write it with numpy.savez or numpy.savez_compressed, arrays under 4 GiB, or one .npy file for each"
    return .init(file.path, .unsupported(feature: feature, advice: advice))
  }

}

/// The record at the end of a zip archive, which says where the table of contents is.
private struct EndRecord {

  let entryCount: Int

  let tableSize: Int

  let tableOffset: Int

  /// The size of the record without the comment that may follow it.
  private static let size = 22

  init(of file: InputFile) throws(DataError) {
    let start = max(0, file.size - Self.size - 0xffff)
    let tail = try file.bytes(at: start, count: file.size - start)
    guard let at = Self.find(in: tail) else {
      throw .init(
        file.path, .malformed(part: "end of the archive", expected: "its record, PK\\5\\6", found: "something else"))
    }
    var cursor = ByteCursor(Array(tail[at...]))
    guard cursor.skip(4), let disk = cursor.u16(), let tableDisk = cursor.u16(), let here = cursor.u16(),
      let count = cursor.u16(), let size = cursor.u32(), let offset = cursor.u32()
    else { throw .init(file.path, .truncated(part: "the end record", expected: Self.size, found: tail.count - at)) }
    if count == .max || size == .max || offset == .max {
      throw ZIPArchive.unsupported(file, "a 64-bit (zip64) archive")
    }
    if disk != 0 || tableDisk != 0 || here != count {
      throw ZIPArchive.unsupported(file, "an archive in several parts")
    }
    guard Int(offset) + Int(size) <= start + at else {
      let found = "\(size) bytes at \(offset)"
      throw .init(
        file.path, .malformed(part: "table of contents", expected: "one within the \(file.size) bytes", found: found))
    }
    (entryCount, tableSize, tableOffset) = (Int(count), Int(size), Int(offset))
  }

  /// Returns the place of the last record whose comment ends with the file.
  private static func find(in tail: [UInt8]) -> Int? {
    var i = tail.count - size
    while i >= 0 {
      guard tail[i] == 0x50, tail[i...].starts(with: [0x50, 0x4b, 5, 6]) else {
        i -= 1
        continue
      }
      let length = Int(tail[i + 20]) | Int(tail[i + 21]) << 8
      if i + size + length == tail.count { return i }
      i -= 1
    }
    return nil
  }

}
