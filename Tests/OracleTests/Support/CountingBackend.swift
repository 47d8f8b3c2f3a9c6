import CPUBackend
import Operations
import Runtime

/// The processor, counting by itself what its kernels do and where they write.
final class CountingBackend: Backend {

  private let processor: CPUBackend

  /// How often each operation was executed.
  private(set) var executions: [Operation: Int] = [:]

  /// The lowest first byte and the highest end of results and workspaces.
  private(set) var written: (low: UInt, high: UInt)?

  var target: String { processor.target }

  /// All operations executed.
  var count: Int { executions.values.reduce(0, +) }

  /// The bytes from the lowest to the highest that results and workspaces occupied.
  var writtenBytes: Int { written.map { Int($0.high - $0.low) } ?? 0 }

  init(threads: Int) throws { processor = try CPUBackend(threads: threads) }

  func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer
  ) -> Kernel {
    let kernel = processor.kernel(of: operation, operands: operands, results: results, workspace: workspace)
    return { (keys) throws(KernelFailure) in
      try kernel(keys)
      self.executions[operation, default: 0] += 1
      for r in results { self.noteWritten(.init(start: r.address, count: r.byteCount)) }
      if workspace.count > 0 { self.noteWritten(workspace) }
    }
  }

  private func noteWritten(_ bytes: UnsafeMutableRawBufferPointer) {
    let low = UInt(bitPattern: bytes.baseAddress)
    let high = low + UInt(bytes.count)
    written = written.map { (min($0.low, low), max($0.high, high)) } ?? (low, high)
  }

  func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String) {
    processor.initialize(buffer, as: initializer, seed: seed, path: path)
  }

}
