import CCUDA
import Operations

/// cuBLASLt on one device, with the algorithms that it chose.
///
/// The library's heuristic is asked once for each request; what it answers is used for every execution of such a product, be it
/// the first one, a recomputation, a single launch or a part of a graph.
final class ProductLibrary {

  /// What addresses of operands, results and workspaces are multiples of, in bytes, as all offsets of plans for CUDA are.
  static let alignment = 256

  private let functions: cgad_cublaslt

  private let handle: cgad_lt_handle

  private let device: Device

  private var algorithms: [ProductRequest: ProductAlgorithm] = [:]

  /// Opens the library for the device.
  ///
  /// - Throws: what was looked for in vain, or what the library says.
  init(on device: Device) throws(CUDAError) {
    let functions = try Libraries.products()
    self.functions = functions
    self.device = device
    try device.enter()
    let handle: cgad_lt_handle? = try functions.made("cublasLtCreate") { functions.cublasLtCreate(&$0) }
    guard let handle else { preconditionFailure("cublasLtCreate succeeded without a handle") }
    self.handle = handle
  }

  deinit {
    algorithms = [:]
    try? device.enter()
    _ = functions.cublasLtDestroy(handle)
  }

  /// The version of the library: `13.1.0`.
  var version: String {
    let v = functions.cublasLtGetVersion()
    return "\(v / 10_000).\(v / 100 % 100).\(v % 100)"
  }

  /// The number of algorithms that were chosen so far.
  var algorithmCount: Int { algorithms.count }

  /// Returns the algorithm for `request`, chosen now if there is none.
  ///
  /// - Parameter name: the operation, for errors.
  /// - Throws: if the library has none for it, or fails.
  func algorithm(for request: ProductRequest, _ name: String) throws(CUDAError) -> ProductAlgorithm {
    if let known = algorithms[request] { return known }
    do throws(CUDAError) {
      let new = try ProductAlgorithm(for: request, functions, handle)
      algorithms[request] = new
      return new
    } catch { throw error.asked(for: request, by: name) }
  }

  /// Gives the stream the product by `algorithm`.
  ///
  /// - Requires: addresses are multiples of `alignment`; the workspace has the bytes of the request.
  func enqueue(_ algorithm: ProductAlgorithm, _ a: ProductAddresses, for name: String) throws(CUDAError) {
    let d = algorithm.descriptions
    var (alpha, beta, chosen): (Float, Float, cgad_lt_algorithm) = (1, a.addend == nil ? 0 : 1, algorithm.chosen)
    // what is not added is not read; the library asks for an address all the same
    let c = a.addend ?? a.result
    do throws(CUDAError) {
      try functions.check("cublasLtMatmul") {
        functions.cublasLtMatmul(
          handle, d.operation, &alpha, a.right.pointer, d.right, a.left.pointer, d.left, &beta, c.pointer, d.result,
          a.result.pointer, d.result, &chosen, a.workspace.pointer, algorithm.request.workspaceBytes, device.stream)
      }
    } catch { throw error.asked(for: algorithm.request, by: name) }
  }

}

/// Where the matrices of a product lie in the device's memory.
struct ProductAddresses {

  let left: UInt64

  let right: UInt64

  /// What is added; the result's address where it is there already.
  let addend: UInt64?

  let result: UInt64

  /// 0 where there is none.
  let workspace: UInt64

  /// `true` iff the library finds everything as it was told.
  var isAligned: Bool {
    [left, right, addend ?? 0, result, workspace].allSatisfy { $0 % UInt64(ProductLibrary.alignment) == 0 }
  }

}

extension UInt64 {

  /// The address as the library takes it.
  fileprivate var pointer: UnsafeMutableRawPointer? { .init(bitPattern: UInt(self)) }

}

extension CUDAError {

  /// The error of a call that was made for the operation `name`, which asked for `request`.
  fileprivate func asked(for request: ProductRequest, by name: String) -> CUDAError {
    guard case .product(var e) = self else { return self }
    e.call += " for \(name)"
    e.request = "\(request)"
    return .product(e)
  }

}

extension cgad_cublaslt {

  /// Throws unless `body` succeeds, which is a call of the function `call`.
  func check(_ call: String, _ body: () -> cgad_lt_status) throws(CUDAError) {
    let status = body()
    if Int(status) == CGAD_LT_SUCCESS { return }
    throw .product(error(call, status))
  }

  /// Returns the error of a call that returned `status`.
  func error(_ call: String, _ status: cgad_lt_status, _ text: String? = nil) -> ProductError {
    let known = cublasLtGetStatusString(status).map { String(cString: $0) }
    return .init(
      call: call, status: status, name: cublasLtGetStatusName(status).map { String(cString: $0) } ?? "unknown status",
      text: text ?? known ?? "the library has no text for it")
  }

  /// Returns what `body` makes, which is a call of the function `call`.
  func made<T>(_ call: String, _ body: (inout T?) -> cgad_lt_status) throws(CUDAError) -> T? {
    var value: T?
    try check(call) { body(&value) }
    return value
  }

}
