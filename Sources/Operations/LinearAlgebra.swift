/// Operations that multiply matrices, and add a third operand, which has the result's type, to the product if there is one.
package enum LinearAlgebra: OperationFamily {

  /// `C = op(A) · op(B)` of f32 matrices, where `op` transposes the last two axes if asked to: `[.., m, k]` and
  /// `[.., k, n]`, giving `[.., m, n]`.
  ///
  /// The axes before the last two are stretched by NumPy's broadcasting, as if each matrix of one operand met each of
  /// the other.
  case matmul(transposeLeft: Bool, transposeRight: Bool)

  /// The sum of the matrices that `matmul` gives: `[.., m, k]` and `[.., k, n]`, giving `[m, n]`.
  case matmulSum(transposeLeft: Bool, transposeRight: Bool)

  /// `true` iff the last two axes of the left and of the right operand are exchanged.
  package var transposes: (left: Bool, right: Bool) {
    switch self {
    case .matmul(let l, let r), .matmulSum(let l, let r): (l, r)
    }
  }

  package var mnemonic: String {
    switch self {
    case .matmul: "matmul"
    case .matmulSum: "matmul_sum"
    }
  }

  package var attributes: [Attribute] {
    (transposes.left ? [.init("transpose_left", .boolean(true))] : [])
      + (transposes.right ? [.init("transpose_right", .boolean(true))] : [])
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    guard mnemonic == "matmul" || mnemonic == "matmul_sum" else { return nil }
    let l = reader.flag("transpose_left")
    let r = reader.flag("transpose_right")
    self =
      mnemonic == "matmul"
      ? .matmul(transposeLeft: l, transposeRight: r) : .matmulSum(transposeLeft: l, transposeRight: r)
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule { .reads(operands: [0, 1], readsResult: false) }

  /// The extents of a product.
  package struct Extents: Hashable, Sendable {

    /// The extents before the last two, after broadcasting.
    package let batch: [Int]

    package let m: Int

    package let k: Int

    package let n: Int

  }

  /// Returns the extents of the product of matrices of the first two types; a third one is not looked at.
  ///
  /// - Throws: if they are not matrices, the inner extents differ, or the outer ones do not stretch.
  package func extents(_ operands: [TensorType]) throws(ShapeError) -> Extents {
    try operands.require(operands.count == 3 ? 3 : 2, for: mnemonic)
    try operands.require(.f32, for: mnemonic)
    let (a, b) = (operands[0], operands[1])
    guard a.rank >= 2, b.rank >= 2 else { throw .init("\(mnemonic) takes matrices, not \(a) and \(b)") }
    let (rows, columns) = (a.extents.suffix(2), b.extents.suffix(2))
    let (m, k) = transposes.left ? (rows.last!, rows.first!) : (rows.first!, rows.last!)
    let (k2, n) = transposes.right ? (columns.last!, columns.first!) : (columns.first!, columns.last!)
    guard k == k2 else { throw .init("\(mnemonic) of \(a) and \(b): inner extents differ, \(k) and \(k2)") }
    do throws(ShapeError) {
      let batch = try Broadcasting.extents(Array(a.extents.dropLast(2)), Array(b.extents.dropLast(2)))
      return .init(batch: batch, m: m, k: k, n: n)
    } catch {
      throw .init("\(mnemonic) of \(a) and \(b): \(error)")
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    let e = try extents(operands)
    let result =
      switch self {
      case .matmul: e.batch + [e.m, e.n]
      case .matmulSum: [e.m, e.n]
      }
    guard TensorType.isValid(.f32, result) else { throw .init("the result \(result) is too large") }
    let type = TensorType(.f32, result)
    if operands.count == 3, operands[2] != type {
      throw .init("\(mnemonic) of \(operands[0]) and \(operands[1]) adds \(operands[2]) to a result of \(type)")
    }
    return [type]
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    guard let e = try? extents(operands) else { preconditionFailure("the types passed the shape rule") }
    let sums = operands.count == 3 ? results[0].count : 0
    if e.batch.contains(0) || e.m == 0 || e.k == 0 || e.n == 0 { return sums }
    return (e.batch + [e.m, e.k, e.n]).reduce(2) { $0.multipliedSaturating(by: $1) }.addedSaturating(to: sums)
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
