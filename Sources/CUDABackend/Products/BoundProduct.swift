import Operations
import Runtime

/// A product of matrices that cuBLASLt computes, with its operands where they lie.
struct ProductCall {

  let product: BatchedProduct

  let precision: MatrixPrecision

  let left: Buffer

  let right: Buffer

  /// What is added to the product.
  let addend: Buffer?

  let result: Buffer

  /// Creates the call of `f`, or `nil` if cgad's kernels compute it; see `LinearAlgebra.batchedProduct`.
  init?(_ f: LinearAlgebra, _ operands: [Buffer], _ results: [Buffer], _ products: ProductMethod) {
    guard products.library == .cublaslt, let p = f.batchedProduct(operands.map(\.type)) else { return nil }
    (product, precision) = (p, products.precision)
    (left, right, result) = (operands[0], operands[1], results[0])
    addend = operands.count == 3 ? operands[2] : nil
  }

}

/// A call of cuBLASLt with its algorithm and all addresses in place.
struct BoundProduct {

  private let algorithm: ProductAlgorithm

  private let addresses: ProductAddresses

  private let library: ProductLibrary

  /// - Throws: if the library is not there, or has no algorithm.
  init(
    _ call: ProductCall, name: String, workspace: UnsafeMutableRawBufferPointer, on backend: CUDABackend
  ) throws(CUDAError) {
    library = try backend.productLibrary()
    let request = ProductRequest(
      product: call.product, precision: call.precision, workspaceBytes: workspace.count)
    algorithm = try library.algorithm(for: request, name)
    addresses = .init(
      left: call.left.deviceAddress, right: call.right.deviceAddress, addend: call.addend?.deviceAddress,
      result: call.result.deviceAddress, workspace: UInt64(UInt(bitPattern: workspace.baseAddress)))
    precondition(addresses.isAligned, "\(name): all must lie at multiples of \(ProductLibrary.alignment)")
  }

  /// Gives the product to the stream.
  func enqueue(for name: String) throws(CUDAError) { try library.enqueue(algorithm, addresses, for: name) }

}
