import COpenBLAS

extension CPUBackend {

  /// What the matrix products are computed with: the library's version and configuration.
  package static var library: String { String(cString: openblas_get_config()) }

  /// The kind of processor that the library chose its kernels for.
  package static var processor: String { String(cString: openblas_get_corename()) }

  /// The threads that a matrix product of the library itself would use.
  package static var libraryThreads: Int { Int(openblas_get_num_threads()) }

}
