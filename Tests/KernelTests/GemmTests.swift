import CKernels
import Testing

@Suite struct GemmTests {

  struct Case: Sendable, CustomTestStringConvertible {
    var m: Int
    var n: Int
    var k: Int
    var testDescription: String { "\(m)x\(n)x\(k)" }
  }

  static let cases = [
    (1, 1, 1), (3, 5, 7), (17, 16, 15), (64, 10, 33), (1, 100, 64), (100, 1, 64), (90, 200, 50), (200, 90, 50),
    (2, 3, 0),
    (0, 3, 2), (3, 0, 2),
  ].map { Case(m: $0.0, n: $0.1, k: $0.2) }

  static let transpositions = [(false, false), (false, true), (true, false), (true, true)]

  /// Returns the product, computed by the definition.
  func product(_ c: Case, _ ta: Bool, _ tb: Bool, _ a: [Float], _ b: [Float]) -> [Double] {
    var result: [Double] = []
    for i in 0..<c.m {
      for j in 0..<c.n {
        var sum = 0.0
        for l in 0..<c.k {
          sum += Double(a[ta ? l * c.m + i : i * c.k + l]) * Double(b[tb ? j * c.k + l : l * c.n + j])
        }
        result.append(sum)
      }
    }
    return result
  }

  @Test(arguments: cases) func `agrees with the definition and ignores what was there`(c: Case) {
    let a = numbers(c.m * c.k, seed: 1)
    let b = numbers(c.k * c.n, seed: 2)
    for (ta, tb) in Self.transpositions {
      for threads in [1, 2, 3] as [Int32] {
        let y = output(c.m * c.n, threads: threads) {
          #expect(cgad_gemm($0, ta, tb, c.m, c.n, c.k, a, b, $1) == CGAD_OK)
        }
        #expect(worstError(y, product(c, ta, tb, a, b)) < 1e-4)
      }
    }
  }

  @Test(arguments: [1, 2, 3] as [Int32]) func `repeats to the bit`(threads: Int32) {
    let a = numbers(129 * 301, seed: 1)
    let b = numbers(301 * 257, seed: 2)
    let runs = (0..<5).map { _ in
      output(129 * 257, threads: threads) { _ = cgad_gemm($0, false, true, 129, 257, 301, a, b, $1) }
    }
    #expect(runs.allSatisfy { bits($0) == bits(runs[0]) })
  }

  @Test func `refuses extents that the library cannot hold`() {
    withPool { (p) in
      var c: [Float] = [7]
      #expect(cgad_gemm(p, false, false, 1 << 31, 1, 1, c, c, &c) == CGAD_TOO_LARGE)
      #expect(c == [7])
    }
  }

}

@Suite struct PoolTests {

  @Test func `has the threads it was asked for`() {
    for n in [1, 2, 3, 8] as [Int32] { withPool(n) { #expect(cgad_pool_threads($0) == n) } }
  }

  @Test func `refuses numbers of threads out of range`() {
    #expect(cgad_pool_create(0) == nil)
    #expect(cgad_pool_create(-1) == nil)
    #expect(cgad_pool_create(257) == nil)
  }

  @Test func `does every chunk of many loops once`() {
    let y = changed([Float](repeating: 0, count: 40_000), threads: 3) { (p, y) in
      for _ in 0..<500 { cgad_unary_apply(p, .neg, 40_000, y, y) }
      cgad_sgd(p, 40_000, y, [Float](repeating: 1, count: 40_000), -1, 0)
    }
    #expect(y.allSatisfy { $0 == 1 })
  }

}
