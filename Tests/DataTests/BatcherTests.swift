import Operations
import Runtime
import Testing

/// Returns an array of bytes `0, 1, …` with the given extents.
private func counting(_ extents: [Int]) -> DataArray {
  let count = extents.reduce(1, *)
  return .init(origin: "images", type: .init(.u8, extents), bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0) })
}

private func array(_ element: ElementType, _ extents: [Int], _ bytes: [UInt8]) -> DataArray {
  .init(origin: "labels", type: .init(element, extents), bytes: bytes)
}

extension Batcher {

  /// Returns batch `index` of `epoch` of the only component, as `count` elements of type `T`.
  fileprivate mutating func elements<T: BitwiseCopyable>(_ index: Int, epoch: Int, _ count: Int, of _: T.Type) -> [T] {
    .init(unsafeUninitializedCapacity: count) { (target, initialized) in
      if count > 0 { batch(index, epoch: epoch, into: [UnsafeMutableRawPointer(target.baseAddress!)]) }
      initialized = count
    }
  }

}

@Suite struct BatcherTests {

  @Test func `cuts batches in order and drops the last partial one`() throws {
    var b = try Batcher(Dataset([counting([7, 2])]), types: [.init(.u8, [3, 2])], order: .sequential)
    #expect(b.batchesPerEpoch == 2)
    #expect(b.elements(0, epoch: 0, 6, of: UInt8.self) == [0, 1, 2, 3, 4, 5])
    #expect(b.elements(1, epoch: 5, 6, of: UInt8.self) == [6, 7, 8, 9, 10, 11])
  }

  @Test func `fills all components with the same examples`() throws {
    let images = counting([50, 3])
    let labels = array(.i64, [50], (0..<50).flatMap { Bytes.little(Int64($0)) })
    var b = try Batcher(
      Dataset([images, labels]), types: [.init(.f32, [8, 3]), .init(.i32, [8])], order: .shuffled(seed: 3),
      bounds: [nil, 50])
    var (x, y) = ([Float](repeating: -1, count: 24), [Int32](repeating: -1, count: 8))
    x.withUnsafeMutableBytes { (x) in
      y.withUnsafeMutableBytes { (y) in b.batch(4, epoch: 2, into: [x.baseAddress!, y.baseAddress!]) }
    }
    #expect(Set(y).count == 8)
    for (i, label) in y.enumerated() {
      #expect(Array(x[(3 * i)..<(3 * i + 3)]) == (0..<3).map { Float(3 * label + $0) })
    }
  }

  @Test func `widens bytes and shorts`() throws {
    let u8 = try Dataset([array(.u8, [2, 1], [0, 255])])
    var f = try Batcher(u8, types: [.init(.f32, [2, 1])], order: .sequential)
    #expect(f.elements(0, epoch: 0, 2, of: Float.self) == [0, 255])
    var i = try Batcher(u8, types: [.init(.i32, [2])], order: .sequential)
    #expect(i.elements(0, epoch: 0, 2, of: Int32.self) == [0, 255])
    let u16 = try Dataset([array(.u16, [2], Bytes.little(UInt16(7), 65535))])
    var s = try Batcher(u16, types: [.init(.i32, [2])], order: .sequential)
    #expect(s.elements(0, epoch: 0, 2, of: Int32.self) == [7, 65535])
  }

