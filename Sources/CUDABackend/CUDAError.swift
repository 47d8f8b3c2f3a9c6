import CCUDA

/// Why CUDA cannot be used, or what went wrong in it.
package enum CUDAError: Error, Hashable, Sendable {

  /// No library of several was usable.
  case library(LibraryAbsence)

  /// The driver knows no device.
  case noDevice

  /// A function of the driver returned an error.
  case call(DriverError)

  /// cuBLASLt did not compute a product of matrices.
  case product(ProductError)

  /// The kernels could not be compiled; `log` is what the compiler says.
  case compilation(options: [String], log: String)

  /// The module of the kernels has no function of that name.
  case missingKernel(String)

  /// `true` iff the device cannot be used any more by this process.
  var isSticky: Bool {
    switch self {
    case .call(let e): e.isSticky
    case .library, .noDevice, .product, .compilation, .missingKernel: false
    }
  }

  /// The position of the operation in the sequence that was recorded, if it is known.
  var position: Int? { if case .product(let e) = self { e.position } else { nil } }

  /// The error of the operation at `position` of the sequence that is recorded.
  func located(at position: Int) -> CUDAError {
    guard case .product(var e) = self else { return self }
    e.position = position
    return .product(e)
  }

}

extension CUDAError: CustomStringConvertible {

  /// The lines, and the characters of each, that are shown of a compiler's log.
  private static let logLimits = (lines: 24, columns: 160)

  private static func start(of log: String) -> String {
    log.split(separator: "\n").prefix(logLimits.lines).map { $0.prefix(logLimits.columns) }.joined(separator: "\n")
  }

  package var description: String {
    switch self {
    case .library(let absence): absence.description
    case .noDevice:
      """
      the CUDA driver is there but knows no device; look at 'nvidia-smi' and at the variable CUDA_VISIBLE_DEVICES, or run \
      with --device cpu
      """
    case .call(let error): error.description
    case .product(let error): error.description
    case .compilation(let options, let log):
      "NVRTC refused the kernels with \(options.joined(separator: " ")):\n\(Self.start(of: log))"
    case .missingKernel(let name): "the kernels have no function '\(name)'"
    }
  }

}

/// An error that a function of the driver returned.
package struct DriverError: Error, Hashable, Sendable, CustomStringConvertible {

  /// The function and what it was to do: `cuMemAlloc of 1024 bytes`.
  package let call: String

  /// The `CUresult`.
  package let code: UInt32

  /// The driver's name of the code and its text.
  package let name: String
  package let text: String

  /// `true` iff every later call in this process fails, too: the kernels or the device broke the context.
  ///
  /// - Source: CUDA Driver API, `CUresult`: codes after which "the process must be terminated and relaunched".
  package var isSticky: Bool {
    [214, 220, 226, 700, 702, 709, 710, 713, 714, 715, 716, 717, 718, 719, 720, 999].contains(code)
  }

  package var description: String {
    "\(call): \(name) (\(code)): \(text)" + (isSticky ? "; the device cannot be used any more by this process" : "")
  }

}

/// What was looked for in vain.
package struct LibraryAbsence: Error, Hashable, Sendable, CustomStringConvertible {

  /// A name that was tried and why it did not do.
  package struct Attempt: Hashable, Sendable {

    package let path: String

    package let reason: String

  }

  /// `the CUDA driver`.
  package let what: String

  package let attempts: [Attempt]

  /// How to get it.
  package let advice: String

  package var description: String {
    let lines = attempts.map { "  \($0.path): \($0.reason)" }
    return (["\(what) was not found; looked for:"] + lines + [advice]).joined(separator: "\n")
  }

}
