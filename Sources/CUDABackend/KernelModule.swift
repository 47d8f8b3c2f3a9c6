import CCUDA
import Runtime

/// The kernels, loaded on a device.
final class KernelModule {

  /// Where the kernels came from, for people.
  let origin: String

  private let device: Device

  private let module: cgad_cu_module

  private var functions: [String: cgad_cu_function] = [:]

  /// Loads kernels compiled ahead of time, or from the cache, or compiles them.
  ///
  /// Instructions for the very device are tried first, then text that the driver compiles.
  ///
  /// - Throws: if there is no compiler where one is needed, it refuses the kernels, or the driver refuses all images.
  init(_ source: KernelSource, on device: Device) throws(CUDAError) {
    self.device = device
    var refusal: CUDAError?
    for place in Self.places(source, device.capability) {
      do throws(CUDAError) {
        guard let image = try place.image(source, device.capability) else { continue }
        module = try Self.load(image.bytes, on: device)
        origin = image.origin
        return
      } catch { refusal = error }
      if case .library = refusal { break }
    }
    throw refusal ?? .missingKernel(KernelSource.name)
  }

  deinit { _ = device.driver.cuModuleUnload(module) }

  /// Returns where kernels may be, in the order in which they are tried.
  private static func places(_ source: KernelSource, _ capability: Int) -> [ImagePlace] {
    let forms = KernelImage.Form.allCases
    let files = ImageFolders.shipped.flatMap { (folder) in
      forms.map { ImagePlace.file(SearchPath.join(folder, source.fileName($0, capability: capability))) }
    }
    return files + forms.map { .compiler($0) }
  }

  private static func load(_ image: [UInt8], on device: Device) throws(CUDAError) -> cgad_cu_module {
    let module: cgad_cu_module? = try device.driver.value("cuModuleLoadData of \(image.count) bytes") { (m) in
      image.withUnsafeBytes { device.driver.cuModuleLoadData(m, $0.baseAddress) }
    }
    guard let module else { throw .missingKernel(KernelSource.name) }
    return module
  }

  /// Returns the kernel called `name`.
  ///
  /// - Throws: if there is none.
  func function(_ name: String) throws(CUDAError) -> cgad_cu_function {
    if let known = functions[name] { return known }
    var found: cgad_cu_function?
    let code = device.driver.cuModuleGetFunction(&found, module, name)
    guard Int(code) == CGAD_CU_SUCCESS, let found else { throw .missingKernel(name) }
    functions[name] = found
    return found
  }

}

/// Where an image of the kernels may come from.
private enum ImagePlace {

  /// A file that was compiled ahead of time.
  case file(String)

  /// The cache, or the compiler, which fills the cache where that can be written.
  case compiler(KernelImage.Form)

  /// Returns the image, `nil` if it is not there.
  ///
  /// - Throws: if there is no compiler, or it refuses the kernels.
  func image(_ source: KernelSource, _ capability: Int) throws(CUDAError) -> KernelImage? {
    switch self {
    case .file(let path): ImageFolders.read(path).map { .init(bytes: $0, origin: path) }
    case .compiler(let form): try Self.compiled(source, form, capability)
    }
  }

  private static func compiled(
    _ source: KernelSource, _ form: KernelImage.Form, _ capability: Int
  ) throws(CUDAError) -> KernelImage {
    let compiler = try Compiler(source)
    let capability = form == .ptx ? compiler.known(upTo: capability) : capability
    let path = ImageFolders.cache.map { (folder) in
      let versioned = SearchPath.join(folder, "nvrtc-\(compiler.version)")
      return SearchPath.join(versioned, source.fileName(form, capability: capability))
    }
    if let path, let bytes = ImageFolders.read(path) { return .init(bytes: bytes, origin: path) }
    let image = try compiler.image(form, capability: capability)
    guard let path else { return image }
    do throws(FileError) { try ImageFolders.write(image.bytes, to: path) } catch {
      return .init(bytes: image.bytes, origin: "\(image.origin); not kept, since \(error)")
    }
    return image
  }

}
