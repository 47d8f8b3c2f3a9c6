import Operations

/// Why cuBLASLt did not compute a product, or could not be asked to.
package struct ProductError: Error, Hashable, Sendable {

  /// The function, and the operation that it was called for: `cublasLtMatmul for matmul of f32[64, 32], f32[32, 10] (…)`.
  package var call: String

  /// What was asked for: the extents, the precision and the workspace; empty where it was no product.
  package var request = ""

  /// The `cublasStatus_t`.
  package let status: UInt32

  /// The library's name of the status and its text.
  package let name: String

  package let text: String

  /// The position of the operation in the sequence that is recorded, if it is known.
  package var position: Int?

}

extension ProductError: CustomStringConvertible {

  package var description: String {
    "\(call): \(name) (\(status)): \(text)" + (request.isEmpty ? "" : "; asked for \(request)")
  }

}

/// A product as the library is asked for it; equal requests are answered by one algorithm.
///
/// Whether a value is added, and whether it lies where the result does, is no part of it: schedules may differ in the latter, and
/// all must give the same bits.
struct ProductRequest: Hashable, Sendable {

  let product: BatchedProduct

  let precision: MatrixPrecision

  /// The bytes of the workspace that the plan has for it.
  let workspaceBytes: Int

}

extension ProductRequest: CustomStringConvertible {

  var description: String {
    let p = product
    let left = p.isLeftTransposed ? "[\(p.k), \(p.m)] transposed" : "[\(p.m), \(p.k)]"
    let right = p.isRightTransposed ? "[\(p.n), \(p.k)] transposed" : "[\(p.k), \(p.n)]"
    let batch =
      p.count == 1 ? "" : ", \(p.count) times at distances \(p.leftStride), \(p.rightStride), \(p.resultStride)"
    return "\(left) by \(right)\(batch), in \(precision), within \(workspaceBytes) bytes of workspace"
  }

}
