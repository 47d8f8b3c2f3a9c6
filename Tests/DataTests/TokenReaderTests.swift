import Operations
import Runtime
import Testing

@Suite struct TokenReaderTests {

  let folder = TemporaryFolder()

  private func windows(
    _ bytes: [UInt8], _ element: ElementType = .u16, window: Int, stride: Int? = nil, hasTargets: Bool = true
  ) throws -> Dataset {
    try Dataset(
      TokenReader.windows(
        of: bytes, element: element, window: window, stride: stride ?? window, hasTargets: hasTargets, origin: "a.u16"))
  }

  /// Returns the tokens and targets of a batch of `count` windows in the order of the file.
  private func batch(_ data: Dataset, _ count: Int, _ window: Int) throws -> (tokens: [Int32], targets: [Int32]) {
    let types = data.components.map { _ in TensorType(.i32, [count, window]) }
    var b = try Batcher(data, types: types, order: .sequential)
    var (x, y) = ([Int32](repeating: -1, count: count * window), [Int32](repeating: -1, count: count * window))
    x.withUnsafeMutableBytes { (x) in
      y.withUnsafeMutableBytes { (y) in
        b.batch(0, epoch: 0, into: Array([x.baseAddress!, y.baseAddress!].prefix(types.count)))
      }
    }
    return (x, y)
  }

  @Test func `tokens of each width are read as they are`() throws {
    let numbers: [Int32] = [3, 1, 4, 1, 5, 9, 2]
    for (element, bytes) in [
      (ElementType.u8, numbers.map { UInt8($0) }), (.u16, numbers.flatMap { Bytes.little(UInt16($0)) }),
      (.i32, numbers.flatMap { Bytes.little($0) }),
    ] {
      let read = try TokenReader.read(folder.write(bytes), element: element)
      #expect(read == bytes)
      let (tokens, targets) = try batch(windows(read, element, window: 3), 2, 3)
      #expect(tokens == [3, 1, 4, 1, 5, 9])
      #expect(targets == [1, 4, 1, 5, 9, 2])
    }
  }

  @Test func `the greatest token of two bytes is 65535`() throws {
    let (tokens, targets) = try batch(windows(Bytes.little(UInt16(65535), 0x0102), window: 1), 1, 1)
    #expect(tokens == [65535] && targets == [258])
  }

  @Test(arguments: [
    // Of n tokens, the last is a target only: (n - 1) / window examples.
    (0, 4, 0), (1, 4, 0), (4, 4, 0), (5, 4, 1), (8, 4, 1), (9, 4, 2), (100, 7, 14), (99, 7, 14), (98, 7, 13), (3, 1, 2),
  ])
  func `windows with targets stand side by side`(_ tokens: Int, _ window: Int, _ count: Int) throws {
    let data = try windows(.init(repeating: 0, count: tokens), .u8, window: window)
    #expect(data.count == count)
    #expect(data.components.map(\.extents) == [[count, window], [count, window]])
  }

  @Test(arguments: [(0, 4, 0), (3, 4, 0), (4, 4, 1), (7, 4, 1), (8, 4, 2)])
  func `windows without targets use the last token too`(_ tokens: Int, _ window: Int, _ count: Int) throws {
    #expect(try windows(.init(repeating: 0, count: tokens), .u8, window: window, hasTargets: false).count == count)
  }

  @Test func `a stride makes windows overlap or leave tokens out`() throws {
    let bytes = (0..<10).map { UInt8($0) }
    // Starts 0, 2, 4, 6: the last window is 6, 7, 8 and its targets end with 9.
    let overlapping = try windows(bytes, .u8, window: 3, stride: 2)
    #expect(overlapping.count == 4)
    #expect(try batch(overlapping, 4, 3).tokens == [0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8])
    #expect(try batch(overlapping, 4, 3).targets == [1, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8, 9])
    #expect(try batch(windows(bytes, .u8, window: 2, stride: 5), 2, 2).tokens == [0, 1, 5, 6])
  }

  @Test func `the windows share the bytes of the file`() throws {
    let bytes = [UInt8](repeating: 1, count: 1 << 16)
    let addresses = try ([bytes] + windows(bytes, .u8, window: 16).components.map(\.bytes)).map {
      $0.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }
    #expect(Set(addresses).count == 1)
  }

