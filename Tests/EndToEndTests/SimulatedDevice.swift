import Foundation

/// The simulator of the CUDA driver as programs are told of it.
struct SimulatedDevice: Sendable {

  /// The variables that programs are given.
  var environment: [String: String]

  /// Creates a device whose compiled kernels are kept in a folder that all tests share.
  init(_ further: [String: String] = [:]) throws {
    let library = try Self.library
    let cache = FileManager.default.temporaryDirectory.path + "/cgad-test-kernels"
    environment = ["CGAD_LIBCUDA": library, "CGAD_LIBNVRTC": library, "CGAD_CUDA_CACHE": cache]
    environment.merge(further) { $1 }
  }

  /// The simulator's file, which is built with the tests.
  private static var library: String {
    get throws {
      let bundle = (CommandLine.arguments.first ?? "").split(separator: "/", omittingEmptySubsequences: false)
      let folders = [bundle.dropLast().joined(separator: "/"), "\(Sample.root)/.build/debug"]
      let candidates = folders.map { "\($0)/libCUDASimulator.so" }
      guard let found = candidates.first(where: FileManager.default.fileExists) else {
        throw AbsentProgram(candidates: candidates)
      }
      return found
    }
  }

}

extension Workspace {

  /// Executes the virtual machine in this folder with further variables.
  func cgad(_ arguments: [String], with environment: [String: String], seconds: Int = 300) throws -> Finished {
    let options = ExecutionOptions(folder: path, seconds: seconds)
    let words = environment.map { "\($0)=\($1)" } + [try Program.cgad.path] + arguments
    var execution = try Execution("/usr/bin/env", words, options)
    return try execution.finish()
  }

  /// Executes the virtual machine on a simulated device.
  func cuda(_ device: SimulatedDevice, _ arguments: String...) throws -> Finished {
    try cgad(arguments + ["--device", "cuda"], with: device.environment)
  }

}
