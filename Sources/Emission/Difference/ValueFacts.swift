import Support
import PlanFormat
package import Operations

/// What two plans are compared by, of one value.
package struct ValueFacts: Hashable, Sendable {

  package let type: TensorType

  package let fate: ReviewedValue.Fate

  /// What computes it, with the paths of what it reads; how storage is filled, and its kind.
  package let definition: String

  /// The bytes of the value.
  package var bytes: Int { type.size.value }

  /// The bytes that it takes from the forward to the backward part, or all the time.
  var keptBytes: Int {
    switch fate {
    case .storage, .saved, .savedAndRecomputed: bytes
    case .transient, .recomputed, .offloaded, .backward: 0
    }
  }

}

extension ProgramReview {

  /// Returns what is compared of `value`.
  func facts(of value: ReviewedValue) -> ValueFacts {
    let first = versions[value.versions[0]]
    if first.birth < 0 { return .init(type: value.type, fate: value.fate, definition: "") }
    let i = program.instructions[first.birth]
    let operands = i.operands.map { self.value(of: $0).path }
    return .init(type: value.type, fate: value.fate, definition: i.action.operation?.text(operands: operands) ?? "")
  }

}
