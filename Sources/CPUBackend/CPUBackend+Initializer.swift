import CKernels
package import Operations
package import Runtime
import Support

extension CPUBackend {

  package func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String) {
    let stream = cgad_stream(.init(seed: seed), StableHash.fnv1a(path))
    let (fanIn, fanOut) = (Double(max(1, buffer.rows)), Double(max(1, buffer.columns)))
    switch initializer {
    case .zeros: buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0)
    case .ones: fill(buffer, 1)
    case .constant(let value): fill(buffer, value)
    case .normal(let mean, let std): normal(buffer, mean, std, stream)
    case .uniform(let low, let high): uniform(buffer, low, high, stream)
    case .kaiming: normal(buffer, 0, (2 / fanIn).squareRoot(), stream)
    case .xavier:
      let bound = (6 / (fanIn + fanOut)).squareRoot()
      uniform(buffer, -bound, bound, stream)
    case .orthogonal(let gain):
      normal(buffer, 0, 1, stream)
      orthogonalize(buffer, gain)
    }
  }

  /// Makes the columns, or the rows where those are fewer, orthogonal and of length `gain`; axes behind the first are taken
  /// as one.
  ///
  /// - Complexity: O(*m*·*n*²) for the greater extent *m* and the lesser one *n*.
  private func orthogonalize(_ buffer: Buffer, _ gain: Double) {
    let rows = max(1, buffer.type.extents.first ?? 1)
    let columns = buffer.count / rows
    let isTall = rows >= columns
    let (count, length) = isTall ? (columns, rows) : (rows, columns)
    /// Returns the position in `buffer` of element `i` of vector `v`.
    func position(_ v: Int, _ i: Int) -> Int { isTall ? i * columns + v : v * columns + i }
    var vectors = [Double](repeating: 0, count: buffer.count)
    let x = buffer.f32
    for v in 0..<count { for i in 0..<length { vectors[v * length + i] = Double(x[position(v, i)]) } }
    cgad_orthonormalize(count, length, &vectors)
    for v in 0..<count { for i in 0..<length { x[position(v, i)] = Float(gain * vectors[v * length + i]) } }
  }

  private func fill(_ buffer: Buffer, _ value: Double) { cgad_fill(pool, buffer.count, Float(value), buffer.f32) }

  private func normal(_ buffer: Buffer, _ mean: Double, _ std: Double, _ stream: cgad_stream) {
    cgad_random_normal(pool, buffer.count, Float(mean), Float(std), stream, buffer.f32)
  }

  /// Fills `buffer` with numbers in the given range, cut to half of what f32 holds.
  private func uniform(_ buffer: Buffer, _ low: Double, _ high: Double, _ stream: cgad_stream) {
    let limit = Float.greatestFiniteMagnitude / 2
    let (from, to) = (min(max(Float(low), -limit), limit), min(max(Float(high), -limit), limit))
    let status = cgad_random_uniform(pool, buffer.count, from, to, stream, buffer.f32)
    precondition(status == CGAD_OK, "an empty range of initial values passed the verifier")
  }

}
