import Runtime
import Testing

@Suite struct FileDescriptionTests {

  let folder = TemporaryFolder()

  @Test func `lists what is in each kind of file`() throws {
    let idx = Bytes.idx(8, [2, 28, 28], .init(repeating: 0, count: 1568))
    for bytes in [idx, Bytes.deflated(idx, gzip: true)] {
      #expect(try FileDescription.describe(path: folder.write(bytes)) == ["IDX array", "  u8[2,28,28]  1.5 KiB"])
    }
    let npy = folder.write(Bytes.npy("<f4", "(3,)", Bytes.floats([1, 2, 3])))
    #expect(try FileDescription.describe(path: npy) == ["NumPy array", "  f32[3]  12 B"])
    let npz = folder.write(Bytes.zip(NPZReaderTests.entries(isDeflated: true)))
    #expect(
      try FileDescription.describe(path: npz) == [
        "NumPy archive, 2 arrays", "  a  u8[2]          2 B", "  b  f32[1000]  3.9 KiB",
      ])
  }

  @Test func `lists safetensors in the order of storage`() throws {
    let json = """
      {"__metadata__":{"format":"pt"},"late":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]},
       "early":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}
      """
    let path = folder.write(Bytes.safetensors(json, .init(repeating: 0, count: 12)))
    #expect(
      try FileDescription.describe(path: path) == [
        "safetensors, 2 tensors", "  format  pt", "  early  F8_E4M3[4]  4 B", "  late   f32[2,1]    8 B",
      ])
  }

  @Test(arguments: [
    (
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
      "tensor 'a': expected 8 B for f32[2], found 4 B"
    ),
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "tensor 'a': expected two offsets in order"),
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", "truncated: tensor 'a' takes 12 bytes"),
    ("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "tensor 'a': expected at most 8 axes"),
    ("{\"a\":1}", "header: expected JSON"), ("{\"a\"", "header: expected JSON"), ("{[[[[", "header: expected JSON"),
  ])
  func `a damaged header is named`(_ json: String, _ message: String) {
    let path = folder.write(Bytes.safetensors(json, .init(repeating: 0, count: 8)))
    let e = failure { () throws(DataError) in try FileDescription.describe(path: path) }
    #expect(e?.description.contains(message) == true, "\(e?.description ?? "")")
    #expect(e?.exitCode == 2)
  }

  @Test func `a deep header does not overflow the stack`() {
    let json = "{\"a\":" + String(repeating: "[", count: 100_000)
    let e = failure { () throws(DataError) in
      try FileDescription.describe(path: folder.write(Bytes.safetensors(json, [])))
    }
    #expect(e?.exitCode == 2)
  }

  @Test func `a header longer than the file, an unknown file and an empty one are errors`() {
    var long = Bytes.safetensors("{}", [])
    long[0] = 200
    for bytes in [long, Array("hello, world".utf8), []] {
      let e = failure { () throws(DataError) in try FileDescription.describe(path: folder.write(bytes)) }
      #expect(e?.exitCode == 2)
    }
  }

}
