package import IR
package import Support

/// The identity of a version, valid in its schedule.
package struct VersionID: Hashable, Comparable, Sendable {

  /// The position in the schedule's table of versions.
  package let index: Int

  package init(_ index: Int) { self.index = index }

  package static func < (l: Self, r: Self) -> Bool { l.index < r.index }

}

/// One life of a value: from its computation or recomputation to its deletion.
package struct Version: Hashable, Sendable {

  package let value: ValueID

  /// 1 for the first life, 2 for the first recomputation, and so on.
  package let ordinal: Int

}

/// One instruction of a schedule.
package struct ScheduledStep: Hashable, Sendable {

  package enum Action: String, Hashable, Sendable {

    /// The instruction is executed for the first time.
    case compute

    /// It is executed again.
    case recompute

    /// Persistent storage is changed.
    case update

    /// The life of the operand ends; if it is being copied to the host, once that is done.
    case delete

    /// The copy of the operand to the host begins.
    case offload

    /// A version of a value that was offloaded is made from the copy on the host.
    case fetch

  }

  package let action: Action

  /// What is executed; for `delete`, the instruction of the step before, which used the version last; for copies, and the
  /// deletion after one, the instruction that defines the value.
  package let instruction: InstructionID

  /// What it reads, or what is deleted.
  package let operands: [VersionID]

  /// What it defines.
  package let results: [VersionID]

  /// Creates a step.
  package init(action: Action, instruction: InstructionID, operands: [VersionID], results: [VersionID]) {
    self.action = action
    self.instruction = instruction
    self.operands = operands
    self.results = results
  }

}

/// A function with its computations, recomputations and deletions in order.
package struct Schedule: Sendable {

  package let versions: [Version]

  package let steps: [ScheduledStep]

  /// The position of the first step of the backward part, or `nil` where there is none.
  package let backwardStart: Int?

  /// The position of the first step of the part that is executed after the last micro-batch, or `nil` where there is none.
  package let applyStart: Int?

  /// The values that the policy gave up one after the other, if it went that way.
  package var released: [ValueID] = []

  /// No schedule of the same budget that keeps the order of first executions recomputes for less; `nil` where nothing is
  /// known.
  package var costBound: Int?

  /// What proves the bound, or a lower one, in a plan.
  package var certificate: BoundCertificate?

  /// What proves more than the `certificate`, or `nil`.
  package var operandCertificate: OperandBoundCertificate?

  /// Creates a schedule, which may be broken: `ScheduleVerifier` says whether it is.
  package init(versions: [Version], steps: [ScheduledStep], backwardStart: Int?, applyStart: Int? = nil) {
    self.versions = versions
    self.steps = steps
    self.backwardStart = backwardStart
    self.applyStart = applyStart
  }

}
