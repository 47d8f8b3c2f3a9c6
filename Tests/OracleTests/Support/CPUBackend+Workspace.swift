import CPUBackend
import Operations
import Runtime

extension CPUBackend {

  /// Returns the kernel of `operation` with a workspace of its own, filled with NaN.
  func kernel(of operation: Operation, operands: [Buffer], results: [Buffer]) -> Kernel {
    let bytes = workspaceModel.bytes(of: operation, operands.map(\.type))
    let work = HostMemory(.init(.u8, [bytes]))
    work.buffer.fill(with: Buffer.poisonByte)
    let kernel = kernel(of: operation, operands: operands, results: results, workspace: work.buffer.bytes)
    return { (keys) throws(KernelFailure) in
      defer { withExtendedLifetime(work) {} }
      try kernel(keys)
    }
  }

}
