import Operations
import Runtime
import Testing

@Suite struct FileTests {

  @Test(arguments: [
    TensorType(.f32, [2, 3]), .init(.f32), .init(.i32, [5]), .init(.bool, [1, 2]), .init(.f32, [0, 3]),
  ])
  func `a tensor written as .npy reads back`(_ type: TensorType) throws {
    let folder = TemporaryFolder()
    let tensor = Tensor(type)
    for i in tensor.buffer.bytes.indices { tensor.buffer.bytes[i] = UInt8(i % 2) }
    let path = folder.path + "/a.npy"
    try NPYWriter.write(tensor.buffer, to: path)
    let array = try NPYReader.read(path)
    #expect(array.type == type && array.bytes == tensor.bytes)
  }

  @Test func `the elements of .npy start at a multiple of 64`() {
    for rank in 0...8 {
      #expect(NPYWriter.header(.init(.f32, .init(repeating: 2, count: rank))).count % 64 == 0)
    }
  }

  @Test func `a failed write leaves the old file and nothing else`() throws {
    let folder = TemporaryFolder()
    let path = try folder.write("a", [1, 2, 3])
    #expect(throws: FileError.self) { try AtomicFile.write([], to: folder.path) }  // a folder is there
    #expect(throws: FileError.self) { try AtomicFile.write([], to: folder.path + "/none/a") }
    #expect(try FileContents.read(path, limit: 3) == [1, 2, 3])
  }

  @Test func `a file that is too long is not read`() throws {
    let folder = TemporaryFolder()
    let path = try folder.write("a", [1, 2, 3])
    #expect(throws: FileError.self) { try FileContents.read(path, limit: 2) }
    #expect(throws: FileError.self) { try FileContents.read(folder.path, limit: 100) }
    #expect(throws: FileError.self) { try FileContents.read(folder.path + "/none", limit: 100) }
  }

  @Test(arguments: [
    ("a/b.cgplan", ["a/x", "a/data/x", "x"]), ("b.cgplan", ["x", "data/x"]), ("/b", ["/x", "/data/x", "x"]),
  ])
  func `files are looked for beside the plan first`(_ plan: String, _ expected: [String]) {
    #expect(SearchPath(planPath: plan).candidates(for: "x") == expected)
    #expect(SearchPath(planPath: plan).candidates(for: "/y") == ["/y"])
  }

}