  @Test func `narrows i64 only where all values fit`() throws {
    let fitting = try Dataset([array(.i64, [2], Bytes.little(Int64(Int32.min), Int64(Int32.max)))])
    var b = try Batcher(fitting, types: [.init(.i32, [2])], order: .sequential)
    #expect(b.elements(0, epoch: 0, 2, of: Int32.self) == [.min, .max])
    let large = try Dataset([array(.i64, [3], Bytes.little(Int64(1), 2_147_483_648, 2))])
    let e = failure { () throws(DataError) in try Batcher(large, types: [.init(.i32, [1])], order: .sequential) }
    #expect(
      e?.description
        == "labels: value 2147483648 at element 1 is not in -2147483648...2147483647, which i32 holds")
  }

  @Test(
    arguments: [
      ([28, 28], [784]), ([784], [784]), ([28, 28], [1, 28, 28]), ([28, 28, 1], [28, 28]), ([2, 3, 4], [6, 4]),
      ([1], []), ([], [1]),
    ] as [([Int], [Int])])
  func `neighbouring axes merge and ones do not count`(_ found: [Int], _ wanted: [Int]) throws {
    _ = try Batcher(
      Dataset([counting([4] + found)]), types: [.init(.f32, [2] + wanted)], order: .sequential)
  }

  @Test(
    arguments: [
      ([28, 28], [783]), ([784], [28, 28]), ([28, 28], [14, 56]), ([3, 4], [4, 3]), ([2], []), ([2, 3, 4], [2, 3]),
      ([], [2]), ([0], [2]),
    ] as [([Int], [Int])])
  func `other extents are refused`(_ found: [Int], _ wanted: [Int]) throws {
    let data = try Dataset([counting([4] + found)])
    let e = failure { () throws(DataError) in
      try Batcher(data, types: [.init(.f32, [2] + wanted)], order: .sequential)
    }
    guard case .wrongShape = e?.problem else {
      Issue.record("\(String(describing: e))")
      return
    }
    #expect(e?.exitCode == 1)
  }

  @Test func `a wrong shape names file, expected and found`() throws {
    let data = try Dataset([counting([4, 27, 28])])
    let e = failure { () throws(DataError) in try Batcher(data, types: [.init(.f32, [2, 784])], order: .sequential) }
    #expect(
      e?.description
        == "images: wrong shape: expected f32[784] for each example of f32[2,784], found u8[27,28] in u8[4,27,28]; "
        + "declare the file's extents, or their product where axes shall merge")
  }

  @Test(arguments: ElementType.allCases) func `only exact conversions to f32 and i32 are made`(_ source: ElementType)
    throws
  {
    let data = try Dataset([array(source, [2], .init(repeating: 0, count: 2 * source.size))])
    let allowed: [(ElementType, ElementType)] = [(.u8, .f32), (.u8, .i32), (.u16, .i32), (.i64, .i32)]
    for target in ElementType.allCases {
      let isAllowed = source == target || allowed.contains { $0 == (source, target) }
      do throws(DataError) {
        _ = try Batcher(data, types: [.init(target, [2])], order: .sequential)
        #expect(isAllowed, "\(source) to \(target)")
      } catch {
        #expect(!isAllowed, "\(source) to \(target)")
        #expect(error.exitCode == 1)
      }
    }
  }

  @Test func `a file of f64 is not rounded silently`() throws {
    let data = try Dataset([array(.f64, [1], .init(repeating: 0, count: 8))])
    let e = failure { () throws(DataError) in try Batcher(data, types: [.init(.f32, [1])], order: .sequential) }
    #expect(
      e?.description
        == "labels: wrong element type: expected f32 for f32[1], found f64[1]; rounding is not done silently: "
        + "save the array as float32")
  }

  @Test func `labels beyond the classes are found before they are used`() throws {
    let labels = try Dataset([array(.u8, [4], [0, 9, 10, 11])])
    let e = failure { () throws(DataError) in
      try Batcher(labels, types: [.init(.i32, [2])], order: .sequential, bounds: [10])
    }
    #expect(
      e?.problem
        == .valueOutOfRange(value: 10, index: 2, low: 0, high: 9, reason: "the classes that the plan declares"))
    _ = try Batcher(labels, types: [.init(.i32, [2])], order: .sequential, bounds: [12])
    let negative = try Dataset([array(.i32, [1], Bytes.little(Int32(-1)))])
    let below = failure { () throws(DataError) in
      try Batcher(negative, types: [.init(.i32, [1])], order: .sequential, bounds: [10])
    }
    #expect(below?.exitCode == 1)
  }

  @Test func `too few examples, components that differ and a missing batch axis are errors`() throws {
    let three = try Dataset([counting([3])])
    let few = failure { () throws(DataError) in try Batcher(three, types: [.init(.u8, [4])], order: .sequential) }
    #expect(few?.description == "images: too few examples: a batch takes 4, found 3; compile with a smaller batch")
    _ = try Batcher(three, types: [.init(.u8, [3])], order: .sequential)
    for types in [[], [.init(.u8, [])], [.init(.u8, [0])], [.init(.u8, [1]), .init(.u8, [1])]] as [[TensorType]] {
      let e = failure { () throws(DataError) in try Batcher(three, types: types, order: .sequential) }
      #expect(e?.exitCode == 1)
    }
    let different = failure { () throws(DataError) in try Dataset([counting([3]), counting([4])]) }
    #expect(different?.problem == .differentCounts(other: "images", expected: 3, found: 4))
    let scalar = failure { () throws(DataError) in try Dataset([counting([])]) }
    let empty = failure { () throws(DataError) in try Dataset([]) }
    #expect(scalar?.exitCode == 1 && empty?.exitCode == 1)
  }

}

@Suite struct PermutationTests {

  @Test(arguments: [0, 1, 2, 3, 10, 1000]) func `holds every number once`(_ count: Int) {
    let p = Permutation.shuffled(count, seed: 7, epoch: 0)
    #expect(p.sorted() == Array(0..<Int64(count)))
  }

  @Test func `depends on seed and epoch and on nothing else`() {
    let p = Permutation.shuffled(100, seed: 1, epoch: 0)
    #expect(p == Permutation.shuffled(100, seed: 1, epoch: 0))
    #expect(p != Permutation.shuffled(100, seed: 1, epoch: 1))
    #expect(p != Permutation.shuffled(100, seed: 2, epoch: 0))
    #expect(p != Array(0..<100))
  }

  @Test func `all orders of three come about equally often`() {
    // 6,000 draws over 6 orders: 1,000 each, deviation sqrt(6000 · 1/6 · 5/6) = 28.9; five of them are 144.
    var counts: [[Int64]: Int] = [:]
    for epoch in 0..<6000 { counts[Permutation.shuffled(3, seed: 5, epoch: epoch), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 144 })
  }

  @Test func `an epoch visits every example once`() throws {
    var b = try Batcher(Dataset([counting([12])]), types: [.init(.u8, [4])], order: .shuffled(seed: 9))
    for epoch in [0, 1, 0, 2] {
      let seen = (0..<3).flatMap { b.elements($0, epoch: epoch, 4, of: UInt8.self) }
      #expect(seen.sorted() == Array(0..<12))
      #expect(seen.map(Int64.init) == Permutation.shuffled(12, seed: 9, epoch: epoch))
    }
  }

}
