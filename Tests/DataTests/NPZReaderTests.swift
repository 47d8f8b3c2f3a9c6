import Operations
import Runtime
import Testing

@Suite struct NPZReaderTests {

  let folder = TemporaryFolder()

  /// Two arrays, `a = [1, 2]` and `b = zeros(1000)`.
  static func entries(isDeflated: Bool = false) -> [Bytes.Entry] {
    [
      .init(name: "a.npy", content: Bytes.npy("|u1", "(2,)", [1, 2]), isDeflated: isDeflated),
      .init(
        name: "b.npy", content: Bytes.npy("<f4", "(1000,)", .init(repeating: 0, count: 4000)), isDeflated: isDeflated),
    ]
  }

  @Test(arguments: [false, true]) func `reads stored and deflated arrays by name`(_ isDeflated: Bool) throws {
    let path = folder.write(Bytes.zip(Self.entries(isDeflated: isDeflated), comment: "PK\u{5}\u{6} a comment"))
    let (a, b) = (try NPZReader.read(path, field: "a"), try NPZReader.read(path, field: "b"))
    #expect(a.bytes == [1, 2])
    #expect(a.origin == "\(path)[a]")
    #expect(b.type == .init(.f32, [1000]))
  }

  @Test func `a field that is not there is answered with those that are`() {
    let path = folder.write(Bytes.zip(Self.entries()))
    let e = failure { () throws(DataError) in try NPZReader.read(path, field: "images") }
    #expect(e?.description == "\(path): has no array 'images'; it has 'a', 'b'")
    #expect(e?.exitCode == 1)
  }

  @Test(arguments: [false, true]) func `a wrong checksum is found`(_ isDeflated: Bool) {
    var entry = Self.entries(isDeflated: isDeflated)[0]
    entry.checksum = 0x1234
    let e = failure { () throws(DataError) in try NPZReader.read(folder.write(Bytes.zip([entry])), field: "a") }
    #expect(e?.description.contains("checksum: expected 1234, found ") == true)
    #expect(e?.exitCode == 2)
  }

  @Test func `no more is inflated than announced`() {
    // The array takes 4,000 bytes and its header; the table announces 200 in all.
    var entry = Self.entries(isDeflated: true)[1]
    entry.size = 200
    let small = failure { () throws(DataError) in try NPZReader.read(folder.write(Bytes.zip([entry])), field: "b") }
    guard case .truncated("the elements of f32[1000]", 4000, _) = small?.problem else {
      Issue.record("\(String(describing: small))")
      return
    }
    entry.size = 1_000_000
    let large = failure { () throws(DataError) in try NPZReader.read(folder.write(Bytes.zip([entry])), field: "b") }
    #expect(large?.description.contains("more bytes, as announced, found the end of the data") == true)
  }

  @Test func `kinds of archives that are not read are named`() {
    let entry = Self.entries()[0]
    var (encrypted, packed, long) = (entry, entry, entry)
    encrypted.flags = 1
    packed.method = 14
    long.size = .max
    for (bytes, feature) in [
      (Bytes.zip([encrypted]), "an encrypted entry"), (Bytes.zip([packed]), "compression method 14"),
      (Bytes.zip([long]), "a 64-bit (zip64) entry"), (Bytes.zip([entry], count: .max), "a 64-bit (zip64) archive"),
    ] {
      let e = failure { () throws(DataError) in try NPZReader.read(folder.write(bytes), field: "a") }
      #expect(e?.description.contains("\(feature) is not supported") == true, "\(e?.description ?? "")")
      #expect(e?.exitCode == 1)
    }
  }

  @Test func `a table that does not match is damage`() {
    let entry = Self.entries()[0]
    for bytes in [
      Bytes.zip([entry, entry]), Bytes.zip([entry], count: 2), Bytes.zip([entry], count: 0),
      Array(Bytes.zip([entry]).dropFirst(3)), [0x50, 0x4b], [],
    ] {
      let e = failure { () throws(DataError) in try NPZReader.read(folder.write(bytes), field: "a") }
      #expect(e?.category == .file, "\(e?.description ?? "")")
    }
  }

  @Test(arguments: [false, true]) func `an archive cut anywhere is an error`(_ isDeflated: Bool) {
    let bytes = Bytes.zip([Self.entries(isDeflated: isDeflated)[0]])
    for n in 0..<bytes.count {
      let e = failure { () throws(DataError) in try NPZReader.read(folder.write(Array(bytes[..<n])), field: "a") }
      #expect(e?.category == .file, "\(n) bytes: \(e?.description ?? "")")
    }
  }

}
