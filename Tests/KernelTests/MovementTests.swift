import CKernels
import Testing

@Suite struct MovementTests {

  struct Case: Sendable, CustomTestStringConvertible {
    var extents: [Int]
    var strides: [Int]
    var testDescription: String { "\(extents) by \(strides)" }
  }

  static let cases: [Case] = [
    .init(extents: [], strides: []),
    .init(extents: [17], strides: [0]),
    .init(extents: [50, 333], strides: [0, 1]),
    .init(extents: [333, 50], strides: [1, 0]),
    .init(extents: [33, 47], strides: [1, 33]),
    .init(extents: [160, 176], strides: [1, 160]),
    .init(extents: [5, 33, 47], strides: [33 * 47, 1, 33]),
    .init(extents: [33, 5, 47], strides: [1, 33 * 47, 33]),
    .init(extents: [2, 3, 17, 4, 19], strides: [0, 17, 1, 1000, 51]),
    .init(extents: [10, 10], strides: [40, 2]),
    .init(extents: [3, 0, 4], strides: [1, 2, 3]),
  ]

  @Test(arguments: cases) func `copies by strides`(c: Case) {
    let x = numbers(30_000)
    let places = offsets(c.extents, c.strides)
    let y = output(places.count) {
      #expect(cgad_broadcast($0, Int32(c.extents.count), c.extents, x, c.strides, $1) == 0)
    }
    #expect(y == places.map { x[$0] })
  }

  @Test func `keeps the bits of integers`() {
    let pattern: UInt32 = 0x7f80_0001  // A signalling NaN, as a number.
    let x = [Float](repeating: Float(bitPattern: pattern), count: 20)
    let y = output(400) { _ = cgad_broadcast($0, 2, [20, 20], x, [0, 1], $1) }
    #expect(y.allSatisfy { $0.bitPattern == pattern })
  }

  @Test(arguments: sizes) func `fills, copies and converts`(n: Int) {
    let a = numbers(n, seed: 1)
    let condition = a.map { $0 > 0 ? UInt8(1) : 0 }
    let integers = a.map { Int32($0 * 100) }
    #expect(output(n) { cgad_fill($0, n, 2.5, $1) } == [Float](repeating: 2.5, count: n))
    #expect(output(n) { cgad_copy($0, n * 4, a, $1) } == a)
    #expect(output(n) { cgad_cast_u8($0, n, condition, $1) } == condition.map { Float($0) })
    #expect(output(n) { cgad_cast_i32($0, n, integers, $1) } == integers.map { Float($0) })
  }

}
