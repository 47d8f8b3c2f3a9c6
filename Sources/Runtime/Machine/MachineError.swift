package import Operations
import Support

/// Why a plan cannot be executed on this machine.
package enum MachineError: Error, Hashable, Sendable {

  /// The memory cannot be allocated.
  case outOfMemory(byteCount: Int)

  /// The device does not have the memory; `free` is what nobody else uses.
  case deviceOutOfMemory(byteCount: Int, free: Int, device: String)

  /// The file for what is offloaded cannot be made, or not of that size.
  case offloadFile(folder: String, byteCount: Int, reason: String)

  /// The host does not have the page-locked memory for what is offloaded.
  case pinnedMemory(byteCount: Int, reason: String)

  /// Keeping every value would take more than is sensible.
  case referenceTooLarge(byteCount: Int, limit: Int)

  /// The device cannot execute an operation; `place` is its program and source line, where known.
  case unsupported(operation: String, place: String?)

  /// The device could not be made ready.
  case device(String)

  /// The device cannot compute products of matrices in the precision of the plan.
  case precision(MatrixPrecision, reason: String)

  /// The library that the plan names cannot compute a product of matrices; `place` is its program, source line and value,
  /// where known.
  case product(String, place: String?)

  /// The plan was made for another device.
  case wrongTarget(plan: String, machine: String)

}

extension MachineError: CustomStringConvertible {

  package var description: String {
    switch self {
    case .outOfMemory(let n):
      "this machine cannot allocate \(ByteCount(n)) (\(n) bytes); compile with a smaller --budget or batch"
    case .deviceOutOfMemory(let n, let free, let device):
      """
      \(device) cannot allocate \(ByteCount(n)) (\(n) bytes), of which \(ByteCount(free)) are free; compile with a smaller \
      --budget or batch
      """
    case .offloadFile(let folder, let n, let reason):
      """
      cannot make a file of \(ByteCount(n)) (\(n) bytes) in \(folder) for what the plan offloads: \(reason); name a folder \
      with --offload-dir
      """
    case .pinnedMemory(let n, let reason):
      "the host has no \(ByteCount(n)) (\(n) bytes) of page-locked memory for what the plan offloads: \(reason)"
    case .referenceTooLarge(let n, let limit):
      """
      keeping every value takes \(ByteCount(n)) (\(n) bytes), more than the \(ByteCount(limit)) that the reference may \
      use; compile with a smaller batch to verify this plan
      """
    case .unsupported(let operation, let place):
      (place.map { "\($0): " } ?? "") + "this device has no kernel for \(operation)"
    case .device(let reason): reason
    case .precision(let precision, let reason):
      "the plan asks for products of matrices in \(precision), but \(reason); compile it without --matmul-precision"
    case .product(let problem, let place): (place.map { "\($0): " } ?? "") + problem
    case .wrongTarget(let plan, let machine):
      """
      the plan is for '\(plan)', this machine executes '\(machine)'; compile it with --target \(machine), or run it with \
      --device \(plan)
      """
    }
  }

  /// The error of an instruction at `place`, which computes the value of that name, if any.
  func located(at place: String, for value: String? = nil) -> MachineError {
    switch self {
    case .unsupported(let operation, nil): .unsupported(operation: operation, place: place)
    case .product(let problem, nil): .product(problem, place: value.map { "\(place): \($0)" } ?? place)
    case .unsupported, .outOfMemory, .deviceOutOfMemory, .offloadFile, .pinnedMemory, .referenceTooLarge, .device,
      .precision, .product, .wrongTarget:
      self
    }
  }

}

/// Why an instruction failed.
package struct ExecutionFailure: Error, Hashable, Sendable, CustomStringConvertible {

  /// The source line of the instruction, its program and its first result.
  package let place: String

  package let failure: KernelFailure

  package var description: String { "\(place): \(failure)" }

}
