import CKernels
import Testing

@Suite struct ChoiceTests {

  /// The extents of condition, operands and result.
  struct Shapes: Sendable, CustomTestStringConvertible {
    var condition: [Int]
    var a: [Int]
    var b: [Int]
    var out: [Int]
    var testDescription: String { "\(condition), \(a), \(b)" }
  }

  static let shapes: [Shapes] =
    sizes.map { .init(condition: [$0], a: [$0], b: [$0], out: [$0]) }
    + sizes.dropFirst().map { .init(condition: [$0], a: [$0], b: [], out: [$0]) }
    + sizes.dropFirst().map { .init(condition: [$0], a: [1], b: [$0], out: [$0]) } + [
      .init(condition: [], a: [], b: [], out: []),
      .init(condition: [], a: [70, 333], b: [333], out: [70, 333]),
      .init(condition: [70, 1], a: [333], b: [70, 333], out: [70, 333]),
      .init(condition: [33, 41], a: [7, 33, 41], b: [], out: [7, 33, 41]),
      .init(condition: [41], a: [7, 33, 41], b: [33, 1], out: [7, 33, 41]),
      .init(condition: [4, 1, 6, 1], a: [5, 1, 33], b: [6, 33], out: [4, 5, 6, 33]),
      .init(condition: [2, 1, 3, 1, 2, 1, 3, 1], a: [2, 1, 3, 1, 2, 1, 5], b: [1], out: [2, 2, 3, 3, 2, 2, 3, 5]),
      .init(condition: [0, 7], a: [7], b: [1], out: [0, 7]),
    ]

  func choose(_ s: Shapes, threads: Int32 = 2) -> [Float] {
    let a = numbers(s.a.reduce(1, *), seed: 2)
    let b = numbers(s.b.reduce(1, *), seed: 3)
    let p = [s.condition, s.a, s.b].map { strides($0, broadcastTo: s.out) }
    return output(s.out.reduce(1, *), threads: threads) { (pool, y) in
      #expect(cgad_where(pool, Int32(s.out.count), s.out, condition(s), p[0], a, p[1], b, p[2], y) == CGAD_OK)
    }
  }

  /// Truth values, true being any byte but 0.
  func condition(_ s: Shapes) -> [UInt8] {
    numbers(s.condition.reduce(1, *), seed: 1).map { $0 > 1 ? 1 : $0 > 0 ? 200 : 0 }
  }

  @Test(arguments: shapes) func `chooses with NumPy's broadcasting`(s: Shapes) {
    let (c, a, b) = (condition(s), numbers(s.a.reduce(1, *), seed: 2), numbers(s.b.reduce(1, *), seed: 3))
    let places = [s.condition, s.a, s.b].map { offsets(s.out, strides($0, broadcastTo: s.out)) }
    let y = choose(s)
    #expect(y == y.indices.map { c[places[0][$0]] != 0 ? a[places[1][$0]] : b[places[2][$0]] })
    for threads in [1, 3] as [Int32] { #expect(choose(s, threads: threads) == y) }
  }

  @Test func `copies bits, so that NaN in what is not chosen does not matter`() {
    let integers: [Int32] = [-1, .max, .min, 0]
    let y = changed([7, 7, 7, 7] as [Int32]) {
      _ = cgad_where($0, 1, [4], [1, 1, 0, 0], [1], integers, [1], integers, [1], $1)
    }
    #expect(y == integers)
    #expect(output(2) { _ = cgad_where($0, 1, [2], [1, 0], [1], [1, .nan] as [Float], [1], [Float.nan, 2], [1], $1) } == [1, 2])
  }

  @Test func `refuses more than eight dimensions and counts that overflow`() {
    let nine = [Int](repeating: 1, count: 9)
    let huge = [1 << 40, 1 << 40]
    let y = output(1) {
      #expect(cgad_where($0, 9, nine, [1], nine, [Float(1)], nine, [Float(1)], nine, $1) == CGAD_BAD_RANK)
      #expect(cgad_where($0, -1, nine, [1], nine, [Float(1)], nine, [Float(1)], nine, $1) == CGAD_BAD_RANK)
      #expect(cgad_where($0, 2, huge, [1], [0, 0], [Float(1)], [0, 0], [Float(1)], [0, 0], $1) == CGAD_TOO_LARGE)
    }
    #expect(y[0].isNaN)
  }

  @Test(arguments: BinaryTests.shapes, [false, true])
  func `the gradient of an extremum goes to the winner, in halves where both are`(s: BinaryTests.Shapes, greatest: Bool)
  {
    let a = numbers(s.lhs.reduce(1, *), seed: 1).map { $0.rounded() }
    let b = numbers(s.rhs.reduce(1, *), seed: 2).map { $0.rounded() }
    let (p, q) = (strides(s.lhs, broadcastTo: s.out), strides(s.rhs, broadcastTo: s.out))
    let pairs = Array(zip(offsets(s.out, p), offsets(s.out, q)))
    let dy = numbers(pairs.count, seed: 3)
    let runs = [1, 2, 3].map { (threads) in
      output(pairs.count, threads: threads) {
        #expect(
          cgad_extremum_gradient($0, greatest, Int32(s.out.count), s.out, a, p, b, q, dy, $1) == CGAD_OK)
      }
    }
    let expected = zip(pairs, dy).map { (pair, g) in
      let (x, y) = (a[pair.0], b[pair.1])
      return x == y ? g * 0.5 : (x > y) == greatest ? g : 0
    }
    #expect(runs.allSatisfy { $0 == expected })
  }

  @Test func `the gradient of an extremum does not multiply by 0`() {
    let dx = output(3) {
      _ = cgad_extremum_gradient($0, true, 1, [3], [1, 2, 3], [1], [2, 2, 2], [1], [.infinity, .infinity, .nan], $1)
    }
    #expect(dx[..<2] == [0, .infinity])
    #expect(dx[2].isNaN)
  }

  @Test(arguments: sizes) func `truth values combine`(n: Int) {
    let x = numbers(n, seed: 1).map { $0 > 1 ? UInt8(255) : $0 > 0 ? 1 : 0 }
    let y = numbers(n, seed: 2).map { $0 > 0 ? UInt8(1) : 0 }
    let operations: [(cgad_logic, (Bool, Bool) -> Bool)] = [
      (.and, { $0 && $1 }), (.or, { $0 || $1 }), (.not, { (x, _) in !x }),
    ]
    for (op, f) in operations {
      for q in [1, 0] where n > 0 || q == 1 {
        let expected = x.indices.map { f(x[$0] != 0, y[$0 * q] != 0) ? UInt8(1) : 0 }
        let z = changed([UInt8](repeating: 9, count: n)) {
          #expect(cgad_logic_apply($0, op, 1, [n], x, [1], y, [q], $1) == CGAD_OK)
        }
        #expect(z == expected)
      }
    }
  }

}
