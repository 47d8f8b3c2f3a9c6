import CCUDA
import CKernels
import Support

/// What a device executes: the kernels, compiled.
struct KernelImage: Hashable, Sendable {

  /// The forms, the one that is tried first coming first.
  enum Form: String, Hashable, Sendable, CaseIterable {

    /// Instructions of one kind of device.
    case cubin

    /// Text that the driver compiles for its device.
    case ptx

    /// The option that asks the compiler for this form, for devices of the given compute capability.
    func architecture(_ capability: Int) -> String {
      switch self {
      case .cubin: "sm_\(capability)"
      case .ptx: "compute_\(capability)"
      }
    }

  }

  /// The bytes; text ends with a zero.
  let bytes: [UInt8]

  /// Where they come from, for people.
  let origin: String

}

/// NVRTC, which compiles the kernels.
struct Compiler {

  /// What is compiled.
  let source: KernelSource

  private let functions: cgad_cuda_compiler

  /// The version, as `12.9`.
  let version: String

  /// Opens the compiler.
  ///
  /// - Throws: if it is not there.
  init(_ source: KernelSource) throws(CUDAError) {
    functions = try Libraries.compiler()
    self.source = source
    var (major, minor): (Int32, Int32) = (0, 0)
    let code = functions.nvrtcVersion(&major, &minor)
    if code != 0 { throw .compilation(options: [], log: "nvrtcVersion failed with code \(code)") }
    version = "\(major).\(minor)"
  }

  /// Returns the capability of the devices that the compiler knows and whose text runs on one of `capability`.
  func known(upTo capability: Int) -> Int {
    var count: Int32 = 0
    guard functions.nvrtcGetNumSupportedArchs(&count) == 0, count > 0 else { return capability }
    var all = [Int32](repeating: 0, count: Int(count))
    guard functions.nvrtcGetSupportedArchs(&all) == 0 else { return capability }
    return all.map(Int.init).filter { $0 <= capability }.max() ?? capability
  }

  /// Compiles the kernels.
  ///
  /// - Throws: what the compiler says of them.
  func image(_ form: KernelImage.Form, capability: Int) throws(CUDAError) -> KernelImage {
    let options = source.options(form, capability: capability)
    var program: cgad_nvrtc_program?
    let created = functions.nvrtcCreateProgram(&program, source.text, KernelSource.name, 0, nil, nil)
    guard created == 0, let program else { throw .compilation(options: options, log: text(of: created)) }
    defer {
      var gone: cgad_nvrtc_program? = program
      _ = functions.nvrtcDestroyProgram(&gone)
    }
    let code = withCStrings(options) { functions.nvrtcCompileProgram(program, Int32(options.count), $0) }
    if code != 0 {
      let log = bytes(of: program, functions.nvrtcGetProgramLogSize, functions.nvrtcGetProgramLog)
      let lines = String(decoding: (log ?? []).prefix { $0 != 0 }, as: UTF8.self)
      throw .compilation(options: options, log: lines.isEmpty ? text(of: code) : lines)
    }
    let image =
      switch form {
      case .cubin: bytes(of: program, functions.nvrtcGetCUBINSize, functions.nvrtcGetCUBIN)
      case .ptx: bytes(of: program, functions.nvrtcGetPTXSize, functions.nvrtcGetPTX)
      }
    guard let image, !image.isEmpty else { throw .compilation(options: options, log: "the result is empty") }
    return .init(bytes: image, origin: "compiled by NVRTC \(version) for \(form.architecture(capability))")
  }

  private func text(of code: cgad_nvrtc_result) -> String {
    functions.nvrtcGetErrorString(code).map { String(cString: $0) } ?? "error \(code)"
  }

  /// Returns what one function writes after another told its size, `nil` if one fails.
  private func bytes(
    of program: cgad_nvrtc_program,
    _ size: (cgad_nvrtc_program?, UnsafeMutablePointer<Int>?) -> cgad_nvrtc_result,
    _ content: (cgad_nvrtc_program?, UnsafeMutablePointer<CChar>?) -> cgad_nvrtc_result
  ) -> [UInt8]? {
    var count = 0
    guard size(program, &count) == 0 else { return nil }
    var result = [CChar](repeating: 0, count: count)
    return content(program, &result) == 0 ? result.map { UInt8(bitPattern: $0) } : nil
  }

}

/// The text of the kernels and how it is compiled.
struct KernelSource {

  /// The name of the text in messages.
  static let name = "cgad.cu"

  /// Kernels round after each operation, as those of the CPU do, so that both give the same bits.
  private static let options = ["--std=c++17", "--fmad=false", "--generate-line-info"]

  /// The text, which ends with a zero.
  let text: UnsafePointer<CChar>

  /// The digest of the text and the options, 32 hexadecimal digits.
  let digest: String

  init(text: UnsafePointer<CChar>, byteCount: Int) {
    self.text = text
    let options = Self.options.joined(separator: " ")
    digest = ["first", "second"].map { (half) in
      let digits = String(cgad_digest(StableHash.fnv1a(half + options), text, byteCount), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Returns the compiler's options.
  func options(_ form: KernelImage.Form, capability: Int) -> [String] {
    ["--gpu-architecture=\(form.architecture(capability))"] + Self.options
  }

  /// Returns the name of the file that holds the compiled kernels.
  func fileName(_ form: KernelImage.Form, capability: Int) -> String {
    "\(digest)-\(form.architecture(capability)).\(form.rawValue)"
  }

}

/// Calls `body` with the strings as C has them.
private func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
  let bytes = strings.map { Array($0.utf8CString) }
  let copies = bytes.map { (b) in
    let p = UnsafeMutablePointer<CChar>.allocate(capacity: b.count)
    p.initialize(from: b, count: b.count)
    return p
  }
  defer { for p in copies { p.deallocate() } }
  let pointers = copies.map { UnsafePointer<CChar>?($0) }
  return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
}
