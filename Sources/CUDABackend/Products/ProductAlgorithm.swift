import CCUDA
import Operations

/// The algorithm that the library chose for a product, and the product as the library describes it.
final class ProductAlgorithm {

  let request: ProductRequest

  let chosen: cgad_lt_algorithm

  let descriptions: ProductDescriptions

  /// Asks the library for the algorithm that it thinks the fastest among those that
  /// - work within the planned bytes,
  /// - rely on no alignment that plans do not guarantee,
  /// - add up parts of the inner index in f32, in the workspace and in a step of its own, or have no parts.
  ///
  /// - Throws: if there is none, or the library fails.
  init(for request: ProductRequest, _ functions: cgad_cublaslt, _ handle: cgad_lt_handle) throws(CUDAError) {
    self.request = request
    let d = try ProductDescriptions(of: request, functions)
    let preference = try Preference(workspaceBytes: request.workspaceBytes, functions)
    var (found, count): (cgad_lt_heuristic, Int32) = (.init(), 0)
    let call = "cublasLtMatmulAlgoGetHeuristic"
    try functions.check(call) {
      functions.cublasLtMatmulAlgoGetHeuristic(
        handle, d.operation, d.right, d.left, d.result, d.result, preference.handle, 1, &found, &count)
    }
    if count < 1 {
      throw .product(functions.error(call, UInt32(CGAD_LT_NOT_SUPPORTED), "the library has no algorithm for it"))
    }
    if Int(found.status) != CGAD_LT_SUCCESS { throw .product(functions.error(call, found.status)) }
    if found.workspace_bytes > request.workspaceBytes {
      let text = "the algorithm works in \(found.workspace_bytes) bytes"
      throw .product(functions.error(call, UInt32(CGAD_LT_NOT_SUPPORTED), text))
    }
    (descriptions, chosen) = (d, found.algorithm)
  }

}

/// A product as the library describes it.
///
/// The library takes matrices to be stored by columns, so that ours are transposed for it: it computes the transposed results,
/// the right matrices by the left ones.
final class ProductDescriptions {

  let operation: cgad_lt_operation

  let left: cgad_lt_layout

  let right: cgad_lt_layout

  let result: cgad_lt_layout

  private let functions: cgad_cublaslt

  init(of request: ProductRequest, _ functions: cgad_cublaslt) throws(CUDAError) {
    self.functions = functions
    let p = request.product
    operation = try functions.operation(request.precision.computeType)
    left = try functions.layout(p.isLeftTransposed ? (p.k, p.m) : (p.m, p.k), p.count, p.leftStride)
    right = try functions.layout(p.isRightTransposed ? (p.n, p.k) : (p.k, p.n), p.count, p.rightStride)
    result = try functions.layout((p.m, p.n), p.count, p.resultStride)
    for (attribute, isTransposed) in [
      (CGAD_LT_OPERATION_TRANSPOSE_A, p.isRightTransposed), (CGAD_LT_OPERATION_TRANSPOSE_B, p.isLeftTransposed),
    ] where isTransposed {
      try functions.set("cublasLtMatmulDescSetAttribute", Int32(CGAD_LT_TRANSPOSED)) {
        functions.cublasLtMatmulDescSetAttribute(operation, UInt32(attribute), $0, $1)
      }
    }
  }

  deinit {
    for l in [left, right, result] { _ = functions.cublasLtMatrixLayoutDestroy(l) }
    _ = functions.cublasLtMatmulDescDestroy(operation)
  }

}

/// What the library's choice is bound to.
private final class Preference {

  let handle: cgad_lt_preference

  private let functions: cgad_cublaslt

  init(workspaceBytes: Int, _ functions: cgad_cublaslt) throws(CUDAError) {
    self.functions = functions
    let made: cgad_lt_preference? = try functions.made("cublasLtMatmulPreferenceCreate") {
      functions.cublasLtMatmulPreferenceCreate(&$0)
    }
    guard let made else { preconditionFailure("cublasLtMatmulPreferenceCreate succeeded without a preference") }
    handle = made
    try set(CGAD_LT_PREFERENCE_WORKSPACE, UInt64(workspaceBytes))
    try set(CGAD_LT_PREFERENCE_REDUCTIONS, UInt32(CGAD_LT_REDUCTION_COMPUTE_TYPE))
    for operand in [
      CGAD_LT_PREFERENCE_ALIGNMENT_A, CGAD_LT_PREFERENCE_ALIGNMENT_B, CGAD_LT_PREFERENCE_ALIGNMENT_C,
      CGAD_LT_PREFERENCE_ALIGNMENT_D,
    ] { try set(operand, UInt32(ProductLibrary.alignment)) }
  }

  deinit { _ = functions.cublasLtMatmulPreferenceDestroy(handle) }

  private func set<T: FixedWidthInteger>(_ attribute: Int, _ value: T) throws(CUDAError) {
    try functions.set("cublasLtMatmulPreferenceSetAttribute", value) {
      functions.cublasLtMatmulPreferenceSetAttribute(handle, UInt32(attribute), $0, $1)
    }
  }

}

extension MatrixPrecision {

  /// The library's computation: f32 alone must not become tf32, nor be put together of bf16.
  fileprivate var computeType: Int {
    switch self {
    case .f32: CGAD_LT_COMPUTE_32F_PEDANTIC
    case .tf32: CGAD_LT_COMPUTE_32F_FAST_TF32
    case .bf16: CGAD_LT_COMPUTE_32F_FAST_16BF
    }
  }

}

extension cgad_cublaslt {

  /// Returns a product of f32 that is scaled by f32.
  fileprivate func operation(_ computeType: Int) throws(CUDAError) -> cgad_lt_operation {
    let made: cgad_lt_operation? = try made("cublasLtMatmulDescCreate") {
      cublasLtMatmulDescCreate(&$0, UInt32(computeType), UInt32(CGAD_LT_REAL_32F))
    }
    guard let made else { preconditionFailure("cublasLtMatmulDescCreate succeeded without an operation") }
    return made
  }

  /// Returns the layout of `count` matrices that are stored by rows, of `extents.rows` by `extents.columns`.
  fileprivate func layout(
    _ extents: (rows: Int, columns: Int), _ count: Int, _ stride: Int
  ) throws(CUDAError) -> cgad_lt_layout {
    let made: cgad_lt_layout? = try made("cublasLtMatrixLayoutCreate") {
      cublasLtMatrixLayoutCreate(
        &$0, UInt32(CGAD_LT_REAL_32F), UInt64(extents.columns), UInt64(extents.rows), Int64(extents.columns))
    }
    guard let made else { preconditionFailure("cublasLtMatrixLayoutCreate succeeded without a layout") }
    if count == 1 { return made }
    try set("cublasLtMatrixLayoutSetAttribute", Int32(count)) {
      cublasLtMatrixLayoutSetAttribute(made, UInt32(CGAD_LT_LAYOUT_BATCH_COUNT), $0, $1)
    }
    try set("cublasLtMatrixLayoutSetAttribute", Int64(stride)) {
      cublasLtMatrixLayoutSetAttribute(made, UInt32(CGAD_LT_LAYOUT_BATCH_STRIDE), $0, $1)
    }
    return made
  }

  /// Has `body`, a call of the function `call`, set an attribute to `value`.
  fileprivate func set<T: FixedWidthInteger>(
    _ call: String, _ value: T, _ body: (UnsafeRawPointer, Int) -> cgad_lt_status
  ) throws(CUDAError) {
    var value = value
    try check(call) { withUnsafeBytes(of: &value) { body($0.baseAddress!, $0.count) } }
  }

}
