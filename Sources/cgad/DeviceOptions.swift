import ArgumentParser
import CPUBackend
import CUDABackend
import PlanFormat
import Runtime

extension PlanTarget: ExpressibleByArgument {}

extension CUDABackend {

  /// Opens the device; each operation is launched by itself unless `usesGraphs`.
  static func make(usesGraphs: Bool) throws(Failure) -> CUDABackend {
    try failing({ (e: CUDAError) in .init(.unusable, "\(e)") }) { () throws(CUDAError) in
      try CUDABackend(usesGraphs: usesGraphs)
    }
  }

  /// Returns what the device has free.
  func freeMemory() throws(Failure) -> SystemMemory.Limit {
    let free = try failing({ (e: CUDAError) in .init(.unusable, "\(e)") }) { () throws(CUDAError) in
      try device.memoryInformation().free
    }
    return .init(bytes: free, origin: "the memory that is free on the device")
  }

}

/// What a plan is executed on.
struct DeviceOptions: ParsableArguments {

  @Option(help: "Execute on this device.")
  var device = PlanTarget.cpu

  @Flag(
    inversion: .prefixedNo,
    help: "On cuda, launch a step as one graph; without, each operation is waited for and an error names it.")
  var cudaGraph = true

  @Option(
    help: "On the processor, keep what the plan offloads in an unnamed file in this folder; by default TMPDIR or /tmp.")
  var offloadDir: String?

  /// Returns the device, ready for `loaded`.
  ///
  /// - Throws: if it is not there.
  func backend(for loaded: LoadedPlan) throws(Failure) -> any Backend {
    switch device {
    case .cpu:
      let backend = try CPUBackend.make(for: loaded)
      backend.offloadFolder = offloadDir
      return backend
    case .cuda: return try cuda()
    }
  }

  /// Returns the CUDA device.
  func cuda() throws(Failure) -> CUDABackend { try .make(usesGraphs: cudaGraph) }

}
