package import Runtime

/// Kernels compiled ahead of time, for machines without NVRTC.
package struct KernelFiles {

  private let compiler: Compiler

  /// Opens NVRTC; neither a driver nor a device is needed.
  ///
  /// - Throws: if NVRTC is not there.
  package init() throws(CUDAError) { compiler = try Compiler(.builtIn) }

  /// The version of NVRTC, as `12.9`.
  package var version: String { compiler.version }

  /// Compiles the kernels for devices of the given compute capability, as 90 for 9.0.
  ///
  /// - Returns: the name that this program looks for, and the bytes.
  /// - Throws: what the compiler says.
  package func file(capability: Int) throws(CUDAError) -> (name: String, bytes: [UInt8]) {
    let image = try compiler.image(.cubin, capability: capability)
    return (compiler.source.fileName(.cubin, capability: capability), image.bytes)
  }

  /// Writes a file of kernels to `folder`, whole or not at all.
  package static func write(_ file: (name: String, bytes: [UInt8]), to folder: String) throws(FileError) {
    try ImageFolders.write(file.bytes, to: SearchPath.join(folder, file.name))
  }

}
