import Operations
import Runtime
import Testing

@Suite struct NPYReaderTests {

  let folder = TemporaryFolder()

  @Test(arguments: [
    ("<f4", ElementType.f32, 4), ("<f8", .f64, 8), ("<f2", .f16, 2), ("|u1", .u8, 1), ("<u2", .u16, 2),
    ("<i4", .i32, 4),
    ("<i8", .i64, 8), ("|b1", .bool, 1),
  ])
  func `reads each element type`(_ descriptor: String, _ element: ElementType, _ width: Int) throws {
    let body = [UInt8](repeating: 1, count: 6 * width)
    for version in [1, 2, 3] as [UInt8] {
      let array = try NPYReader.read(folder.write(Bytes.npy(descriptor, "(2, 3)", body, version: version)))
      #expect(array.type == .init(element, [2, 3]))
      #expect(array.bytes == body)
    }
  }

  @Test func `big-endian and 16-bit signed elements are converted`() throws {
    let big = try NPYReader.read(folder.write(Bytes.npy(">i4", "(1,)", [0, 0, 1, 2])))
    #expect(big.bytes == Bytes.little(Int32(0x0102)))
    let short = try NPYReader.read(folder.write(Bytes.npy("<i2", "(2,)", Bytes.little(Int16(-3), 4))))
    #expect(short.type == .init(.i32, [2]))
    #expect(short.bytes == Bytes.little(Int32(-3), 4))
  }

  @Test func `numbers that are not finite are passed on as they are`() throws {
    let body = Bytes.floats([.nan, .infinity, -.infinity, -0.0])
    #expect(try NPYReader.read(folder.write(Bytes.npy("<f4", "(4,)", body))).bytes == body)
  }

  @Test(
    arguments: [
      ("()", [], 1), ("(3,)", [3], 3), ("(3, )", [3], 3), ("(1,2,3)", [1, 2, 3], 6), ("(0, 7)", [0, 7], 0),
    ] as [(String, [Int], Int)])
  func `reads shapes`(_ text: String, _ extents: [Int], _ count: Int) throws {
    let array = try NPYReader.read(folder.write(Bytes.npy("|u1", text, .init(repeating: 9, count: count))))
    #expect(array.extents == extents)
  }

  @Test func `keys may come in any order and quotes be double`() throws {
    let header = "{\"shape\":(1,),\"fortran_order\":False,\"descr\":\"|u1\"}"
    #expect(try NPYReader.read(folder.write(Bytes.npy(header: header, [5]))).bytes == [5])
  }

  @Test(arguments: [
    "", "{}", "{'descr': '|u1', 'fortran_order': False}", "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)",
    "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1}",
    "{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}", "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (,)}", "{'descr': '|u1', 'fortran_order': False, 'shape': 1}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1,,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1 1)}",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1)}",
    "{'descr': '|u1' 'fortran_order': False, 'shape': (1,)}",
    "{,'descr': '|u1', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} x",
    "{'descr': '|u\\x31', 'fortran_order': False, 'shape': ()}",
  ])
  func `refuses a header of another form`(_ header: String) {
    let e = failure { () throws(DataError) in try NPYReader.read(folder.write(Bytes.npy(header: header, [0]))) }
    guard case .malformed("header", _, _) = e?.problem else {
      Issue.record("\(String(describing: e))")
      return
    }
  }

  @Test(arguments: ["|O", "<c8", "<U3", "|i1", "<u4", "<u8", "", "f4", "!f4"])
  func `names an element type that is not read`(_ descriptor: String) {
    let e = failure { () throws(DataError) in try NPYReader.read(folder.write(Bytes.npy(descriptor, "(0,)", []))) }
    #expect(e?.description.contains("the NumPy element type '\(descriptor)' is not supported") == true)
    #expect(e?.exitCode == 1)
  }

  @Test func `Fortran order is refused with what to do`() {
    let bytes = Bytes.npy("|u1", "(1, 1)", [0], order: "True")
    let e = failure { () throws(DataError) in try NPYReader.read(folder.write(bytes)) }
    #expect(
      e?.problem
        == .unsupported(feature: "Fortran order", advice: "save numpy.ascontiguousarray(array) instead"))
  }

  @Test func `a shape of 2^60 elements costs no memory`() {
    let e = failure { () throws(DataError) in
      try NPYReader.read(folder.write(Bytes.npy("<f4", "(1073741824, 1073741824)", [0])))
    }
    #expect(e?.description.contains("shape: expected at most 8 axes and 281474976710656 bytes") == true)
    let large = failure { () throws(DataError) in
      try NPYReader.read(folder.write(Bytes.npy("<f4", "(70368744177664,)", [0])))
    }
    #expect(
      large?.problem == .truncated(part: "the elements of f32[70368744177664]", expected: 1 << 48, found: 1))
  }

  @Test func `a header of 4 GiB, a wrong version, a boolean of 2 and bytes at the end are damage`() {
    let start = [0x93] + Array("NUMPY".utf8)
    for (bytes, message) in [
      (start + [2, 0, 255, 255, 255, 255], "header's length: expected at most 65536, found 4294967295"),
      (start + [4, 0, 0, 0], "version: expected 1.0, 2.0 or 3.0, found 4.0"),
      (Bytes.npy("|b1", "(2,)", [1, 2]), "element 1: expected 0 or 1, found 2"),
      (Bytes.npy("|u1", "(1,)", [1, 2]), "found more bytes than announced"),
    ] {
      let e = failure { () throws(DataError) in try NPYReader.read(folder.write(bytes)) }
      #expect(e?.description.contains(message) == true, "\(e?.description ?? "")")
      #expect(e?.exitCode == 2)
    }
  }

  @Test func `a file cut anywhere is an error`() {
    let bytes = Bytes.npy("<f4", "(2,)", Bytes.floats([1, 2]))
    for n in 0..<bytes.count {
      let e = failure { () throws(DataError) in try NPYReader.read(folder.write(Array(bytes[..<n]))) }
      #expect(e?.category == .file, "\(n) bytes: \(e?.description ?? "")")
    }
  }

}
