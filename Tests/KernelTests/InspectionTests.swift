import CKernels
import Testing

@Suite struct InspectionTests {

  func argmax(_ rows: Int, _ cols: Int, _ x: [Float]) -> [Int32] {
    changed([Int32](repeating: -1, count: rows)) { #expect(cgad_argmax($0, rows, cols, x, $1) == CGAD_OK) }
  }

  @Test(arguments: [1, 3, 15, 16, 17, 1000]) func `argmax finds the first greatest`(cols: Int) {
    let x = numbers(200 * cols).map { ($0 * 4).rounded() }
    let expected = (0..<200).map { (r) in
      let row = x[(r * cols)..<((r + 1) * cols)]
      return Int32(row.firstIndex(of: row.reduce(-.infinity, max))! - r * cols)
    }
    #expect(argmax(200, cols, x) == expected)
  }

  @Test func `argmax takes NaN for the greatest, the first of them`() {
    var x = numbers(40)
    x[33] = .nan
    x[35] = .nan
    #expect(argmax(1, 40, x) == [33])
    #expect(argmax(1, 3, [-.infinity, -.infinity, -.infinity]) == [0])
    #expect(argmax(1, 3, [1, .infinity, .nan]) == [2])
  }

  @Test func `argmax of rows without columns is refused`() {
    let y = changed([Int32(7)]) { #expect(cgad_argmax($0, 1, 0, [0], $1) == CGAD_BAD_ARGUMENT) }
    #expect(y == [7])
  }

  @Test(arguments: sizes.dropFirst()) func `finds what is not finite wherever it is`(n: Int) {
    withPool { (p) in
      var x = numbers(n)
      #expect(cgad_all_finite(p, n, x))
      for place in Set([0, n / 2, n - 1]).sorted() {
        for bad in [Float.nan, .infinity, -.infinity] {
          let good = x[place]
          x[place] = bad
          #expect(!cgad_all_finite(p, n, x))
          x[place] = good
        }
      }
      x[0] = .greatestFiniteMagnitude
      #expect(cgad_all_finite(p, n, x))
    }
  }

  @Test(arguments: sizes.dropFirst()) func `finds the greatest difference`(n: Int) {
    withPool { (p) in
      let x = numbers(n)
      var y = x
      #expect(cgad_max_abs_diff(p, n, x, y) == 0)
      y[n - 1] = x[n - 1] + 8
      #expect(cgad_max_abs_diff(p, n, x, y) == abs(y[n - 1] - x[n - 1]))
      y[0] = .nan
      #expect(cgad_max_abs_diff(p, n, x, y).isNaN)
      #expect(cgad_max_abs_diff(p, 1, [.infinity], [.infinity]) == 0)
      #expect(cgad_max_abs_diff(p, 1, [.infinity], [0]) == .infinity)
    }
  }

  /// Returns the digest of `bytes` by the definition.
  func digest(_ seed: UInt64, _ bytes: [UInt8]) -> UInt64 {
    var h = seed ^ 0xcbf2_9ce4_8422_2325
    func absorb(_ word: UInt64) {
      h = (h ^ word) &* 0x100_0000_01b3
      h ^= h >> 32
    }
    for i in stride(from: 0, to: bytes.count, by: 8) {
      absorb(bytes[i..<min(i + 8, bytes.count)].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
    absorb(UInt64(bytes.count))
    return h
  }

  @Test(arguments: [0, 1, 7, 8, 9, 1000]) func `digest follows its definition`(n: Int) {
    let bytes = (0..<n).map { UInt8(truncatingIfNeeded: $0 * 37) }
    #expect(cgad_digest(5, bytes, n) == digest(5, bytes))
  }

  @Test func `digest tells apart what differs by two signs, a zero, or the seed`() {
    let x: [Float] = [1, 2, 3, 4]
    let y: [Float] = [1, -2, 3, -4]
    #expect(cgad_digest(0, x, 16) != cgad_digest(0, y, 16))
    #expect(cgad_digest(0, [1] as [UInt8], 1) != cgad_digest(0, [1, 0] as [UInt8], 2))
    #expect(cgad_digest(0, x, 16) != cgad_digest(1, x, 16))
  }

}
