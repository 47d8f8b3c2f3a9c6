import Operations

/// What devices do whose memory is the host's.
extension Backend {

  package func allocate(persistent: Int, arena: Int) throws(MachineError) -> any PlanMemory {
    try HostPlanMemory(persistent: persistent, arena: arena)
  }

  package func execute(_ sequence: KernelSequence, _ keys: StepKeys) throws(SequenceFailure) {
    for (i, kernel) in sequence.kernels.enumerated() {
      do throws(KernelFailure) { try kernel(keys) } catch { throw .init(position: i, error) }
    }
  }

  package func download(_ buffer: Buffer) -> HostMemory { .init(borrowing: buffer) }

  package func staging(for buffer: Buffer) -> HostMemory { .init(borrowing: buffer) }

  package func upload(_ memory: HostMemory, to buffer: Buffer) {}

  package func copy(from source: Buffer, to target: Buffer) { target.copy(from: source) }

  package func fill(_ buffer: Buffer, with byte: UInt8) { buffer.fill(with: byte) }

  package var failure: KernelFailure? { nil }

}