  @Test func `an epoch has every window once, in another order each time`() throws {
    let data = try windows((0..<65).map { UInt8($0) }, .u8, window: 8)
    var b = try Batcher(data, types: .init(repeating: .init(.i32, [1, 8]), count: 2), order: .shuffled(seed: 5))
    #expect(b.batchesPerEpoch == 8)
    var starts: [[Int32]] = [[], []]
    for epoch in 0..<2 {
      for i in 0..<8 {
        var (x, y) = ([Int32](repeating: 0, count: 8), [Int32](repeating: 0, count: 8))
        x.withUnsafeMutableBytes { (x) in
          y.withUnsafeMutableBytes { (y) in b.batch(i, epoch: epoch, into: [x.baseAddress!, y.baseAddress!]) }
        }
        #expect(y == x.map { $0 + 1 })
        starts[epoch].append(x[0])
      }
    }
    #expect(starts[0].sorted() == [0, 8, 16, 24, 32, 40, 48, 56])
    #expect(starts[1].sorted() == starts[0].sorted() && starts[0] != starts[1])
  }

  @Test func `a token that is none of the model's is named with its place in the file`() throws {
    let bytes = Bytes.little(UInt16(0), 1, 2, 84, 0, 0, 0)
    let types = [TensorType](repeating: .init(.i32, [1, 3]), count: 2)
    let data = try windows(bytes, window: 3)
    let e = failure { () throws(DataError) in try Batcher(data, types: types, order: .sequential, bounds: [84, 84]) }
    #expect(
      e?.description
        == "a.u16: value 84 at element 3 is not in 0...83, the classes that the plan declares")
    // As a target, too.
    let targets = failure { () throws(DataError) in
      try Batcher(data, types: types, order: .sequential, bounds: [nil, 84])
    }
    #expect(targets?.description.contains("at element 3 ") == true)
    #expect(try Batcher(data, types: types, order: .sequential, bounds: [85, 85]).batchesPerEpoch == 2)
  }

  @Test func `tokens that no window reaches are not looked at`() throws {
    // One window of 2, and what follows it: 0, 1 and 1, 7. The last token is in neither.
    let data = try windows([0, 1, 7, 9], .u8, window: 2)
    let types = [TensorType](repeating: .init(.i32, [1, 2]), count: 2)
    #expect(try Batcher(data, types: types, order: .sequential, bounds: [2, 8]).batchesPerEpoch == 1)
    let e = failure { () throws(DataError) in try Batcher(data, types: types, order: .sequential, bounds: [2, 7]) }
    #expect(e?.description.contains("value 7 at element 2 is not in 0...6") == true)
  }

  @Test func `a file too short for a batch is refused`() throws {
    let data = try windows(.init(repeating: 0, count: 9), .u8, window: 4)
    let e = failure { () throws(DataError) in
      try Batcher(data, types: .init(repeating: .init(.i32, [3, 4]), count: 2), order: .sequential)
    }
    #expect(e?.problem == .tooFewExamples(batch: 3, found: 2))
    #expect(try windows([], window: 4).count == 0)
  }

  @Test(arguments: [(ElementType.u16, 3), (.u16, 1), (.i32, 6)])
  func `half a token is damage`(_ element: ElementType, _ size: Int) {
    let path = folder.write(.init(repeating: 0, count: size))
    let e = failure { () throws(DataError) in try TokenReader.read(path, element: element) }
    #expect(
      e?.description.hasPrefix(
        "\(path): damaged or not of this format: length: expected a whole number of tokens of \(element), found \(size) bytes"
      )
        == true, "\(e?.description ?? "")")
    #expect(e?.exitCode == 2)
  }

  @Test func `a missing file and a folder are errors`() {
    for path in ["/nowhere/a.u16", folder.path] {
      let e = failure { () throws(DataError) in try TokenReader.read(path, element: .u16) }
      #expect(e?.exitCode == 2 && e?.origin == path)
    }
  }

  @Test func `windows of more than 2^48 bytes in all are refused`() throws {
    // 20·2^20 windows of 20·2^20 tokens of one byte are 400·2^40 bytes.
    let bytes = [UInt8](repeating: 0, count: 40 << 20)
    let e = failure { () throws(DataError) in
      try TokenReader.windows(of: bytes, element: .u8, window: 20 << 20, stride: 1, hasTargets: false, origin: "a")
    }
    #expect(e?.description.contains("take a greater stride") == true)
    #expect(try windows(bytes, .u8, window: 20 << 20, hasTargets: false).count == 2)
  }

}
