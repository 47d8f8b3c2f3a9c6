import Operations
import Runtime
import Testing

@Suite struct IDXReaderTests {

  let folder = TemporaryFolder()

  struct Case: Sendable {
    var code: UInt8
    var body: [UInt8]
    var type: TensorType
    var bytes: [UInt8]
  }

  static let cases: [Case] = [
    .init(code: 0x08, body: [1, 255], type: .init(.u8, [2]), bytes: [1, 255]),
    .init(
      code: 0x0b, body: [0xff, 0xfe, 0x01, 0x02], type: .init(.i32, [2]), bytes: Bytes.little(Int32(-2), 0x0102)),
    .init(
      code: 0x0c, body: [0, 0, 0, 7, 0xff, 0xff, 0xff, 0xff], type: .init(.i32, [2]), bytes: Bytes.little(Int32(7), -1)),
    .init(code: 0x0d, body: [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0], type: .init(.f32, [2]), bytes: Bytes.floats([1, -2])),
    .init(
      code: 0x0e, body: [0x3f, 0xf0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0], type: .init(.f64, [2]),
      bytes: Bytes.little((1.0).bitPattern, 0)),
  ]

  @Test(arguments: cases) func `reads each element type as little-endian`(_ c: Case) throws {
    let array = try IDXReader.read(folder.write(Bytes.idx(c.code, [2], c.body)))
    #expect(array.type == c.type)
    #expect(array.bytes == c.bytes)
  }

  @Test func `reads plain, compressed and multi-member files alike`() throws {
    let body = (0..<24).map { UInt8($0) }
    let plain = Bytes.idx(8, [2, 3, 4], body)
    let two = Bytes.deflated(Array(plain[..<10]), gzip: true) + Bytes.deflated(Array(plain[10...]), gzip: true)
    for bytes in [plain, Bytes.deflated(plain, gzip: true), two, two + Bytes.deflated([], gzip: true)] {
      let array = try IDXReader.read(folder.write(bytes))
      #expect(array.extents == [2, 3, 4])
      #expect(array.bytes == body)
    }
  }

  @Test func `reads a compressed file larger than a chunk`() throws {
    // 200,000 bytes of noise do not compress, so the reader fetches four chunks of 65,536.
    var state: UInt32 = 1
    let body = (0..<200_000).map { (_) in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    let array = try IDXReader.read(folder.write(Bytes.deflated(Bytes.idx(8, [200, 1000], body), gzip: true)))
    #expect(array.bytes == body)
  }

  @Test func `an empty array is read`() throws {
    #expect(try IDXReader.read(folder.write(Bytes.idx(0x0b, [0, 5], []))).type == .init(.i32, [0, 5]))
  }

  @Test func `a missing file, a folder and a pipe are unreadable`() {
    let missing = failure { () throws(DataError) in try IDXReader.read("/nowhere/images") }
    #expect(missing?.description == "/nowhere/images: cannot be read: No such file or directory")
    #expect(missing?.exitCode == 2)
    let folderError = failure { () throws(DataError) in try IDXReader.read(folder.path) }
    #expect(folderError?.problem == .unreadable(reason: "it is not a regular file"))
    let device = failure { () throws(DataError) in try IDXReader.read("/dev/zero") }
    #expect(device?.problem == .unreadable(reason: "it is not a regular file"))
    let zero = failure { () throws(DataError) in try IDXReader.read("/etc/passwd\0.idx") }
    #expect(zero?.exitCode == 2)
  }

  @Test func `signed bytes are refused by name`() {
    let e = failure { () throws(DataError) in try IDXReader.read(folder.write(Bytes.idx(9, [1], [0]))) }
    #expect(e?.exitCode == 1)
    #expect(e?.description.contains("the element type i8 (code 0x09) is not supported") == true)
  }

  @Test(arguments: [
    (Bytes.idx(7, [1], [0]), "element type: expected one of 0x08, 0x0b, 0x0c, 0x0d, 0x0e, found 0x7"),
    ([1, 0, 8, 1, 0, 0, 0, 1, 0], "magic number: expected 0, 0, type, rank, found [1, 0, 8, 1]"),
    (Bytes.idx(8, [], [0]), "number of axes: expected 1 to 8, found 0"),
    ([0, 0, 8, 9] + [UInt8](repeating: 0, count: 36), "number of axes: expected 1 to 8, found 9"),
    (Bytes.idx(8, [1], [0, 0]), "length: expected the end of the data, found more bytes than announced"),
    (Bytes.idx(8, [.max, .max], [0]), "shape: expected at most 8 axes and 281474976710656 bytes"),
    (Bytes.deflated(Bytes.idx(8, [1], [0]), gzip: true) + [0], "found bytes after the compressed data"),
    (Bytes.deflated(Bytes.idx(8, [1], [0, 0]), gzip: true), "found more bytes than announced"),
  ])
  func `damage is named`(_ bytes: [UInt8], _ message: String) {
    let e = failure { () throws(DataError) in try IDXReader.read(folder.write(bytes)) }
    #expect(e?.description.contains(message) == true, "\(e?.description ?? "")")
    #expect(e?.exitCode == 2)
  }

  @Test func `a header that announces more than there is costs no memory`() {
    // 2^32 - 1 bytes announced, 1 there; compressed, no more than 1,032 bytes can come out of each byte.
    let lying = Bytes.idx(8, [.max], [0])
    let plain = failure { () throws(DataError) in try IDXReader.read(folder.write(lying)) }
    #expect(
      plain?.problem == .truncated(part: "the elements of u8[4294967295]", expected: 4_294_967_295, found: 1))
    let compressed = failure { () throws(DataError) in
      try IDXReader.read(folder.write(Bytes.deflated(lying, gzip: true)))
    }
    guard case .truncated(_, 4_294_967_295, let found) = compressed?.problem else {
      Issue.record("\(String(describing: compressed))")
      return
    }
    #expect(found < 200_000)
  }

  @Test(arguments: [false, true]) func `a file cut anywhere is truncated`(_ gzip: Bool) {
    let plain = Bytes.idx(0x0c, [2, 2], [UInt8](1...16))
    let bytes = gzip ? Bytes.deflated(plain, gzip: true) : plain
    for n in 0..<bytes.count {
      let e = failure { () throws(DataError) in try IDXReader.read(folder.write(Array(bytes[..<n]))) }
      #expect(e?.category == .file, "\(n) bytes: \(e?.description ?? "")")
    }
  }

  @Test func `a damaged checksum is found`() {
    var bytes = Bytes.deflated(Bytes.idx(8, [4], [1, 2, 3, 4]), gzip: true)
    bytes[bytes.count - 8] ^= 1
    let e = failure { () throws(DataError) in try IDXReader.read(folder.write(bytes)) }
    #expect(e?.description.contains("compressed data: expected a sound deflate stream, found damage") == true)
  }

}
