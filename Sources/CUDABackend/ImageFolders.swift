import Glibc
import Runtime

/// Where compiled kernels are kept.
///
/// Files are named by the digest of the kernels' text and options and by the kind of device, so that none is ever out of
/// date; those of the cache lie in a folder for each version of the compiler.
enum ImageFolders {

  /// The most bytes of a file that is read.
  private static let limit = 256 << 20

  /// The folders of kernels compiled ahead of time: `CGAD_CUDA_IMAGES`, and `cuda-images` beside the program.
  static var shipped: [String] {
    if let given = variable("CGAD_CUDA_IMAGES") { return [given] }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let n = readlink("/proc/self/exe", &buffer, buffer.count)
    guard n > 0 else { return [] }
    let program = String(decoding: buffer[..<n], as: UTF8.self)
    return [SearchPath.join(SearchPath.folder(of: program), "cuda-images")]
  }

  /// The folder of the cache: `CGAD_CUDA_CACHE`, or `cgad` in the user's folder of caches; `nil` if there is no such folder.
  static var cache: String? {
    if let given = variable("CGAD_CUDA_CACHE") { return given }
    if let caches = variable("XDG_CACHE_HOME") { return SearchPath.join(caches, "cgad") }
    return variable("HOME").map { SearchPath.join($0, ".cache/cgad") }
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
    return value
  }

  /// Returns the bytes of the file at `path`, `nil` if there is none that can be read.
  static func read(_ path: String) -> [UInt8]? {
    guard let bytes = try? FileContents.read(path, limit: limit), !bytes.isEmpty else { return nil }
    return bytes
  }

  /// Writes `bytes` to `path`, whole or not at all.
  ///
  /// - Throws: what the operating system says.
  static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try AtomicFile.makeFolder(SearchPath.folder(of: path))
    var failure: FileError?
    bytes.withUnsafeBytes { (b) in
      do throws(FileError) { try AtomicFile.write([b], to: path) } catch { failure = error }
    }
    if let failure { throw failure }
  }

}
