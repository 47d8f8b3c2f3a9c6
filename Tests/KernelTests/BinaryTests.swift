import CKernels
import Glibc
import Testing

@Suite struct BinaryTests {

  struct Shapes: Sendable, CustomTestStringConvertible {
    var lhs: [Int]
    var rhs: [Int]
    var out: [Int]
    var testDescription: String { "\(lhs) and \(rhs)" }
  }

  static let shapes: [Shapes] =
    sizes.map { .init(lhs: [$0], rhs: [$0], out: [$0]) } + [
      .init(lhs: [], rhs: [], out: []),
      .init(lhs: [1000], rhs: [1], out: [1000]),
      .init(lhs: [1], rhs: [1000], out: [1000]),
      .init(lhs: [70, 333], rhs: [333], out: [70, 333]),
      .init(lhs: [333], rhs: [70, 333], out: [70, 333]),
      .init(lhs: [333, 70], rhs: [333, 1], out: [333, 70]),
      .init(lhs: [5, 1], rhs: [1, 7], out: [5, 7]),
      .init(lhs: [4, 1, 6, 1], rhs: [5, 1, 33], out: [4, 5, 6, 33]),
      .init(lhs: [2, 1, 3, 1, 2, 1, 3, 1], rhs: [1, 2, 1, 3, 1, 2, 1, 17], out: [2, 2, 3, 3, 2, 2, 3, 17]),
      .init(lhs: [0, 7], rhs: [7], out: [0, 7]),
      .init(lhs: [7, 0], rhs: [1], out: [7, 0]),
    ]

  static let operations: [(cgad_binary, @Sendable (Double, Double) -> Double)] = [
    (.add, { $0 + $1 }), (.sub, { $0 - $1 }), (.mul, { $0 * $1 }), (.div, { $0 / $1 }),
    (.maximum, { $0 > $1 ? $0 : $1 }), (.minimum, { $0 < $1 ? $0 : $1 }),
  ]

  @Test(arguments: shapes) func `broadcasts as NumPy does`(s: Shapes) {
    let a = numbers(s.lhs.reduce(1, *), seed: 1)
    let b = numbers(s.rhs.reduce(1, *), seed: 2, in: 0.5...3)
    let (p, q) = (strides(s.lhs, broadcastTo: s.out), strides(s.rhs, broadcastTo: s.out))
    let pairs = Array(zip(offsets(s.out, p), offsets(s.out, q)))
    for (op, f) in Self.operations {
      let y = output(pairs.count) {
        #expect(cgad_binary_apply($0, op, Int32(s.out.count), s.out, a, p, b, q, $1) == CGAD_OK)
      }
      #expect(worstError(y, pairs.map { f(Double(a[$0.0]), Double(b[$0.1])) }) < 1e-6)
    }
  }

  @Test func `takes transposed operands`() {
    let a = numbers(35 * 41, seed: 1)
    let b = numbers(35 * 41, seed: 2)
    let y = output(35 * 41) { _ = cgad_binary_apply($0, .sub, 2, [35, 41], a, [1, 35], b, [41, 1], $1) }
    let expected = offsets([35, 41], [1, 35]).enumerated().map { Double(a[$1]) - Double(b[$0]) }
    #expect(worstError(y, expected) < 1e-6)
  }

  @Test func `works in place on either operand`() {
    let a = numbers(40_001, seed: 1)
    let b = numbers(40_001, seed: 2)
    let fresh = output(40_001) { _ = cgad_binary_apply($0, .sub, 1, [40_001], a, [1], b, [1], $1) }
    let left = changed(a) { _ = cgad_binary_apply($0, .sub, 1, [40_001], $1, [1], b, [1], $1) }
    let right = changed(b) { _ = cgad_binary_apply($0, .sub, 1, [40_001], a, [1], $1, [1], $1) }
    #expect(left == fresh)
    #expect(right == fresh)
  }

  @Test func `maximum and minimum pass on NaN from either side`() {
    let a: [Float] = [.nan, 1, .nan, 2]
    let b: [Float] = [1, .nan, .nan, 3]
    for (op, last) in [(cgad_binary.maximum, Float(3)), (.minimum, 2)] {
      let y = output(4) { _ = cgad_binary_apply($0, op, 1, [4], a, [1], b, [1], $1) }
      #expect(y[..<3].allSatisfy { $0.isNaN })
      #expect(y[3] == last)
    }
  }

