/// Operations that multiply matrices.
package enum LinearAlgebra: OperationFamily {

  /// `C = op(A) · op(B)` of f32 matrices, where `op` transposes if asked to: `[m, k]` and `[k, n]`, giving `[m, n]`.
  case matmul(transposeLeft: Bool, transposeRight: Bool)

  package var mnemonic: String {
    switch self {
    case .matmul: "matmul"
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .matmul(let l, let r):
      (l ? [.init("transpose_left", .boolean(true))] : []) + (r ? [.init("transpose_right", .boolean(true))] : [])
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    if mnemonic != "matmul" { return nil }
    let l = reader.flag("transpose_left")
    self = .matmul(transposeLeft: l, transposeRight: reader.flag("transpose_right"))
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule { .reads(operands: [0, 1], readsResult: false) }

  /// The extents `m`, `k` and `n` of a product.
  package struct Extents: Hashable, Sendable {
    package let m: Int
    package let k: Int
    package let n: Int
  }

  /// Returns the extents of the product of matrices of the given types.
  ///
  /// - Throws: if they are not matrices or the inner extents differ.
  package func extents(_ operands: [TensorType]) throws(ShapeError) -> Extents {
    let (l, r) =
      switch self {
      case .matmul(let l, let r): (l, r)
      }
    try operands.require(2, for: mnemonic)
    try operands.require(.f32, for: mnemonic)
    let (a, b) = (operands[0], operands[1])
    guard a.rank == 2, b.rank == 2 else { throw .init("matmul takes matrices, not \(a) and \(b)") }
    let (m, k) = l ? (a.extents[1], a.extents[0]) : (a.extents[0], a.extents[1])
    let (k2, n) = r ? (b.extents[1], b.extents[0]) : (b.extents[0], b.extents[1])
    guard k == k2 else { throw .init("matmul of \(a) and \(b): inner extents differ, \(k) and \(k2)") }
    return .init(m: m, k: k, n: n)
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    let e = try extents(operands)
    guard TensorType.isValid(.f32, [e.m, e.n]) else { throw .init("the result [\(e.m), \(e.n)] is too large") }
    return [.init(.f32, [e.m, e.n])]
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    let inner = operands[0].count / max(1, results[0].extents[0])
    return 2.multipliedSaturating(by: results[0].count).multipliedSaturating(by: inner)
  }

}

extension Int {

  /// Returns the product, or the largest `Int` if it does not fit.
  package func multipliedSaturating(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  /// Returns the sum, or the largest `Int` if it does not fit.
  package func addedSaturating(to other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

}
