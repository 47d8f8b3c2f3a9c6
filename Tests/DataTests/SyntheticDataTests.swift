import Operations
import Runtime
import Testing

@Suite struct SyntheticDataTests {

  private func floats(_ a: DataArray) -> [Float] {
    a.bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  private func integers(_ a: DataArray) -> [Int32] {
    a.bytes.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) }
  }

  @Test func `is the same for the same seed and name alone`() throws {
    let parts: [SyntheticData.Component] = [.init(.f32, [5]), .init(.i32, [], bound: 4)]
    let d = try SyntheticData.dataset(parts, count: 20, seed: 1, name: "train")
    let again = try SyntheticData.dataset(parts, count: 20, seed: 1, name: "train")
    #expect(d == again)
    #expect(
      floats(d.components[0])
        != floats(try SyntheticData.dataset(parts, count: 20, seed: 2, name: "train").components[0]))
    #expect(
      floats(d.components[0])
        != floats(try SyntheticData.dataset(parts, count: 20, seed: 1, name: "test").components[0]))
  }

  @Test func `a longer data set begins with the shorter one`() throws {
    let parts: [SyntheticData.Component] = [.init(.f32, [5]), .init(.i32, [], bound: 4), .init(.f32, [2])]
    let short = try SyntheticData.dataset(parts, count: 3, seed: 1, name: "a")
    let long = try SyntheticData.dataset(parts, count: 9, seed: 1, name: "a")
    for (s, l) in zip(short.components, long.components) { #expect(l.bytes.starts(with: s.bytes)) }
  }

  @Test func `floats are standard normal`() throws {
    let x = floats(try SyntheticData.dataset([.init(.f32, [100])], count: 400, seed: 3, name: "a").components[0])
    // 40,000 numbers: the mean deviates by 0.005, the variance by sqrt(2 / 40000) = 0.0071; five of each.
    let mean = x.reduce(0, +) / 40_000
    #expect(abs(mean) < 0.025)
    #expect(abs(x.reduce(0) { $0 + $1 * $1 } / 40_000 - 1) < 0.0355)
    // 2.5 % lie above 1.96: 1,000, deviation sqrt(40000 · 0.025 · 0.975) = 31.2.
    #expect(abs(x.count { $0 > 1.959964 } - 1000) < 156)
    #expect(x.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [(ElementType.u8, 1), (.u16, 2), (.i32, 4), (.i64, 8), (.bool, 1)])
  func `integers without an input are uniform below the bound`(_ element: ElementType, _ width: Int) throws {
    let bound = element == .bool ? 2 : 5
    let d = try SyntheticData.dataset([.init(element, [10], bound: 5)], count: 500, seed: 3, name: "a")
    let bytes = d.components[0].bytes
    let low = stride(from: 0, to: bytes.count, by: width).map { Int(bytes[$0]) }
    #expect(bytes.count == 5000 * width)
    #expect(bytes.reduce(0) { $0 + Int($1) } == low.reduce(0, +), "the high bytes are zero")
    // For 5: 1,000 of each, deviation sqrt(5000 · 0.2 · 0.8) = 28.3; for 2: 2,500 and 35.4. Five deviations.
    for v in 0..<bound { #expect(abs(low.count { $0 == v } - 5000 / bound) < 180) }
    #expect((low.max() ?? 0) == bound - 1)
  }

  @Test func `labels are a function of the input that two data sets share`() throws {
    let parts: [SyntheticData.Component] = [.init(.i32, [], bound: 3), .init(.f32, [2])]
    let train = try SyntheticData.dataset(parts, count: 2000, seed: 4, name: "train")
    let test = try SyntheticData.dataset(parts, count: 200, seed: 4, name: "test")
    // One nearest neighbour finds a linear rule in two dimensions; chance would be right in a third of the cases.
    let (x, y, u, v) = (
      floats(train.components[1]), integers(train.components[0]), floats(test.components[1]),
      integers(test.components[0])
    )
    var right = 0
    for i in 0..<200 {
      var best = (distance: Float.infinity, label: Int32(-1))
      for j in 0..<2000 {
        let (a, b) = (x[2 * j] - u[2 * i], x[2 * j + 1] - u[2 * i + 1])
        if a * a + b * b < best.distance { best = (a * a + b * b, y[j]) }
      }
      if best.label == v[i] { right += 1 }
    }
    #expect(right > 180)
    #expect(Set(v).isSubset(of: [0, 1, 2]))
  }

  @Test func `targets are a linear map of the input with a little noise`() throws {
    // One input number: the target is w · x + noise of deviation 0.05, so that the residual of the best w shows it.
    let d = try SyntheticData.dataset([.init(.f32, [1]), .init(.f32, [1])], count: 1000, seed: 8, name: "a")
    let (x, y) = (floats(d.components[0]), floats(d.components[1]))
    let w = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / x.reduce(0) { $0 + $1 * $1 }
    let residual = (zip(x, y).reduce(0) { $0 + ($1.1 - w * $1.0) * ($1.1 - w * $1.0) } / 1000).squareRoot()
    // Deviation of the residual: 0.05 / sqrt(2 · 1000) = 0.0011.
    #expect(abs(residual - 0.05) < 0.006)
    #expect(abs(w) > 0.001)
  }

  @Test func `an empty data set and wide ones are made`() throws {
    let parts: [SyntheticData.Component] = [.init(.f32, [0]), .init(.i32, [2], bound: 3)]
    #expect(try SyntheticData.dataset(parts, count: 4, seed: 0, name: "a").count == 4)
    #expect(try SyntheticData.dataset(parts, count: 0, seed: 0, name: "a").count == 0)
    let wide: [SyntheticData.Component] = [
      .init(.f32, [1 << 12]), .init(.f32, [1 << 12]), .init(.i32, [1 << 12], bound: 1000),
    ]
    #expect(try SyntheticData.dataset(wide, count: 1, seed: 0, name: "a").components.count == 3)
  }

  @Test func `what cannot be made is refused`() {
    let parts: [[SyntheticData.Component]] = [
      [.init(.f64, [1])], [.init(.f16, [1])], [.init(.i32, [1], bound: 0)], [.init(.u8, [1], bound: 257)],
      [.init(.i32, [1], bound: .max)], [.init(.f32, [-1])], [.init(.f32, [1 << 40])], [.init(.f32, [.max, .max])], [],
    ]
    for p in parts {
      let e = failure { () throws(DataError) in try SyntheticData.dataset(p, count: 2, seed: 0, name: "a") }
      #expect(e?.exitCode == 1)
    }
    let negative = failure { () throws(DataError) in
      try SyntheticData.dataset([.init(.f32, [])], count: -1, seed: 0, name: "a")
    }
    #expect(negative?.exitCode == 1)
  }

}
