import Support

/// Why a plan cannot be executed on this machine.
package enum MachineError: Error, Hashable, Sendable {

  /// The memory cannot be allocated.
  case outOfMemory(byteCount: Int)

  /// Keeping every value would take more than is sensible.
  case referenceTooLarge(byteCount: Int, limit: Int)

  /// The plan was made for another device.
  case wrongTarget(plan: String, machine: String)

}

extension MachineError: CustomStringConvertible {

  package var description: String {
    switch self {
    case .outOfMemory(let n):
      "this machine cannot allocate \(ByteCount(n)) (\(n) bytes); compile with a smaller --budget or batch"
    case .referenceTooLarge(let n, let limit):
      """
      keeping every value takes \(ByteCount(n)) (\(n) bytes), more than the \(ByteCount(limit)) that the reference may \
      use; compile with a smaller batch to verify this plan
      """
    case .wrongTarget(let plan, let machine): "the plan is for '\(plan)', this machine executes '\(machine)'"
    }
  }

}

/// Why an instruction failed.
package struct ExecutionFailure: Error, Hashable, Sendable, CustomStringConvertible {

  /// The program and the source line of the instruction.
  package let place: String

  package let failure: KernelFailure

  package var description: String { "\(place): \(failure)" }

}
