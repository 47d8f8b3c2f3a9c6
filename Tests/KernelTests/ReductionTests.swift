import CKernels
import Glibc
import Testing

@Suite struct ReductionTests {

  struct Case: Sendable, CustomTestStringConvertible {
    var extents: [Int]
    var axes: [Int]
    var mask: UInt32 { axes.reduce(0) { $0 | 1 << UInt32($1) } }
    var testDescription: String { "\(extents) along \(axes)" }
  }

  static let cases: [Case] =
    sizes.map { .init(extents: [$0], axes: [0]) } + [
      .init(extents: [], axes: []),
      .init(extents: [17], axes: []),
      .init(extents: [256, 100], axes: [0]),
      .init(extents: [256, 100], axes: [1]),
      .init(extents: [256, 100], axes: [0, 1]),
      .init(extents: [10_000, 10], axes: [0]),
      .init(extents: [5_000, 64], axes: [0]),
      .init(extents: [3, 4_000, 7], axes: [1]),
      .init(extents: [3, 40, 130], axes: [1]),
      .init(extents: [6, 5, 4, 33], axes: [0, 2]),
      .init(extents: [6, 5, 4, 33], axes: [1, 3]),
      .init(extents: [6, 5, 4, 33], axes: [0, 2, 3]),
      .init(extents: [2, 3, 2, 3, 2, 3, 2, 3], axes: [0, 2, 4, 6]),
      .init(extents: [2, 3, 2, 3, 2, 3, 2, 3], axes: [1, 3, 5, 7]),
      .init(extents: [1, 9, 1, 20, 1], axes: [0, 3]),
      .init(extents: [0, 5], axes: [0]),
      .init(extents: [5, 0], axes: [0]),
    ]

  /// Returns the elements that each output combines.
  func groups(_ c: Case) -> [[Int]] {
    let s = strides(c.extents)
    let kept = c.extents.indices.filter { !c.axes.contains($0) }
    let reduced = offsets(c.axes.map { c.extents[$0] }, c.axes.map { s[$0] })
    return offsets(kept.map { c.extents[$0] }, kept.map { s[$0] }).map { (o) in reduced.map { o + $0 } }
  }

