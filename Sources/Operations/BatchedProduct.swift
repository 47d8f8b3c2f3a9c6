/// Products of matrices that lie at even distances, as a library computes them in one call.
///
/// All matrices are dense and stored by rows; `C[i] = op(A[i]) · op(B[i])` for `i` in `0..<count`, where `op` transposes what is
/// stored transposed.
package struct BatchedProduct: Hashable, Sendable {

  /// The rows and columns of a result, and the inner extent, each at least 1.
  package private(set) var m: Int

  package let n: Int

  package private(set) var k: Int

  /// `true` iff the left and the right matrices are stored transposed: as `[k, m]` and `[n, k]`.
  package let isLeftTransposed: Bool

  package let isRightTransposed: Bool

  /// The number of products, at least 1.
  package private(set) var count: Int

  /// The elements from one matrix of an operand to the next; 0 where there is one for all.
  package private(set) var leftStride: Int

  package private(set) var rightStride: Int

  /// The elements from one result to the next.
  package var resultStride: Int { m * n }

  /// What extents and numbers of matrices are at most.
  fileprivate static let limit = Int(Int32.max)

}

extension LinearAlgebra {

  /// Returns the operation on operands of these types as products at even distances, or `nil` if it is none: one result is
  /// empty or a sum of no terms, the matrices are stretched so that the distances are uneven, or it sums products of several
  /// matrices that are not the rows of one.
  ///
  /// It depends on the types alone, so that all executions of an operation are computed alike. Matrices that lie one behind
  /// the other and meet the same right one are the rows of one, and so are those of both operands of a sum:
  ///
  ///     [8, 5, 3] · [3, 4]                         one product of [40, 3] and [3, 4]
  ///     sum of [8, 5, 3]ᵀ · [8, 5, 4]              one product of [40, 3]ᵀ and [40, 4]
  ///     [8, 5, 3] · [8, 3, 4], [8, 5, 3] · [3, 4]ᵀ 8 products, one product
  ///     [2, 1, 5, 3] · [1, 6, 3, 4]                none: 12 products, the left matrices at 0, 0, …, 15, 15, …
  ///
  /// - Requires: the types pass the shape rule.
  package func batchedProduct(_ operands: [TensorType]) -> BatchedProduct? {
    guard let e = try? extents(operands), let axis = Self.axis(e.batch, operands) else { return nil }
    let sizes = [e.m, e.k, e.n, axis.count]
    if sizes.contains(0) { return nil }
    let isSummed = if case .matmulSum = self { true } else { false }
    var p = BatchedProduct(
      m: e.m, n: e.n, k: e.k, isLeftTransposed: transposes.left, isRightTransposed: transposes.right,
      count: axis.count, leftStride: axis.left * e.m * e.k, rightStride: axis.right * e.k * e.n)
    p.join(isSummed: isSummed)
    if isSummed, p.count > 1 { return nil }
    return [p.m, p.n, p.k, p.count].allSatisfy { $0 <= BatchedProduct.limit } ? p : nil
  }

  /// Returns the one axis that counts all matrices of `batch`, with the strides of both operands in matrices, or `nil` if one
  /// is not enough.
  private static func axis(_ batch: [Int], _ operands: [TensorType]) -> (count: Int, left: Int, right: Int)? {
    let strides = operands.prefix(2).map { Broadcasting.strides(of: Array($0.extents.dropLast(2)), as: batch) }
    var (count, left, right) = (1, 0, 0)
    for i in batch.indices.reversed() where batch[i] != 1 {
      let (l, r) = (strides[0][i], strides[1][i])
      if count == 1 {
        (left, right) = (l, r)
      } else if l != left * count || r != right * count {
        return nil
      }
      count = count.multipliedSaturating(by: batch[i])
    }
    return (count, left, right)
  }

}

extension BatchedProduct {

  /// Makes one product of several whose matrices are the rows of one.
  fileprivate mutating func join(isSummed: Bool) {
    if count == 1 || leftStride != m * k { return }
    if !isSummed, !isLeftTransposed, rightStride == 0 {
      m = m.multipliedSaturating(by: count)
    } else if isSummed, isLeftTransposed, !isRightTransposed, rightStride == k * n {
      k = k.multipliedSaturating(by: count)
    } else {
      return
    }
    (count, leftStride, rightStride) = (1, 0, 0)
  }

}