  @Test func `a broadcast zero keeps its sign`() {
    let y = output(19) {
      let ones = [Float](repeating: 1, count: 19)
      _ = cgad_binary_apply($0, .div, 1, [19], ones, [1], [-0.0], [0], $1)
    }
    #expect(y.allSatisfy { $0 == -.infinity })
  }

  @Test func `powers have the special values of C`() {
    let numbers: [Float] = [
      0, -0.0, 1, -1, 2, -2, 3, 0.5, -0.5, 1e-30, 1e30, -1e30, 16_777_215, 16_777_216, .infinity, -.infinity, .nan,
    ]
    for x in numbers {
      let y = output(numbers.count) {
        let n = numbers.count
        #expect(cgad_binary_apply($0, .pow, 1, [n], [x], [0], numbers, [1], $1) == CGAD_OK)
      }
      for (n, y) in zip(numbers, y) {
        let e = Float(pow(Double(x), Double(n)))
        #expect((y.isNaN && e.isNaN) || abs(y - e) <= 1e-6 * abs(e) || y == e, "\(x) to \(n): \(y), expected \(e)")
        #expect(y.isNaN || y.sign == e.sign, "\(x) to \(n)")
      }
    }
  }

  @Test func `refuses more than eight dimensions`() {
    let extents = [Int](repeating: 1, count: 9)
    let y = output(1) {
      #expect(cgad_binary_apply($0, .add, 9, extents, [1], extents, [1], extents, $1) == CGAD_BAD_RANK)
      #expect(cgad_binary_apply($0, .add, -1, extents, [1], extents, [1], extents, $1) == CGAD_BAD_RANK)
    }
    #expect(y[0].isNaN)
  }

  @Test func `refuses counts that overflow`() {
    let y = output(1) {
      let huge = [1 << 40, 1 << 40]
      #expect(cgad_binary_apply($0, .add, 2, huge, [1], [0, 0], [1], [0, 0], $1) == CGAD_TOO_LARGE)
    }
    #expect(y[0].isNaN)
  }

}

@Suite struct ComparisonTests {

  static let relations: [(cgad_comparison, @Sendable (Float, Float) -> Bool)] = [
    (.eq, { $0 == $1 }), (.ne, { $0 != $1 }), (.lt, { $0 < $1 }), (.le, { $0 <= $1 }), (.gt, { $0 > $1 }),
    (.ge, { $0 >= $1 }),
  ]

  @Test(arguments: sizes) func `agrees with Swift`(n: Int) {
    let a = numbers(n, seed: 1).map { $0.rounded() }
    let b = numbers(n, seed: 2).map { $0.rounded() }
    let (i, j) = (a.map { Int32($0) }, b.map { Int32($0) })
    for (op, f) in Self.relations {
      let expected = zip(a, b).map { f($0, $1) ? UInt8(1) : 0 }
      let garbage = [UInt8](repeating: 9, count: n)
      #expect(changed(garbage) { _ = cgad_compare_f32($0, op, 1, [n], a, [1], b, [1], $1) } == expected)
      #expect(changed(garbage) { _ = cgad_compare_i32($0, op, 1, [n], i, [1], j, [1], $1) } == expected)
    }
  }

  @Test func `broadcasts rows, columns and numbers`() {
    let a = numbers(40 * 37, seed: 1).map { $0.rounded() }
    for q in [[0, 1], [1, 0], [0, 0], [1, 40]] {
      let expected = zip(a, offsets([40, 37], q)).map { $0 < a[$1] ? UInt8(1) : 0 }
      let y = changed([UInt8](repeating: 9, count: a.count)) {
        _ = cgad_compare_f32($0, .lt, 2, [40, 37], a, [37, 1], a, q, $1)
      }
      #expect(y == expected)
    }
  }

  @Test func `only ne holds of NaN`() {
    for (op, _) in Self.relations {
      let y = changed([UInt8](repeating: 9, count: 1)) {
        _ = cgad_compare_f32($0, op, 1, [1], [Float.nan], [1], [Float.nan], [1], $1)
      }
      #expect(y == [op == .ne ? 1 : 0])
    }
  }

}
