import CCUDA
import Glibc

/// The libraries of CUDA, opened when they are first asked for.
///
/// `CGAD_LIBCUDA`, `CGAD_LIBNVRTC` and `CGAD_LIBCUBLASLT` name other files; nothing else is tried then.
enum Libraries {

  /// The folders that the loader may not know, where CUDA is installed by hand.
  private static let folders = ["/usr/local/cuda/lib64", "/usr/local/nvidia/lib64", "/usr/lib/wsl/lib"]

  /// Returns the functions of the driver.
  ///
  /// - Throws: what was looked for and why it did not do.
  static func driver() throws(CUDAError) -> cgad_cuda_driver {
    try open(
      "the CUDA driver", variable: "CGAD_LIBCUDA", names: ["libcuda.so.1", "libcuda.so"],
      advice: """
        it comes with NVIDIA's driver (package nvidia-driver-NNN or libcuda1), not with the CUDA toolkit; set \
        CGAD_LIBCUDA to its path if it lies elsewhere, or run with --device cpu
        """, cgad_cuda_open_driver)
  }

  /// Returns the functions of the compiler.
  ///
  /// - Throws: what was looked for and why it did not do.
  static func compiler() throws(CUDAError) -> cgad_cuda_compiler {
    try open(
      "NVRTC, which compiles the kernels for this device,", variable: "CGAD_LIBNVRTC",
      names: ["libnvrtc.so.13", "libnvrtc.so.12"],
      advice: """
        it comes with the CUDA toolkit or as 'pip install nvidia-cuda-nvrtc'; set CGAD_LIBNVRTC to its path if it lies \
        elsewhere, or CGAD_CUDA_IMAGES to a folder that 'cgad kernels' filled on another machine
        """, cgad_cuda_open_compiler)
  }

  /// Returns the functions of cuBLASLt.
  ///
  /// - Throws: what was looked for and why it did not do.
  static func products() throws(CUDAError) -> cgad_cublaslt {
    try open(
      "cuBLASLt, by which the plan computes products of matrices,", variable: "CGAD_LIBCUBLASLT",
      names: ["libcublasLt.so.13", "libcublasLt.so.12"],
      advice: """
        it comes with the CUDA toolkit or as 'pip install nvidia-cublas' (nvidia-cublas-cu12 for CUDA 12), whose folder then \
        goes into LD_LIBRARY_PATH; set CGAD_LIBCUBLASLT to its path if it lies elsewhere, or compile without --matmul-library
        """, cgad_cuda_open_cublaslt)
  }

  private typealias Open<Table> = (UnsafePointer<CChar>, UnsafeMutablePointer<Table>) -> UnsafePointer<CChar>?

  private static func open<Table>(
    _ what: String, variable: String, names: [String], advice: String, _ open: Open<Table>
  ) throws(CUDAError) -> Table {
    let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
    defer { table.deallocate() }
    let given = getenv(variable).map { [String(cString: $0)] }
    var attempts: [LibraryAbsence.Attempt] = []
    for path in given ?? names + folders.flatMap({ (f) in names.map { "\(f)/\($0)" } }) {
      guard let reason = open(path, table) else { return table.pointee }
      let text = String(cString: reason)
      attempts.append(
        .init(path: path, reason: String(text.dropFirst(text.hasPrefix("\(path): ") ? path.count + 2 : 0))))
    }
    throw .library(.init(what: what, attempts: attempts, advice: advice))
  }

}
