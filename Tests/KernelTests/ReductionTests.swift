import CKernels
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
    ]
    for (op, numbers, ofBytes) in expected {
      let y = output(groups.count) { #expect(cgad_reduce_f32($0, op, rank, c.extents, c.mask, x, $1) == CGAD_OK) }
      let z = output(groups.count) { #expect(cgad_reduce_u8($0, op, rank, c.extents, c.mask, bytes, $1) == CGAD_OK) }
      #expect(worstError(y, numbers) < 2e-7 * Double(groups.first?.count ?? 0).squareRoot() + 1e-7)
      #expect(worstError(z, ofBytes) < 1e-7)
    }
  }

  @Test func `adds ten million tenths well`() {
    let n = 10_000_000
    let x = [Float](repeating: 0.1, count: n)
    let y = output(1) { _ = cgad_reduce_f32($0, .sum, 1, [n], 1, x, $1) }
    let z = output(10) { _ = cgad_reduce_f32($0, .sum, 2, [n / 10, 10], 1, x, $1) }
    #expect(abs(Double(y[0]) / (Double(Float(0.1)) * Double(n)) - 1) < 1e-6)
    #expect(z.allSatisfy { abs(Double($0) / (Double(Float(0.1)) * Double(n / 10)) - 1) < 1e-6 })
  }

  @Test func `max is NaN iff an element is`() {
    for place in [0, 15, 16, 99] {
      var x = numbers(200)
      x[place] = .nan
      let rows = output(2) { _ = cgad_reduce_f32($0, .max, 2, [2, 100], 2, x, $1) }
      let columns = output(100) { _ = cgad_reduce_f32($0, .max, 2, [2, 100], 1, x, $1) }
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
