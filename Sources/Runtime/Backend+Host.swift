package import Operations

/// What devices do whose memory is the host's.
extension Backend {

  package func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer,
    products: ProductMethod
  ) throws(MachineError) -> Kernel {
    precondition(products == .init(), "\(target) computes products in f32 by cgad's kernels alone")
    return try kernel(of: operation, operands: operands, results: results, workspace: workspace)
  }

  package func require(_ products: ProductMethod) throws(MachineError) {
    if products.precision != .f32 {
      throw .precision(products.precision, reason: "the device '\(target)' computes them in f32 alone")
    }
    if products.library != .cgad {
      throw .device(
        "the plan asks for products of matrices by \(products.library), which the device '\(target)' has not")
    }
  }

  package var offloadFolder: String? { nil }

  package func allocate(persistent: Int, arena: Int, host: Int) throws(MachineError) -> any PlanMemory {
    try HostPlanMemory(persistent: persistent, arena: arena, host: host, in: offloadFolder)
  }

  /// Copies when it is begun; there is nothing to wait for.
  package func copy(
    _ direction: HostCopy.Direction, of buffer: Buffer, at host: UnsafeMutableRawPointer
  ) throws(MachineError) -> HostCopy {
    let (address, byteCount) = (buffer.address, buffer.byteCount)
    let nothing: Kernel = { (_) in }
    switch direction {
    case .offload: return .init(begin: { (_) in host.copyMemory(from: address, byteCount: byteCount) }, wait: nothing)
    case .fetch: return .init(begin: { (_) in address.copyMemory(from: host, byteCount: byteCount) }, wait: nothing)
    }
  }

  package func execute(
    _ sequence: KernelSequence, _ keys: StepKeys, meanwhile: () -> Void
  ) throws(SequenceFailure) {
    for (i, kernel) in sequence.kernels.enumerated() {
      do throws(KernelFailure) { try kernel(keys) } catch { throw .init(position: i, error) }
    }
  }

  package func timed(_ kernel: Kernel, _ keys: StepKeys) throws(KernelFailure) -> Duration? {
    try kernel(keys)
    return nil
  }

  package var joinsKernels: Bool { false }

  package func download(_ buffer: Buffer) -> HostMemory { .init(borrowing: buffer) }

  package func staging(for buffer: Buffer) -> HostMemory { .init(borrowing: buffer) }

  package func upload(_ memory: HostMemory, to buffer: Buffer) {}

  package func copy(from source: Buffer, to target: Buffer) { target.copy(from: source) }

  package func fill(_ buffer: Buffer, with byte: UInt8) { buffer.fill(with: byte) }

  package var failure: KernelFailure? { nil }

}
