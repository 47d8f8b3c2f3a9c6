import CKernels
import Glibc
import Testing

/// A number of rows and of columns.
struct Matrix: Sendable, CustomTestStringConvertible {
  var rows: Int
  var cols: Int
  var count: Int { rows * cols }
  var testDescription: String { "\(rows)x\(cols)" }

  /// Returns the rows of `x`, in double.
  func split(_ x: [Float]) -> [[Double]] {
    (0..<rows).map { (r) in x[(r * cols)..<((r + 1) * cols)].map { Double($0) } }
  }

}

private func softmax(_ x: [Double]) -> [Double] {
  let m = x.max() ?? 0
  let e = x.map { exp($0 - m) }
  let sum = e.reduce(0, +)
  return e.map { $0 / sum }
}

private let matrices = [(1, 1), (3, 3), (7, 15), (7, 16), (7, 17), (200, 10), (33, 1000), (2, 20_001), (0, 5), (5, 0)]
  .map { Matrix(rows: $0.0, cols: $0.1) }

@Suite struct SoftmaxTests {

  @Test(arguments: matrices) func `agrees with the definition`(s: Matrix) {
    let x = numbers(s.count, in: -20...20)
    let expected = s.split(x).map(softmax)
    let y = output(s.count) { cgad_softmax($0, s.rows, s.cols, x, $1) }
    let z = output(s.count) { cgad_log_softmax($0, s.rows, s.cols, x, $1) }
    #expect(worstError(y, expected.flatMap { $0 }) < 3e-7)
    #expect(worstError(z, expected.flatMap { $0.map { log($0) } }) < 1e-6)
    #expect(bits(changed(x) { cgad_softmax($0, s.rows, s.cols, $1, $1) }) == bits(y))
    #expect(bits(changed(x) { cgad_log_softmax($0, s.rows, s.cols, $1, $1) }) == bits(z))
  }

  @Test(arguments: matrices) func `has the gradient of the definition`(s: Matrix) {
    let x = numbers(s.count, seed: 1)
    let dy = numbers(s.count, seed: 2)
    let y = output(s.count) { cgad_softmax($0, s.rows, s.cols, x, $1) }
    let z = output(s.count) { cgad_log_softmax($0, s.rows, s.cols, x, $1) }
    let rows = zip(s.split(x).map(softmax), s.split(dy))
    let expected = rows.flatMap { (p, d) in
      let dot = zip(p, d).reduce(0) { $0 + $1.0 * $1.1 }
      return zip(p, d).map { $0 * ($1 - dot) }
    }
    let expectedOfLog = rows.flatMap { (p, d) in
      let sum = d.reduce(0, +)
      return zip(p, d).map { $1 - $0 * sum }
    }
    let dx = output(s.count) { cgad_softmax_gradient($0, s.rows, s.cols, y, dy, $1) }
    let dz = output(s.count) { cgad_log_softmax_gradient($0, s.rows, s.cols, z, dy, $1) }
    #expect(worstError(dx, expected) < 1e-6)
    #expect(worstError(dz, expectedOfLog) < 2e-6)
    #expect(bits(changed(dy) { cgad_softmax_gradient($0, s.rows, s.cols, y, $1, $1) }) == bits(dx))
    #expect(bits(changed(z) { cgad_log_softmax_gradient($0, s.rows, s.cols, $1, dy, $1) }) == bits(dz))
  }

  @Test func `bears great and masked logits`() {
    let x: [Float] = [1e30, 0, -.infinity, -.infinity, 5, -.infinity]
    #expect(output(6) { cgad_softmax($0, 2, 3, x, $1) } == [1, 0, 0, 0, 1, 0])
  }

  @Test func `a row is NaN iff it holds NaN or nothing but masks`() {
    let x: [Float] = [1, .nan, 2, -.infinity, -.infinity, -.infinity, 1, 1, -.infinity]
    let y = output(9) { cgad_softmax($0, 3, 3, x, $1) }
    #expect(y[..<6].allSatisfy { $0.isNaN })
    #expect(y[6...] == [0.5, 0.5, 0])
  }

}

@Suite struct LossTests {

