import CKernels
import Testing

@Suite struct NormalizationTests {

  static let matrices = [(1, 1), (3, 3), (7, 15), (7, 16), (7, 17), (200, 10), (33, 1000), (2, 20_001), (0, 5), (5, 0)]
    .map { Matrix(rows: $0.0, cols: $0.1) }

  /// A row with mean 0 if `isCentered` and mean square 1, and the factor that made it so.
  func normal(_ x: [Double], _ epsilon: Double, isCentered: Bool) -> (y: [Double], scale: Double) {
    let mean = isCentered ? x.reduce(0, +) / Double(x.count) : 0
    let square = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    let scale = 1 / (square + epsilon).squareRoot()
    return (x.map { ($0 - mean) * scale }, scale)
  }

  /// Returns what either normalisation makes of `x`, and the gradient.
  func run(_ s: Matrix, _ x: [Float], _ dy: [Float], isCentered: Bool, threads: Int32 = 2) -> (y: [Float], dx: [Float]) {
    let forward = isCentered ? cgad_layer_norm : cgad_rms_norm
    let backward = isCentered ? cgad_layer_norm_gradient : cgad_rms_norm_gradient
    return (
      output(s.count, threads: threads) { forward($0, s.rows, s.cols, 0.01, x, $1) },
      output(s.count, threads: threads) { backward($0, s.rows, s.cols, 0.01, x, dy, $1) }
    )
  }

  @Test(arguments: matrices, [false, true]) func `agrees with the definition`(s: Matrix, isCentered: Bool) {
    let x = numbers(s.count, seed: 1)
    let dy = numbers(s.count, seed: 2)
    let rows = s.split(x).map { normal($0, 0.01, isCentered: isCentered) }
    let (y, dx) = run(s, x, dy, isCentered: isCentered)
    #expect(worstError(y, rows.flatMap { $0.y }) < 1e-6)
    let expected = zip(rows, s.split(dy)).flatMap { (row, dy) in
      let mean = isCentered ? dy.reduce(0, +) / Double(s.cols) : 0
      let inner = zip(row.y, dy).reduce(0) { $0 + $1.0 * $1.1 } / Double(s.cols)
      return zip(row.y, dy).map { row.scale * ($1 - mean - $0 * inner) }
    }
    #expect(worstError(dx, expected) < 3e-6)
  }

  @Test(arguments: [false, true]) func `works in place, on any number of threads`(isCentered: Bool) {
    let s = Matrix(rows: 301, cols: 333)
    let (x, dy) = (numbers(s.count, seed: 1), numbers(s.count, seed: 2))
    let (y, dx) = run(s, x, dy, isCentered: isCentered)
    for threads in [1, 3] as [Int32] {
      let other = run(s, x, dy, isCentered: isCentered, threads: threads)
      #expect(bits(other.y) == bits(y) && bits(other.dx) == bits(dx))
    }
    let forward = isCentered ? cgad_layer_norm : cgad_rms_norm
    let backward = isCentered ? cgad_layer_norm_gradient : cgad_rms_norm_gradient
    #expect(changed(x) { forward($0, s.rows, s.cols, 0.01, $1, $1) } == y)
    #expect(changed(dy) { backward($0, s.rows, s.cols, 0.01, x, $1, $1) } == dx)
    #expect(changed(x) { backward($0, s.rows, s.cols, 0.01, $1, dy, $1) } == dx)
  }

  @Test func `rows far from 0 keep the digits of their differences`() {
    let x = numbers(1000).map { 10_000 + $0 }
    let y = output(1000) { cgad_layer_norm($0, 1, 1000, 1e-5, x, $1) }
    #expect(worstError(y, normal(x.map { Double($0) }, 1e-5, isCentered: true).y) < 1e-6)
  }

  @Test func `equal elements become 0`() {
    let x = [Float](repeating: 3.3, count: 1001)
    #expect(output(1001) { cgad_layer_norm($0, 1, 1001, 1e-5, x, $1) }.allSatisfy { abs($0) < 1e-4 })
    #expect(output(3) { cgad_layer_norm($0, 1, 3, 1e-5, [2, 2, 2], $1) } == [0, 0, 0])
  }

  @Test func `NaN and infinity spoil their own row alone`() {
    let x: [Float] = [1, .nan, 2, 3, 4, 5, .infinity, 1, 2]
    for f in [cgad_layer_norm, cgad_rms_norm] {
      let y = output(9) { f($0, 3, 3, 1e-5, x, $1) }
      #expect(y[..<3].allSatisfy { $0.isNaN })
      #expect(y[3..<6].allSatisfy { $0.isFinite })
      #expect(y[6].isNaN)
    }
  }

}