  @Test(arguments: cases) func `combines the elements of each group`(c: Case) {
    let n = c.extents.reduce(1, *)
    let x = numbers(n)
    let bytes = x.map { $0 > 0 ? UInt8(1) : 0 }
    let groups = groups(c)
    let rank = Int32(c.extents.count)
    let sums = groups.map { $0.reduce(0.0) { $0 + Double(x[$1]) } }
    let counts = groups.map { $0.reduce(0.0) { $0 + Double(bytes[$1]) } }
    let expected: [(cgad_reduction, [Double], [Double])] = [
      (.sum, sums, counts),
      (.mean, zip(sums, groups).map { $0 / Double($1.count) }, zip(counts, groups).map { $0 / Double($1.count) }),
      (
        .max, groups.map { $0.reduce(-.infinity) { max($0, Double(x[$1])) } },
        groups.map { $0.reduce(-.infinity) { max($0, Double(bytes[$1])) } }
      ),
      (
        .min, groups.map { $0.reduce(.infinity) { min($0, Double(x[$1])) } },
        groups.map { $0.reduce(.infinity) { min($0, Double(bytes[$1])) } }
      ),
    ]
    for (op, expected) in [(cgad_reduction.variance, groups.map { variance($0, x) }), (.logsumexp, groups.map { logsumexp($0, x) })] {
      let y = output(groups.count) { #expect(cgad_reduce_f32($0, op, rank, c.extents, c.mask, x, $1) == CGAD_OK) }
      #expect(worstError(y, expected) < 2e-6)
    }
    for (op, numbers, ofBytes) in expected {
      let y = output(groups.count) { #expect(cgad_reduce_f32($0, op, rank, c.extents, c.mask, x, $1) == CGAD_OK) }
      let z = output(groups.count) { #expect(cgad_reduce_u8($0, op, rank, c.extents, c.mask, bytes, $1) == CGAD_OK) }
      #expect(worstError(y, numbers) < 2e-7 * Double(groups.first?.count ?? 0).squareRoot() + 1e-7)
      #expect(worstError(z, ofBytes) < 1e-7)
    }
  }

  func variance(_ group: [Int], _ x: [Float]) -> Double {
    let mean = group.reduce(0.0) { $0 + Double(x[$1]) } / Double(group.count)
    return group.reduce(0.0) { $0 + (Double(x[$1]) - mean) * (Double(x[$1]) - mean) } / Double(group.count)
  }

  func logsumexp(_ group: [Int], _ x: [Float]) -> Double {
    group.isEmpty ? -.infinity : log(group.reduce(0.0) { $0 + exp(Double(x[$1])) })
  }

  @Test func `the variance of numbers far from 0 keeps its digits`() {
    let x = numbers(20_000, seed: 3).map { 4_096 + $0 }
    for (extents, axes) in [([20_000], 1), ([20_000, 1], 1), ([200, 100], 1), ([100, 200], 2)] as [([Int], UInt32)] {
      let count = axes == 2 ? 100 : extents.dropFirst().reduce(1, *)
      let y = output(count) { _ = cgad_reduce_f32($0, .variance, Int32(extents.count), extents, axes, x, $1) }
      let groups = (0..<count).map { (o) in
        axes == 2 ? Array(o * 200..<(o + 1) * 200) : Array(stride(from: o, to: x.count, by: count))
      }
      #expect(worstError(y, groups.map { variance($0, x) }) < 1e-6)
    }
  }

  @Test func `logsumexp bears great and infinite numbers`() {
    let x: [Float] = [1e30, 1e30, -1e30, -1e30, -.infinity, -.infinity, -.infinity, 2, .infinity, 5, .nan, 1]
    let rows = output(6) { _ = cgad_reduce_f32($0, .logsumexp, 2, [6, 2], 2, x, $1) }
    #expect(rows[..<5] == [1e30, -1e30, -.infinity, 2, .infinity])
    #expect(rows[5].isNaN)
    let turned = stride(from: 0, to: 12, by: 2).map { x[$0] } + stride(from: 1, to: 12, by: 2).map { x[$0] }
    let columns = output(6) { _ = cgad_reduce_f32($0, .logsumexp, 2, [2, 6], 1, turned, $1) }
    #expect(columns[..<5] == rows[..<5])
    #expect(columns[5].isNaN)
  }

  @Test func `bytes have no variance and no logsumexp`() {
    let y = output(1) {
      #expect(cgad_reduce_u8($0, .variance, 1, [1], 1, [1], $1) == CGAD_BAD_ARGUMENT)
      #expect(cgad_reduce_u8($0, .logsumexp, 1, [1], 1, [1], $1) == CGAD_BAD_ARGUMENT)
    }
    #expect(y[0].isNaN)
  }

  @Test func `adds ten million tenths well`() {
    let n = 10_000_000
    let x = [Float](repeating: 0.1, count: n)
    let y = output(1) { _ = cgad_reduce_f32($0, .sum, 1, [n], 1, x, $1) }
    let z = output(10) { _ = cgad_reduce_f32($0, .sum, 2, [n / 10, 10], 1, x, $1) }
    #expect(abs(Double(y[0]) / (Double(Float(0.1)) * Double(n)) - 1) < 1e-6)
    #expect(z.allSatisfy { abs(Double($0) / (Double(Float(0.1)) * Double(n / 10)) - 1) < 1e-6 })
  }

  @Test(arguments: [0, 15, 16, 99]) func `extrema are NaN iff an element is`(place: Int) {
    for op in [cgad_reduction.max, .min] {
      var x = numbers(200)
      x[place] = .nan
      let rows = output(2) { _ = cgad_reduce_f32($0, op, 2, [2, 100], 2, x, $1) }
      let columns = output(100) { _ = cgad_reduce_f32($0, op, 2, [2, 100], 1, x, $1) }
      #expect(rows[0].isNaN && !rows[1].isNaN)
      #expect(columns.indices.filter { columns[$0].isNaN } == [place])
    }
  }

  @Test func `refuses axes outside of the rank`() {
    let y = output(1) {
      #expect(cgad_reduce_f32($0, .sum, 1, [1], 2, [1], $1) == CGAD_BAD_RANK)
      #expect(cgad_reduce_f32($0, .sum, 9, [Int](repeating: 1, count: 9), 1, [1], $1) == CGAD_BAD_RANK)
    }
    #expect(y[0].isNaN)
  }

}
