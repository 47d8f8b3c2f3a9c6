import CUDABackend
import Operations
import Runtime

/// A CUDA device that counts what sequences would have it do, and does not execute them.
final class UnexecutedBackend: Backend {

  private let device: CUDABackend

  /// For each sequence the launches of its operations by themselves and as a graph.
  private(set) var counts: [(single: LaunchCounts, joined: LaunchCounts)] = []

  init(_ device: CUDABackend) { self.device = device }

  var target: String { device.target }

  var failure: KernelFailure? { device.failure }

  func allocate(persistent: Int, arena: Int, host: Int) throws(MachineError) -> any PlanMemory {
    try device.allocate(persistent: persistent, arena: arena, host: host)
  }

  func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer
  ) throws(MachineError) -> Kernel {
    try device.kernel(of: operation, operands: operands, results: results, workspace: workspace)
  }

  func copy(
    _ direction: HostCopy.Direction, of buffer: Buffer, at host: UnsafeMutableRawPointer
  ) throws(MachineError) -> HostCopy {
    try device.copy(direction, of: buffer, at: host)
  }

  func execute(_ sequence: KernelSequence, _ keys: StepKeys, meanwhile: () -> Void) {
    counts.append(device.launches(of: sequence))
  }

  func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String) {}

  func fill(_ buffer: Buffer, with byte: UInt8) { device.fill(buffer, with: byte) }

}
