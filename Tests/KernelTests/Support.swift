import CKernels
import Testing

/// Sizes around the 16 lanes of a vector and the 16,384 elements of a chunk.
let sizes = [0, 1, 3, 15, 16, 17, 1000, 16_385, 100_003]

/// Returns `count` numbers in `range`, the same for the same `seed`.
func numbers(_ count: Int, seed: UInt64 = 1, in range: ClosedRange<Float> = -3...3) -> [Float] {
  var state = seed &* 0x9e37_79b9_7f4a_7c15
  let scale = (range.upperBound - range.lowerBound) / 16_777_215
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return range.lowerBound + Float(state >> 40) * scale
  }
}

/// Returns what `body` writes to `count` elements, NaN before, given a pool of `threads`.
func output(_ count: Int, threads: Int32 = 2, _ body: (OpaquePointer, UnsafeMutablePointer<Float>) -> Void) -> [Float] {
  changed([Float](repeating: .nan, count: count), threads: threads, body)
}

/// Returns what `body` makes of `values` in place, given a pool of `threads`.
func changed<T>(_ values: [T], threads: Int32 = 2, _ body: (OpaquePointer, UnsafeMutablePointer<T>) -> Void) -> [T] {
  var result = values
  withPool(threads) { (p) in result.withUnsafeMutableBufferPointer { (b) in b.baseAddress.map { body(p, $0) } } }
  return result
}

/// Calls `body` with a pool of `threads`.
func withPool(_ threads: Int32 = 2, _ body: (OpaquePointer) -> Void) {
  guard let pool = cgad_pool_create(threads) else {
    Issue.record("no pool of \(threads) threads")
    return
  }
  defer { cgad_pool_destroy(pool) }
  body(pool)
}

/// Returns the greatest `|a - e| / max(1, |e|)`, infinite if the counts differ or one of two numbers alone is NaN or
/// infinite.
func worstError(_ actual: [Float], _ expected: [Double]) -> Double {
  guard actual.count == expected.count else { return .infinity }
  var worst = 0.0
  for i in actual.indices {
    let a = Double(actual[i])
    let e = expected[i]
    if a == e || (a.isNaN && e.isNaN) { continue }
    let d = abs(a - e) / max(1, abs(e))
    worst = d.isFinite ? max(worst, d) : .infinity
  }
  return worst
}

/// Returns the bits of `values`, so that NaNs are equal.
func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

/// Returns the row-major strides of `extents`.
func strides(_ extents: [Int]) -> [Int] {
  var result = [Int](repeating: 1, count: extents.count)
  for i in extents.indices.dropLast().reversed() { result[i] = result[i + 1] * extents[i + 1] }
  return result
}

/// Returns the strides of an operand of shape `extents` broadcast to `shape`: 0 where it has extent 1 or no dimension.
func strides(_ extents: [Int], broadcastTo shape: [Int]) -> [Int] {
  let own = zip(strides(extents), extents).map { $1 == 1 ? 0 : $0 }
  return [Int](repeating: 0, count: shape.count - extents.count) + own
}

/// Returns the offsets of the elements of a tensor of shape `extents` and the given `strides`, in row-major order.
func offsets(_ extents: [Int], _ strides: [Int]) -> [Int] {
  zip(extents, strides).reduce([0]) { (all, d) in all.flatMap { (o) in (0..<d.0).map { o + $0 * d.1 } } }
}

/// The bytes of working memory that any convolution of the tests takes.
let workspaceBytes = 3 << 18

/// Calls `body` with working memory of `workspaceBytes` bytes, NaN before, or of the first `size` of them.
func withWorkspace(_ size: Int = workspaceBytes, _ body: (cgad_memory) -> Void) {
  let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: workspaceBytes, alignment: 64)
  defer { bytes.deallocate() }
  bytes.initializeMemory(as: UInt8.self, repeating: 0xff)
  body(.init(address: bytes.baseAddress, size: size))
}

/// Calls `body` with images whose channels lie at one place.
func withChannels<Result>(_ image: UnsafePointer<Float>, _ body: (cgad_channels) -> Result) -> Result {
  withUnsafePointer(to: UnsafeMutablePointer(mutating: image)) { body(.init(count: 1, channels: nil, parts: $0)) }
}
