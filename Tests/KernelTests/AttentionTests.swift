import CKernels
import Testing

@Suite struct AttentionTests {

  /// Returns `y` and the logarithms of the sums.
  private func attention(
    _ shape: cgad_attention_shape, _ q: [Float], _ k: [Float], _ v: [Float]
  ) -> (y: [Float], logSums: [Float]) {
    let (rows, size) = (shape.heads * shape.queries, shape.heads * shape.queries * shape.value_width)
    let all = output(size + rows) { (p, y) in
      let status = withUnsafePointer(to: shape) { cgad_attention(p, $0, q, k, v, y, y + size) }
      #expect(status == CGAD_OK)
    }
    return (Array(all[..<size]), Array(all[size...]))
  }

  private func shape(
    _ queries: Int, _ keys: Int, _ width: Int = 1, scale: Float = 1, causal: Bool = false
  ) -> cgad_attention_shape {
    .init(
      heads: 1, queries: queries, keys: keys, width: width, value_width: 1, scale: scale, causal: causal, group: 1,
      value_group: 1, q_stride: width, k_stride: width, v_stride: 1, y_stride: 1)
  }

  @Test func `equal scores give the mean of the values, and the logarithm of their number`() {
    let keys = 200
    let (y, logSums) = attention(
      shape(2, keys), [0, 0], numbers(keys), (0..<keys).map { Float($0) })
    // the mean of 0 … 199
    #expect(worstError(y, [99.5, 99.5]) < 1e-6)
    #expect(worstError(logSums, [5.298_317_366_548_036, 5.298_317_366_548_036]) < 1e-6)
  }

  @Test func `scores that are far apart do not overflow, in whichever tile the greatest is`() {
    for greatest in [0, 63, 64, 130, 199] {
      let k = (0..<200).map { (i) -> Float in i == greatest ? 1 : -1 }
      let (y, logSums) = attention(shape(1, 200, scale: 1e6), [1], k, (0..<200).map { Float($0) })
      #expect(y == [Float(greatest)])
      #expect(logSums == [1e6])
    }
  }

  @Test func `with the mask, a row sees no key behind it`() {
    let v: [Float] = [1, 3, 8]
    let (y, _) = attention(shape(3, 3, causal: true), [0, 0, 0], [5, 5, 5], v)
    // 1, (1 + 3)/2, (1 + 3 + 8)/3
    #expect(worstError(y, [1, 2, 4]) < 1e-6)
    var hidden = v
    hidden[2] = .nan
    let (z, _) = attention(shape(2, 3, causal: true), [0, 0], [5, 5, 5], hidden)
    #expect(worstError(z, [1, 2]) < 1e-6)
  }

  @Test func `a NaN shows where it is seen`() {
    let (y, _) = attention(shape(2, 2, causal: true), [0, 0], [0, .nan], [1, 1])
    #expect(y[0] == 1 && y[1].isNaN)
  }

  @Test func `an attention without queries gives keys and values no gradient`() {
    let a = shape(0, 3)
    let dy = changed([Float](repeating: .nan, count: 6)) { (p, d) in
      let x: [Float] = [1, 1, 1]
      x.withUnsafeBufferPointer { (b) in
        guard let x = b.baseAddress else { return }
        let values = cgad_attention_values(q: x, k: x, v: x, y: x, log_sums: x, dy: x)
        _ = withUnsafePointer(to: a) { (a) in
          withUnsafePointer(to: values) { cgad_attention_gradient(p, a, $0, d, d, d + 3) }
        }
      }
    }
    #expect(dy == [0, 0, 0, 0, 0, 0])
  }

  @Test func `shapes without a key are refused`() {
    withPool { (p) in
      var (y, logSums): ([Float], [Float]) = ([7], [7])
      let x: [Float] = [1]
      let empty = [shape(1, 0), shape(1, 1, 0)]
      for e in empty {
        let status = withUnsafePointer(to: e) { cgad_attention(p, $0, x, x, x, &y, &logSums) }
        #expect(status == CGAD_BAD_ARGUMENT)
      }
      #expect(y == [7] && logSums == [7])
    }
  }

  @Test func `the mask hides what is above the diagonal from softmax`() {
    let x = numbers(5 * 3)
    let masked = output(15) { cgad_causal_mask($0, 1, 5, 3, -.infinity, x, $1) }
    for i in 0..<5 { for j in 0..<3 { #expect(masked[i * 3 + j] == (j > i ? -.infinity : x[i * 3 + j])) } }
    let p = changed(masked) { cgad_softmax($0, 5, 3, $1, $1) }
    #expect(p[0] == 1 && p[1] == 0 && p[2] == 0 && p[5] == 0)
    for i in 0..<5 { #expect(abs(p[i * 3] + p[i * 3 + 1] + p[i * 3 + 2] - 1) < 1e-6) }
  }

}
