import CZlib
import Glibc
import Runtime
import Testing

/// A folder that is removed with the last reference to it.
final class TemporaryFolder {

  let path: String

  private var files: Set<String> = []

  init() {
    var template = Array("/tmp/cgad-data-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { (b) in String(cString: mkdtemp(b.baseAddress!)) }
  }

  deinit {
    for f in files { unlink(f) }
    rmdir(path)
  }

  /// Writes `bytes` to a file called `name` and returns its path.
  func write(_ bytes: [UInt8], as name: String = "data") -> String {
    let file = "\(path)/\(name)"
    files.insert(file)
    let descriptor = open(file, O_CREAT | O_TRUNC | O_WRONLY, 0o600)
    var done = 0
    while done < bytes.count {
      let n = bytes.withUnsafeBytes { (b) in Glibc.write(descriptor, b.baseAddress! + done, b.count - done) }
      precondition(n > 0, "cannot write \(file)")
      done += n
    }
    close(descriptor)
    return file
  }

}

/// Bytes of the formats under test, made without the code under test.
enum Bytes {

  static func little<T: FixedWidthInteger>(_ values: T...) -> [UInt8] { values.flatMap { little($0) } }

  static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  static func big<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

  static func floats(_ values: [Float]) -> [UInt8] { values.flatMap { little($0.bitPattern) } }

  static func idx(_ code: UInt8, _ extents: [UInt32], _ body: [UInt8]) -> [UInt8] {
    [0, 0, code, UInt8(extents.count)] + extents.flatMap { big($0) } + body
  }

  static func npy(
    _ descriptor: String, _ shape: String, _ body: [UInt8], order: String = "False", version: UInt8 = 1
  ) -> [UInt8] {
    npy(
      header: "{'descr': '\(descriptor)', 'fortran_order': \(order), 'shape': \(shape), }   \n", body, version: version)
  }

  static func npy(header: String, _ body: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let length = version == 1 ? little(UInt16(header.utf8.count)) : little(UInt32(header.utf8.count))
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + body
  }

  /// Returns `bytes` compressed: as a gzip member, or bare as in a zip archive.
  static func deflated(_ bytes: [UInt8], gzip: Bool) -> [UInt8] {
    var stream = z_stream()
    let bits = gzip ? MAX_WBITS + 16 : -MAX_WBITS
    deflateInit2_(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    var (input, output) = (bytes, [UInt8](repeating: 0, count: bytes.count + 1000))
    let size = input.withUnsafeMutableBufferPointer { (i) in
      output.withUnsafeMutableBufferPointer { (o) in
        (stream.next_in, stream.avail_in) = (i.baseAddress, UInt32(i.count))
        (stream.next_out, stream.avail_out) = (o.baseAddress, UInt32(o.count))
        precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return o.count - Int(stream.avail_out)
      }
    }
    deflateEnd(&stream)
    return Array(output[..<size])
  }

  /// A file for an archive, with the fields that tests falsify.
  struct Entry {

    var name: String

    var content: [UInt8]

    var isDeflated = false

    var flags: UInt16 = 0

    var method: UInt16?

    var checksum: UInt32?

    var size: UInt32?

  }

  static func zip(_ entries: [Entry], comment: String = "", count: UInt16? = nil) -> [UInt8] {
    var (body, table): ([UInt8], [UInt8]) = ([], [])
    for e in entries {
      let offset = UInt32(body.count)
      let data = e.isDeflated ? deflated(e.content, gzip: false) : e.content
      let checksum = e.checksum ?? UInt32(crc32(0, e.content, UInt32(e.content.count)))
      let method = e.method ?? (e.isDeflated ? 8 : 0)
      // As NumPy does, the entry's own header says its sizes in a 64-bit field, which the table does not.
      let extra = little(UInt16(1), 16) + little(UInt64(e.content.count), UInt64(data.count))
      let name = Array(e.name.utf8)
      body += little(UInt32(0x0403_4b50)) + little(UInt16(20), e.flags, method, 0, 0)
      body += little(checksum, .max, .max) + little(UInt16(name.count), UInt16(extra.count)) + name + extra + data
      table += little(UInt32(0x0201_4b50)) + little(UInt16(20), 20, e.flags, method, 0, 0)
      table += little(checksum, UInt32(data.count), e.size ?? UInt32(e.content.count))
      table += little(UInt16(name.count), 0, 0, 0, 0) + little(UInt32(0), offset) + name
    }
    let n = count ?? UInt16(entries.count)
    return body + table + little(UInt32(0x0605_4b50)) + little(UInt16(0), 0, n, n)
      + little(UInt32(table.count), UInt32(body.count)) + little(UInt16(comment.utf8.count)) + Array(comment.utf8)
  }

  static func safetensors(_ json: String, _ body: [UInt8]) -> [UInt8] {
    little(UInt64(json.utf8.count)) + Array(json.utf8) + body
  }

}

/// Returns the error that `action` throws, or records that it throws none.
func failure<T>(
  _ action: () throws(DataError) -> T, sourceLocation: SourceLocation = #_sourceLocation
) -> DataError? {
  do throws(DataError) {
    _ = try action()
    Issue.record("no error", sourceLocation: sourceLocation)
    return nil
  } catch {
    return error
  }
}
