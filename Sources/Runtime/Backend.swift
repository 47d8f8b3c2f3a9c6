package import Operations

/// Bytes of a value where they lie for the whole run.
package struct Buffer {

  /// The first byte, aligned to 64.
  package let address: UnsafeMutableRawPointer

  package let type: TensorType

  package init(address: UnsafeMutableRawPointer, type: TensorType) {
    self.address = address
    self.type = type
  }

}

/// What random operations and optimizers depend on besides their operands.
package struct StepKeys: Hashable, Sendable {

  package var seed: UInt64

  /// The step, counted from 0.
  package var step: UInt32

  package var microBatch: UInt32

  package var replica: UInt32

  package init(seed: UInt64, step: UInt32 = 0, microBatch: UInt32 = 0, replica: UInt32 = 0) {
    self.seed = seed
    self.step = step
    self.microBatch = microBatch
    self.replica = replica
  }

}

/// Why a kernel could not do its work.
package struct KernelFailure: Error, Hashable, Sendable, CustomStringConvertible {

  /// What was wrong, with numbers: `label of example 3 is outside [0, 10)`.
  package let description: String

  package init(_ description: String) { self.description = description }

}

/// An operation bound to its operands and results, ready to be executed any number of times.
package typealias Kernel = (StepKeys) throws(KernelFailure) -> Void

/// A device that executes operations.
///
/// There is one implementation of each operation, used for the first execution and for every recomputation; it gives the
/// same bits for the same operands, keys and thread count.
package protocol Backend {

  /// The name in plans: `cpu`.
  var target: String { get }

  /// Returns the kernel of `operation` for the given buffers; nothing is left to check when it runs.
  ///
  /// The result of an operation may have the address of an operand that `Operation.overwritable` names.
  ///
  /// - Requires: the buffers' types pass the operation's shape rule and outlive the kernel.
  func kernel(of operation: Operation, operands: [Buffer], results: [Buffer]) -> Kernel

  /// Fills `buffer` as `initializer` says, as a function of (seed, path, element).
  func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String)

}
