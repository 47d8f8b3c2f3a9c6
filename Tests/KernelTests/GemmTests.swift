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
      cgad_sgd(
        p, 40_000, y, nil, [Float](repeating: 1, count: 40_000), 1,
        .init(lr: -1, momentum: 0, nesterov: false, decay: 0, decoupled: false))
    }
    #expect(y.allSatisfy { $0 == 1 })
  }

}

@Suite struct GemmBatchTests {

  /// Products `[m, k] · [k, n]` of as many matrices as `extents` say, the operands advancing by strides.
  struct Case: Sendable, CustomTestStringConvertible {
    var product: cgad_product
    var extents: [Int]
    var left: [Int]
    var right: [Int]
    var testDescription: String { "\(extents) of \(product.m)x\(product.n)x\(product.k) by \(left), \(right)" }
  }

  static let cases: [Case] = [
    ([], [], [], 3, 5, 7), ([4], [1], [1], 3, 5, 7), ([4], [1], [0], 3, 5, 7), ([4], [0], [1], 3, 5, 7),
    ([2, 3], [3, 1], [0, 0], 2, 4, 5), ([2, 3], [1, 0], [0, 1], 2, 4, 5), ([2, 3], [0, 1], [3, 1], 1, 1, 1),
    ([3], [1], [1], 101, 83, 97), ([7], [1], [0], 33, 70, 65), ([150], [1], [1], 17, 16, 15), ([0], [1], [1], 2, 2, 2),
    ([2], [1], [1], 2, 2, 0),
  ].map { (extents: [Int], left: [Int], right: [Int], m: Int, n: Int, k: Int) in
    .init(
      product: .init(transpose_a: false, transpose_b: false, m: m, n: n, k: k), extents: extents, left: left,
      right: right)
  }

  private static func matrices(_ c: Case) -> Int { c.extents.reduce(1, *) }

  private func operands(_ c: Case) -> (a: [Float], b: [Float]) {
    func most(_ strides: [Int]) -> Int { zip(c.extents, strides).reduce(1) { $0 + max($1.0 - 1, 0) * $1.1 } }
    let p = c.product
    return (numbers(most(c.left) * p.m * p.k, seed: 1), numbers(most(c.right) * p.k * p.n, seed: 2))
  }

  /// Returns the products, computed by the definition.
  private func products(_ c: Case, _ ta: Bool, _ tb: Bool, _ a: [Float], _ b: [Float]) -> [[Double]] {
    let p = c.product
    return zip(offsets(c.extents, c.left), offsets(c.extents, c.right)).map { (l, r) in
      (0..<p.m * p.n).map { (e) in
        let (i, j) = (e / p.n, e % p.n)
        return (0..<p.k).reduce(0.0) { (sum, k) in
          let x = a[l * p.m * p.k + (ta ? k * p.m + i : i * p.k + k)]
          return sum + Double(x) * Double(b[r * p.k * p.n + (tb ? j * p.k + k : k * p.n + j)])
        }
      }
    }
  }

  @Test(arguments: cases) func `every product and their sum agree with the definition`(c: Case) {
    let (a, b) = operands(c)
    let size = c.product.m * c.product.n
    for (ta, tb) in GemmTests.transpositions {
      var p = c.product
      (p.transpose_a, p.transpose_b) = (ta, tb)
      let expected = products(c, ta, tb, a, b)
      let total = (0..<size).map { (i) in expected.reduce(0.0) { $0 + $1[i] } }
      for threads in [1, 2, 3] as [Int32] {
        let rank = Int32(c.extents.count)
        let y = output(Self.matrices(c) * size, threads: threads) {
          #expect(cgad_gemm_batch($0, p, rank, c.extents, a, c.left, b, c.right, nil, $1) == CGAD_OK)
        }
        #expect(worstError(y, expected.flatMap { $0 }) < 1e-4)
        let sum = output(size, threads: threads) {
          #expect(cgad_gemm_sum($0, p, rank, c.extents, a, c.left, b, c.right, nil, $1) == CGAD_OK)
        }
        #expect(worstError(sum, total) < 1e-4)
      }
    }
  }

