import Operations
package import PlanFormat

/// The life of one entry of a program's table of values: a value as it was computed the first or a later time.
///
/// Positions are those of instructions, counted from 0; storage is born at -1.
package struct ReviewedVersion: Hashable, Sendable {

  /// The position in the table of values.
  package let value: PlanValueIndex

  package internal(set) var category: ReviewCategory

  /// The bytes in the arena, 0 for storage.
  package let bytes: Int

  /// Where it is defined.
  package internal(set) var birth = -1

  /// Where its bytes end: the instruction that deletes it, or the one whose result takes them over.
  package internal(set) var release: Int

  /// Where it is deleted; the end of the program if it is not.
  package internal(set) var deletion: Int

  /// Its last reader of the forward part.
  package internal(set) var lastForwardRead: Int?

  /// Its first reader of the backward part.
  package internal(set) var firstBackwardRead: Int?

  /// The first instruction that changes it, which only storage is.
  package internal(set) var update: Int?

  /// `true` iff its bytes are taken while the instruction at `position` is executed.
  package func isLive(at position: Int) -> Bool { bytes > 0 && birth <= position && position < release }

  /// Notes that the instruction at `position` has it as its operand `k`.
  mutating func use(at position: Int, by i: PlanInstruction, operand k: Int, isBackward: Bool) {
    if i.action == .delete {
      deletion = position
      release = min(release, position)
    } else if !isBackward {
      lastForwardRead = position
    } else if firstBackwardRead == nil {
      firstBackwardRead = position
    }
    if update == nil, case .update(let o) = i.action, k < o.writtenCount { update = position }
  }

}
