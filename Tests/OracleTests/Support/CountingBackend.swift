import CPUBackend
import Operations
import Runtime

/// The processor, counting what its kernels do by itself.
final class CountingBackend: Backend {

  private let processor: CPUBackend

  /// How often each operation was executed since `reset`.
  private(set) var executions: [Operation: Int] = [:]

  var target: String { processor.target }

  init(threads: Int) throws { processor = try CPUBackend(threads: threads) }

  /// The operations executed since `reset`.
  var count: Int { executions.values.reduce(0, +) }

  func reset() { executions = [:] }

  func kernel(of operation: Operation, operands: [Buffer], results: [Buffer]) -> Kernel {
    let kernel = processor.kernel(of: operation, operands: operands, results: results)
    return { (keys) throws(KernelFailure) in
      self.executions[operation, default: 0] += 1
      try kernel(keys)
    }
  }

  func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String) {
    processor.initialize(buffer, as: initializer, seed: seed, path: path)
  }

}
