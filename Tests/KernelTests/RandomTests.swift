import CKernels
import Glibc
import Testing

private let stream = cgad_stream(seed: 42, path_hash: 0x1234_5678_9abc_def0, step: 7, micro_batch: 3, replica: 2)

/// The words of `stream` for `count` elements, by the definition.
private func words(_ s: cgad_stream, _ count: Int) -> [UInt32] {
  func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
  let k = mix(mix(s.seed &+ 0x9e37_79b9_7f4a_7c15) ^ s.path_hash)
  let key = [UInt32(truncatingIfNeeded: k), UInt32(k >> 32)]
  let source = UInt32(s.micro_batch) | UInt32(s.replica) << 16
  let blocks = (0..<((count + 3) / 4)).flatMap { philox([UInt32($0), 0, s.step, source], key) }
  return Array(blocks.prefix(count))
}

private func philox(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
  var out: [UInt32] = [0, 0, 0, 0]
  cgad_philox(counter, key, &out)
  return out
}

@Suite struct PhiloxTests {

  struct Vector: Sendable {
    var counter: [UInt32]
    var key: [UInt32]
    var out: [UInt32]
  }

  /// The vectors of `kat_vectors` in Random123.
  static let vectors: [Vector] = [
    .init(counter: [0, 0, 0, 0], key: [0, 0], out: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    .init(
      counter: [.max, .max, .max, .max], key: [.max, .max],
      out: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    .init(
      counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0],
      out: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]

  @Test(arguments: vectors) func `gives the published answers`(v: Vector) {
    #expect(philox(v.counter, v.key) == v.out)
  }

  @Test(arguments: sizes) func `uniform numbers are the upper 24 bits of the words of the stream`(n: Int) {
    let y = output(n) { #expect(cgad_random_uniform($0, n, 0, 1, stream, $1) == CGAD_OK) }
    #expect(y == words(stream, n).map { Float($0 >> 8) * 0x1p-24 })
  }

  @Test func `every part of a stream matters`() {
    let streams = [
      stream, cgad_stream(seed: 43, path_hash: stream.path_hash, step: 7, micro_batch: 3, replica: 2),
      cgad_stream(seed: 42, path_hash: 1, step: 7, micro_batch: 3, replica: 2),
      cgad_stream(seed: 42, path_hash: stream.path_hash, step: 8, micro_batch: 3, replica: 2),
      cgad_stream(seed: 42, path_hash: stream.path_hash, step: 7, micro_batch: 2, replica: 2),
      cgad_stream(seed: 42, path_hash: stream.path_hash, step: 7, micro_batch: 3, replica: 3),
    ]
    let first = streams.map { (s) in output(1) { _ = cgad_random_uniform($0, 1, 0, 1, s, $1) }[0] }
    #expect(Set(first).count == streams.count)
  }

}

@Suite struct RandomTests {

  @Test func `uniform numbers stay in the range and fill it`() {
    let n = 100_003
    let y = output(n) { _ = cgad_random_uniform($0, n, -2, 6, stream, $1) }
    #expect(y.allSatisfy { $0 >= -2 && $0 < 6 })
    let mean = y.reduce(0.0) { $0 + Double($1) } / Double(n)
    #expect(abs(mean - 2) < 4 * 8 / (12 * Double(n)).squareRoot())  // Four deviations of the mean.
    let narrow = output(n) { _ = cgad_random_uniform($0, n, 1, Float(1).nextUp, stream, $1) }
    #expect(narrow.allSatisfy { $0 == 1 })
    #expect(output(3) { _ = cgad_random_uniform($0, 3, 5, 5, stream, $1) } == [5, 5, 5])
  }

  @Test func `uniform numbers need a finite, ordered range`() {
    for (low, high) in [
      (1, 0), (0, Float.infinity), (.nan, 1), (-Float.greatestFiniteMagnitude, .greatestFiniteMagnitude),
    ] {
      let y = output(1) { #expect(cgad_random_uniform($0, 1, low, high, stream, $1) == CGAD_BAD_ARGUMENT) }
      #expect(y[0].isNaN)
    }
  }

  @Test(arguments: sizes) func `normal numbers are those of Box and Muller`(n: Int) {
    let w = words(stream, n + 4).map { Double($0) }
    let expected = (0..<n).map { (i) in
      let radius = (-2 * log((w[i & ~1] + 0.5) * 0x1p-32)).squareRoot()
      let angle = 2 * Double.pi * w[i | 1] * 0x1p-32
      return 0.5 + 2 * radius * (i % 2 == 0 ? cos(angle) : sin(angle))
    }
    let y = output(n) { cgad_random_normal($0, n, 0.5, 2, stream, $1) }
    #expect(worstError(y, expected) < 1e-4)
  }

  @Test func `normal numbers have the mean, variance and tails asked for`() {
    let n = 1_000_000
    let y = output(n) { cgad_random_normal($0, n, 3, 2, stream, $1) }.map { (Double($0) - 3) / 2 }
    let mean = y.reduce(0, +) / Double(n)
    let variance = y.reduce(0) { $0 + $1 * $1 } / Double(n)
    let beyond3 = Double(y.count { abs($0) > 3 }) / Double(n)
    #expect(abs(mean) < 0.004)  // Four deviations, 4 / √n.
    #expect(abs(variance - 1) < 0.006)  // Four deviations, 4·√2 / √n.
    #expect(abs(beyond3 - 0.0027) < 0.0003)
  }

}

@Suite struct DropoutTests {

  @Test(arguments: sizes) func `keeps what the stream says, scaled`(n: Int) {
    let x = numbers(n)
    let y = output(n) { #expect(cgad_dropout($0, n, x, 0.25, stream, $1) == CGAD_OK) }
    let u = words(stream, n).map { Double($0 >> 8) * 0x1p-24 }
    #expect(worstError(y, zip(x, u).map { $1 >= 0.25 ? Double($0) / 0.75 : 0 }) < 1e-6)
    #expect(changed(x) { _ = cgad_dropout($0, n, $1, 0.25, stream, $1) } == y)
  }

  @Test(arguments: [0.1, 0.5, 0.9] as [Float]) func `keeps the share asked for`(rate: Float) {
    let n = 100_003
    let y = output(n) { _ = cgad_dropout($0, n, [Float](repeating: 1, count: n), rate, stream, $1) }
    let kept = Double(y.count { $0 != 0 }) / Double(n)
    #expect(abs(kept - Double(1 - rate)) < 0.0064)  // Four deviations at most, 4·0.5 / √n.
  }

  @Test func `is its own adjoint`() {
    let n = 5_000
    let (x, z) = (numbers(n, seed: 1), numbers(n, seed: 2))
    let y = output(n) { _ = cgad_dropout($0, n, x, 0.3, stream, $1) }
    let dx = output(n) { _ = cgad_dropout($0, n, z, 0.3, stream, $1) }
    let left = zip(y, z).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let right = zip(x, dx).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(left - right) < 1e-3)
  }

  @Test func `a rate of 0 copies and a rate of 1 clears`() {
    let x: [Float] = [1, -2, .infinity, 4]
    #expect(output(4) { _ = cgad_dropout($0, 4, x, 0, stream, $1) } == x)
    #expect(output(4) { _ = cgad_dropout($0, 4, x, 1, stream, $1) } == [0, 0, 0, 0])
  }

  @Test(arguments: [-0.1, 1.1, .nan] as [Float]) func `refuses rates outside of 0 to 1`(rate: Float) {
    let y = output(1) { #expect(cgad_dropout($0, 1, [1], rate, stream, $1) == CGAD_BAD_ARGUMENT) }
    #expect(y[0].isNaN)
  }

}