  @Test(arguments: cases) func `batches repeat to the bit`(c: Case) {
    let (a, b) = operands(c)
    for threads in [1, 2, 3] as [Int32] {
      let runs = (0..<4).map { _ in
        output(Self.matrices(c) * c.product.m * c.product.n, threads: threads) {
          _ = cgad_gemm_batch($0, c.product, Int32(c.extents.count), c.extents, a, c.left, b, c.right, nil, $1)
        }
      }
      #expect(runs.allSatisfy { bits($0) == bits(runs[0]) })
    }
  }

  /// What forward relies on, whose sums may be joined or not: up to this inner extent, the sum is added as a whole.
  @Test(arguments: [(1, 1), (5, 7), (48, 192), (64, 64), (97, 33), (130, 500)])
  func `adding has the bits of a product and a sum`(m: Int, n: Int) {
    for k in [1, 48, 255, 256] {
      let (a, b, d) = (numbers(m * k, seed: 1), numbers(k * n, seed: 2), numbers(m * n, seed: 3))
      for (ta, tb) in GemmTests.transpositions {
        let p = cgad_product(transpose_a: ta, transpose_b: tb, m: m, n: n, k: k)
        for threads in [1, 2] as [Int32] {
          let product = output(m * n, threads: threads) { _ = cgad_gemm($0, ta, tb, m, n, k, a, b, $1) }
          let sum = zip(d, product).map { $0 + $1 }
          let apart = output(m * n, threads: threads) {
            #expect(cgad_gemm_batch($0, p, 0, [], a, [], b, [], d, $1) == CGAD_OK)
          }
          let inPlace = changed(d, threads: threads) {
            #expect(cgad_gemm_batch($0, p, 0, [], a, [], b, [], $1, $1) == CGAD_OK)
          }
          #expect(bits(apart) == bits(sum), "\(m)x\(n)x\(k)")
          #expect(bits(inPlace) == bits(sum), "\(m)x\(n)x\(k)")
        }
      }
    }
  }

  @Test func `many products have the bits of single ones on any number of threads`() {
    let (a, b) = (numbers(60 * 33 * 34, seed: 1), numbers(60 * 34 * 35, seed: 2))
    let p = cgad_product(transpose_a: false, transpose_b: false, m: 33, n: 35, k: 34)
    let single = (0..<60).flatMap { (i) in
      output(33 * 35, threads: 1) { (pool, y) in
        _ = cgad_gemm(
          pool, false, false, 33, 35, 34, Array(a[i * 33 * 34..<(i + 1) * 33 * 34]),
          Array(b[i * 34 * 35..<(i + 1) * 34 * 35]), y)
      }
    }
    for threads in [1, 2, 3] as [Int32] {
      let y = output(60 * 33 * 35, threads: threads) { _ = cgad_gemm_batch($0, p, 1, [60], a, [1], b, [1], nil, $1) }
      #expect(bits(y) == bits(single))
    }
  }

  @Test func `refuses extents that the library cannot hold and ranks that the loops cannot`() {
    withPool { (pool) in
      var c: [Float] = [7]
      let large = cgad_product(transpose_a: false, transpose_b: false, m: 1, n: 1, k: 1 << 31)
      #expect(cgad_gemm_batch(pool, large, 0, [], c, [], c, [], nil, &c) == CGAD_TOO_LARGE)
      let one = cgad_product(transpose_a: false, transpose_b: false, m: 1, n: 1, k: 1)
      let (ones, zeros) = ([Int](repeating: 1, count: 9), [Int](repeating: 0, count: 9))
      #expect(cgad_gemm_sum(pool, one, 9, ones, c, zeros, c, zeros, nil, &c) == CGAD_BAD_RANK)
      #expect(c == [7])
    }
  }

}
