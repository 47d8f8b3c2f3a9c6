package import Operations

/// Bytes of a value where they lie for the whole run, in a device's memory or the host's.
///
/// The members that touch the bytes are for buffers in the host's memory; `Backend.download` gives one for any buffer.
package struct Buffer {

  /// The first byte, aligned as the plan's target asks for.
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

/// Kernels that are executed in order, any number of times.
package final class KernelSequence {

  package let kernels: [Kernel]

  /// For each kernel the value that is dead behind it: its bytes are read no more before something writes them. `nil` where
  /// none dies, and where the bytes hold another value already.
  ///
  /// A device may leave out writing what dies before it is read; nothing else depends on it.
  package let released: [Buffer?]

  /// What the device keeps to execute the sequence faster, made at its first execution.
  package var recording: AnyObject?

  /// - Requires: `released` has one element for each kernel, or none.
  package init(_ kernels: [Kernel], released: [Buffer?] = []) {
    self.kernels = kernels
    self.released = released.isEmpty ? kernels.map { (_) in nil } : released
  }

}

/// Why a sequence of kernels ended early.
package struct SequenceFailure: Error, Hashable, Sendable {

  /// The position of the kernel that failed, `nil` if the device does not tell.
  package let position: Int?

  package let failure: KernelFailure

  package init(position: Int?, _ failure: KernelFailure) {
    self.position = position
    self.failure = failure
  }

}

/// A device that executes operations.
///
/// There is one implementation of each operation, used for the first execution and for every recomputation; it gives the
/// same bits for the same operands, keys and thread count.
///
/// Devices whose memory is the host's need only the first three members; `Backend+Host.swift` has the others.
package protocol Backend {

  /// The name in plans: `cpu`.
  var target: String { get }

  /// Returns the kernel of `operation` for the given buffers; nothing is left to check when it runs.
  ///
  /// When the kernel returns its work is done, and its results may be accessed. The result of an operation may have the
  /// address of an operand that `Operation.overwritable` names. While it runs it may write to `workspace`, which overlaps
  /// none of the buffers and holds anything before and after.
  ///
  /// - Requires: the buffers' types pass the operation's shape rule, the workspace has the bytes that the target's
  ///   `WorkspaceModel` tells, and both outlive the kernel.
  /// - Throws: if the device cannot execute the operation.
  func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer
  ) throws(MachineError) -> Kernel

  /// As `kernel(of:operands:results:workspace:)`, products of matrices being computed as `products` says.
  ///
  /// - Requires: `require` allows the method.
  func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer,
    products: ProductMethod
  ) throws(MachineError) -> Kernel

  /// Throws unless the device can compute products of matrices as `products` says; all can in f32 by cgad's kernels.
  func require(_ products: ProductMethod) throws(MachineError)

  /// Fills `buffer` as `initializer` says, as a function of (seed, path, element).
  func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String)

  /// The folder of the file that holds what is offloaded, where a device keeps that in a file; `nil` for that of
  /// temporary files.
  var offloadFolder: String? { get }

  /// Allocates memory for persistent storage, for the arena, and on the host for what is offloaded; it is not cleared.
  ///
  /// - Throws: if the device or the host does not have it.
  func allocate(persistent: Int, arena: Int, host: Int) throws(MachineError) -> any PlanMemory

  /// Returns the copy of `buffer`, which lies in the arena, to or from `host`, which lies in the host's part of the memory.
  ///
  /// - Throws: if the device cannot be made ready for it.
  func copy(
    _ direction: HostCopy.Direction, of buffer: Buffer, at host: UnsafeMutableRawPointer
  ) throws(MachineError) -> HostCopy

  /// Executes the kernels of `sequence` in order; when it returns their work is done.
  ///
  /// - Parameter meanwhile: what the host can do while the device computes. It touches memory of the host alone, `staging`
  ///   included. It is called at most once; devices whose memory is the host's never call it.
  /// - Throws: what a kernel found wrong, or what failed before; kernels behind the one that failed may have been executed.
  func execute(_ sequence: KernelSequence, _ keys: StepKeys, meanwhile: () -> Void) throws(SequenceFailure)

  /// Executes `kernel` by itself and returns how long the device took; `nil` where the host's clock tells.
  func timed(_ kernel: Kernel, _ keys: StepKeys) throws(KernelFailure) -> Duration?

  /// `true` iff sequences are executed otherwise than by their kernels one after the other: as one launch, of which some may
  /// be joined.
  var joinsKernels: Bool { get }

  /// Returns memory of the host with the present bytes of `buffer`: its own where that is the host's, otherwise a copy.
  func download(_ buffer: Buffer) -> HostMemory

  /// Returns memory of the host from which `upload` fills `buffer`: its own where that is the host's.
  func staging(for buffer: Buffer) -> HostMemory

  /// Copies the bytes of `memory` to `buffer`.
  ///
  /// - Requires: `memory` was made for `buffer` by `staging` or `download`.
  func upload(_ memory: HostMemory, to buffer: Buffer)

  /// Copies one buffer of this device to another of the same type.
  func copy(from source: Buffer, to target: Buffer)

  /// Sets every byte of `buffer` to `byte`, after the kernels that were executed before.
  func fill(_ buffer: Buffer, with byte: UInt8)

  /// Why memory could not be accessed, the first time; `nil` if it always could.
  ///
  /// What was read since then is zeros. No sequence is executed any more.
  var failure: KernelFailure? { get }

}

extension Backend {

  /// Executes the kernels of `sequence` in order, the host waiting.
  package func execute(_ sequence: KernelSequence, _ keys: StepKeys) throws(SequenceFailure) {
    try execute(sequence, keys, meanwhile: {})
  }

  /// Calls `body` with the bytes of `buffer` in the host's memory, to be read.
  func read<R, E: Error>(_ buffer: Buffer, _ body: (Buffer) throws(E) -> R) throws(E) -> R {
    let memory = download(buffer)
    defer { withExtendedLifetime(memory) {} }
    return try body(memory.buffer)
  }

  /// Sets `buffer` to what `body` writes to memory of the host, which holds the present bytes.
  func modify<E: Error>(_ buffer: Buffer, _ body: (Buffer) throws(E) -> Void) throws(E) {
    let memory = download(buffer)
    try body(memory.buffer)
    upload(memory, to: buffer)
  }

  /// Sets `buffer` to what `body` writes to memory of the host; it must write all bytes.
  func write<E: Error>(_ buffer: Buffer, _ body: (Buffer) throws(E) -> Void) throws(E) {
    let memory = staging(for: buffer)
    try body(memory.buffer)
    upload(memory, to: buffer)
  }

}
