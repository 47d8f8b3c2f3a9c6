import Operations
import Runtime
import Support

/// Operations on values that have their places in one piece of memory, as those of a plan.
struct PlacedSequence: Sendable {

  /// A value and the offset of its first byte.
  struct Value: Hashable, Sendable {

    let offset: Int

    let type: TensorType

    var end: Int { offset + type.size.value }

    func overlaps(_ other: Value) -> Bool { max(offset, other.offset) < min(end, other.end) }

  }

  enum Instruction: Sendable {

    case compute(Operation, operands: [Value], results: [Value])

    /// The value is read no more; `poison` says that its bytes are filled.
    case delete(Value, poison: Bool)

  }

  var instructions: [Instruction] = []

  /// The bytes of the memory.
  let byteCount: Int

  /// What is there at the end.
  var live: [Value] = []

  /// The bytes that the operations work in, one after another.
  var workspaceBytes: Int {
    let needs = instructions.map { (i) in
      guard case .compute(let f, let operands, _) = i else { return 0 }
      return WorkspaceModel.cuda.bytes(of: f, operands.map(\.type))
    }
    return needs.max() ?? 0
  }

}
