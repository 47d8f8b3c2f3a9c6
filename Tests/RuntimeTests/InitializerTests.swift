import CPUBackend
import Operations
import Runtime
import Testing

@Suite struct InitializerTests {

  private func values(
    _ initializer: Initializer, _ extents: [Int], seed: UInt64 = 1, path: String = "w"
  ) throws -> [Float] {
    let tensor = Tensor(.init(.f32, extents))
    try CPUBackend(threads: 2).initialize(tensor.buffer, as: initializer, seed: seed, path: path)
    return tensor.floats
  }

  /// The mean and the standard deviation.
  private func moments(_ x: [Float]) -> (mean: Double, deviation: Double) {
    let mean = x.reduce(0.0) { $0 + Double($1) } / Double(x.count)
    return (mean, (x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(x.count)).squareRoot())
  }

  @Test func `constants fill`() throws {
    #expect(try values(.zeros, [3]) == [0, 0, 0])
    #expect(try values(.ones, [2]) == [1, 1])
    #expect(try values(.constant(2.5), []) == [2.5])
  }

  /// 40,000 numbers: the deviation is off by 1 / √80,000 = 0.35 %; five times that is allowed.
  @Test(arguments: [
    (Initializer.normal(mean: 0, std: 0.02), 0.02), (.kaiming, (2.0 / 100).squareRoot()),  // fan-in 100
    (.xavier, (6.0 / 500).squareRoot() / 3.0.squareRoot()), (.uniform(low: -1, high: 1), 1 / 3.0.squareRoot()),
  ]) func `random ones have their deviation`(_ initializer: Initializer, _ deviation: Double) throws {
    let m = moments(try values(initializer, [100, 400]))
    #expect(abs(m.deviation / deviation - 1) < 0.0175)
    #expect(abs(m.mean) < 5 * deviation / 200)
  }

  @Test(arguments: [[7, 7], [19, 5], [5, 19], [6, 2, 7], [40, 3, 5], [1, 9], [9, 1]])
  func `an orthogonal one has orthogonal columns of the gain's length, or rows where those are fewer`(_ e: [Int]) throws
  {
    let (rows, columns) = (e[0], e.dropFirst().reduce(1, *))
    let x = try values(.orthogonal(gain: 1.5), e).map(Double.init)
    let isTall = rows >= columns
    let (count, length) = isTall ? (columns, rows) : (rows, columns)
    func element(_ v: Int, _ i: Int) -> Double { isTall ? x[i * columns + v] : x[v * columns + i] }
    for a in 0..<count {
      for b in 0...a {
        let product = (0..<length).reduce(0.0) { $0 + element(a, $1) * element(b, $1) }
        #expect(abs(product - (a == b ? 2.25 : 0)) < 1e-6, "vectors \(a) and \(b)")
      }
    }
  }

  /// Q is the normal matrix A times the inverse of a triangle with a positive diagonal, so that QᵀA is that triangle.
  @Test func `an orthogonal one is the Q of the normal one that its seed and path give`() throws {
    let (q, a) = (try values(.orthogonal(gain: 1), [8, 4]), try values(.normal(mean: 0, std: 1), [8, 4]))
    for i in 0..<4 {
      for j in 0..<4 {
        let r = (0..<8).reduce(0.0) { $0 + Double(q[$1 * 4 + i]) * Double(a[$1 * 4 + j]) }
        if i > j { #expect(abs(r) < 1e-5) }
        if i == j { #expect(r > 0.1) }
      }
    }
    #expect(try values(.orthogonal(gain: 1), [0, 4]).isEmpty)
  }

  @Test func `a seed and a path give the same numbers, others do not`() throws {
    let first = try values(.kaiming, [8, 8])
    #expect(try values(.kaiming, [8, 8]) == first)
    #expect(try values(.kaiming, [8, 8], seed: 2) != first)
    #expect(try values(.kaiming, [8, 8], path: "v") != first)
  }

  @Test(arguments: [
    Initializer.uniform(low: -1e300, high: 1e300), .uniform(low: 1e300, high: 1e301), .uniform(low: 3, high: 3),
    .uniform(low: -1e301, high: -1e300),
  ]) func `ranges that f32 cannot hold are cut`(_ initializer: Initializer) throws {
    #expect(try values(initializer, [10]).allSatisfy { $0.isFinite })
  }

  @Test func `an empty parameter is no trouble`() throws { #expect(try values(.kaiming, [0, 4]).isEmpty) }

}