  @Test(
    arguments: [(1, 1), (3, 3), (200, 10), (1000, 17), (33, 1000), (2, 20_001)].map { Matrix(rows: $0.0, cols: $0.1) })
  func `cross-entropy agrees with the definition`(s: Matrix) {
    let x = numbers(s.count, in: -5...5)
    let labels = (0..<s.rows).map { Int32($0 * 7 % s.cols) }
    let p = s.split(x).map(softmax)
    let total = zip(p, labels).reduce(0) { $0 - log($1.0[Int($1.1)]) }
    let loss = output(1) { #expect(cgad_cross_entropy($0, s.rows, s.cols, x, labels, 0, $1) == 0) }
    #expect(worstError(loss, [total / Double(s.rows)]) < 1e-6)
    let expected = zip(p, labels).flatMap { (row, l) in
      row.enumerated().map { ($1 - ($0 == Int(l) ? 1 : 0)) * 3 / Double(s.rows) }
    }
    let dx = output(s.count) { #expect(cgad_cross_entropy_gradient($0, s.rows, s.cols, x, labels, 0, 3, $1) == 0) }
    #expect(worstError(dx, expected) < 1e-6)
    #expect(changed(x) { _ = cgad_cross_entropy_gradient($0, s.rows, s.cols, $1, labels, 0, 3, $1) } == dx)
  }

  @Test(arguments: [[0, 3, -1], [0, -1, 3], [0, Int32.max, 0]] as [[Int32]])
  func `cross-entropy names the first label out of range and writes nothing`(labels: [Int32]) {
    let x = numbers(9)
    let loss = output(1) { #expect(cgad_cross_entropy($0, 3, 3, x, labels, 0, $1) == 2) }
    let dx = output(9) { #expect(cgad_cross_entropy_gradient($0, 3, 3, x, labels, 0, 1, $1) == 2) }
    #expect(loss[0].isNaN)
    #expect(dx.allSatisfy { $0.isNaN })
  }

  @Test func `means of nothing are NaN`() {
    #expect(changed([0] as [Float]) { _ = cgad_cross_entropy($0, 0, 3, [], [], 0, $1) }[0].isNaN)
    #expect(changed([0] as [Float]) { cgad_soft_cross_entropy($0, 0, 3, [], [], $1) }[0].isNaN)
    for l in losses { #expect(changed([0] as [Float]) { cgad_pair_loss_apply($0, l.op, 0, [], [], 0, $1) }[0].isNaN) }
  }

  @Test(arguments: matrices.filter { $0.count > 0 }) func `smoothed cross-entropy is that of the mixture`(s: Matrix) {
    let x = numbers(s.count, in: -5...5)
    let labels = (0..<s.rows).map { Int32($0 * 7 % s.cols) }
    let t = labels.flatMap { (l) in (0..<s.cols).map { Float(($0 == Int(l) ? 0.7 : 0) + 0.3 / Double(s.cols)) } }
    let (smoothed, dx) = (
      output(1) { #expect(cgad_cross_entropy($0, s.rows, s.cols, x, labels, 0.3, $1) == 0) },
      output(s.count) { #expect(cgad_cross_entropy_gradient($0, s.rows, s.cols, x, labels, 0.3, 2, $1) == 0) }
    )
    let soft = output(1) { cgad_soft_cross_entropy($0, s.rows, s.cols, x, t, $1) }
    let ofSoft = output(s.count) { cgad_soft_cross_entropy_gradient($0, s.rows, s.cols, x, t, 2, $1) }
    #expect(worstError(smoothed, soft.map { Double($0) }) < 2e-6)
    #expect(worstError(dx, ofSoft.map { Double($0) }) < 1e-6)
  }

  @Test(arguments: matrices.filter { $0.count > 0 }) func `soft cross-entropy bears targets of any sum`(s: Matrix) {
    let x = numbers(s.count, seed: 1, in: -5...5)
    let t = numbers(s.count, seed: 2, in: 0...2)
    let pairs = zip(s.split(x).map(softmax), s.split(t))
    let total = pairs.reduce(0.0) { (sum, p) in sum - zip(p.0, p.1).reduce(0) { $0 + $1.1 * log($1.0) } }
    let loss = output(1) { cgad_soft_cross_entropy($0, s.rows, s.cols, x, t, $1) }
    #expect(worstError(loss, [total / Double(s.rows)]) < 1e-6)
    let expected = pairs.flatMap { (p, t) in
      let sum = t.reduce(0, +)
      return zip(p, t).map { ($0 * sum - $1) * 3 / Double(s.rows) }
    }
    let dx = output(s.count) { cgad_soft_cross_entropy_gradient($0, s.rows, s.cols, x, t, 3, $1) }
    #expect(worstError(dx, expected) < 2e-6)
    #expect(changed(x) { cgad_soft_cross_entropy_gradient($0, s.rows, s.cols, $1, t, 3, $1) } == dx)
  }

  @Test func `losses of scores bear great and masked scores`() {
    let x: [Float] = [1e30, 0, -1e30, -.infinity, 5, -.infinity]
    let labels: [Int32] = [0, 1]
    let t: [Float] = [1, 0, 0, 0, 2, 0]
    #expect(output(1) { _ = cgad_cross_entropy($0, 2, 3, x, labels, 0, $1) } == [0])
    #expect(output(1) { cgad_soft_cross_entropy($0, 2, 3, x, t, $1) } == [0])
    #expect(output(6) { _ = cgad_cross_entropy_gradient($0, 2, 3, x, labels, 0, 1, $1) } == [0, 0, 0, 0, 0, 0])
    #expect(output(6) { cgad_soft_cross_entropy_gradient($0, 2, 3, x, t, 1, $1) } == [0, 0, 0, 0, 0, 0])
    #expect(output(1) { _ = cgad_cross_entropy($0, 1, 3, x, [2], 0, $1) } == [2e30])
    #expect(output(6) { cgad_log_softmax($0, 2, 3, x, $1) } == [0, -1e30, -2e30, -.infinity, 0, -.infinity])
    for op in [cgad_pair_loss.logits] {
      let y: [Float] = [1, 0, 0, 1]
      let z: [Float] = [1e30, -1e30, 1000, -1000]
      #expect(output(1) { cgad_pair_loss_apply($0, op, 4, z, y, 1, $1) } == [2000])
      #expect(output(4) { cgad_pair_loss_gradient($0, op, 4, z, y, 1, 1, $1) } == [0, 0, 1, -1])
    }
  }

  struct Loss: Sendable, CustomTestStringConvertible {
    var op: cgad_pair_loss
    var name: String
    var term: @Sendable (Double, Double) -> Double
    var slope: @Sendable (Double, Double) -> Double
    var testDescription: String { name }
  }

  static let losses: [Loss] = [
    .init(op: .squares, name: "squares", term: { ($0 - $1) * ($0 - $1) }, slope: { 2 * ($0 - $1) }),
    .init(op: .magnitudes, name: "magnitudes", term: { abs($0 - $1) }, slope: { $0 > $1 ? 1 : -1 }),
    .init(
      op: .logits, name: "logits", term: { log1p(exp($0)) - $0 * $1 }, slope: { 1 / (1 + exp(-$0)) - $1 }),
    .init(op: .divergence, name: "divergence", term: { $1 * (log($1) - $0) }, slope: { -$1 }),
  ]

  var losses: [Loss] { Self.losses }

  @Test(arguments: losses, sizes.dropFirst()) func `a loss of pairs agrees with the definition`(l: Loss, n: Int) {
    let x = numbers(n, seed: 1)
    let y = numbers(n, seed: 2, in: 0.1...1)
    let pairs = zip(x, y).map { (Double($0), Double($1)) }
    let loss = output(1) { cgad_pair_loss_apply($0, l.op, n, x, y, 2 * n, $1) }
    #expect(worstError(loss, [pairs.reduce(0) { $0 + l.term($1.0, $1.1) } / Double(2 * n)]) < 1e-6)
    let dx = output(n) { cgad_pair_loss_gradient($0, l.op, n, x, y, n, 5, $1) }
    #expect(worstError(dx, pairs.map { l.slope($0, $1) * 5 / Double(n) }) < 1e-6)
    #expect(changed(x) { cgad_pair_loss_gradient($0, l.op, n, $1, y, n, 5, $1) } == dx)
  }

  @Test func `absolute differences have derivative 0 at 0, and no divergence counts where the probability is 0`() {
    #expect(output(2) { cgad_pair_loss_gradient($0, .magnitudes, 2, [1, -0.0], [1, 0], 2, 1, $1) } == [0, 0])
    #expect(output(1) { cgad_pair_loss_apply($0, .divergence, 2, [-.infinity, 0], [0, 1], 1, $1) } == [0])
  }

}
