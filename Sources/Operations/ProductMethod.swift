/// Who computes products of matrices on a CUDA device.
package enum MatrixLibrary: String, Hashable, Sendable, CaseIterable {

  /// The kernels of this program.
  case cgad

  /// NVIDIA's library cuBLASLt, as far as it takes a product; see `LinearAlgebra.batchedProduct`.
  case cublaslt

}

/// How products of matrices are computed: in which precision, and by whom. Another method gives other numbers.
package struct ProductMethod: Hashable, Sendable {

  package var precision: MatrixPrecision

  package var library: MatrixLibrary

  package init(_ precision: MatrixPrecision = .f32, by library: MatrixLibrary = .cgad) {
    self.precision = precision
    self.library = library
  }

  /// The method as people read it: `products in tf32 by cublaslt`; empty where nothing was asked for.
  package var text: String {
    let rounding = precision == .f32 ? "" : " in \(precision)"
    let library = library == .cgad ? "" : " by \(library)"
    return rounding.isEmpty && library.isEmpty ? "" : "products\(rounding)\(library)"
  }

}
