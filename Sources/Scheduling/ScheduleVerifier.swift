package import IR
import Operations

/// A broken rule of schedules, which is a bug in a policy.
package struct ScheduleViolation: Error, Hashable, Sendable, CustomStringConvertible {

  /// The step at fault.
  package let step: Int

  package let message: String

  package var description: String { "step \(step): \(message)" }

}

/// Checks schedules by executing them abstractly; it shares nothing with what makes them.
package struct ScheduleVerifier {

  private let function: Function

  private let schedule: Schedule

  /// The values that must not be recomputed, because a rule saves them.
  private let obligedToSave: Set<ValueID>

  private var isLive: Set<VersionID> = []

  private var isExecuted: [Bool]

  /// The version of each value that was copied to the host.
  private var offloaded: [ValueID: VersionID] = [:]

  /// The values that were copied to the host and not fetched yet.
  private var unfetched: Set<ValueID> = []

  /// Creates a verifier of `schedule`, a schedule of `function`.
  package init(_ schedule: Schedule, of function: Function, obligedToSave: Set<ValueID> = []) {
    self.schedule = schedule
    self.function = function
    self.obligedToSave = obligedToSave
    isExecuted = .init(repeating: false, count: function.instructions.count)
  }

  /// Proves that every use is of a live version of the right value, that instructions run once and in order of their
  /// dependences, that effects run once and after the last read of what they change, that parameters are updated after the
  /// last micro-batch and all else is done in each, that only first lives of what is not obliged to be saved end early
  /// or are copied to the host, from where they come back after their deletion,
  /// and that nothing reported is deleted or anything else left over.
  ///
  /// - Complexity: O(*n*) expected, where *n* is the number of operands.
  package mutating func verify() throws(ScheduleViolation) {
    var updated: Set<ValueID> = []
    var sums: Set<ValueID> = []
    for (t, s) in schedule.steps.enumerated() {
      switch s.action {
      case .delete:
        try delete(s, t)
        continue
      case .offload:
        try offload(s, t)
        continue
      case .fetch:
        try fetch(s, t)
        continue
      case .compute, .recompute, .update: break
      }
      try execute(s, t)
      try verifyMicroBatch(s, t, &sums)
      for o in s.operands where updated.contains(value(o)) {
        throw violation(t, "'\(name(o))' is read after its update")
      }
      let operation = function[s.instruction].operation
      if operation == .accumulate { continue }
      for o in s.operands.prefix(operation.writtenCount) { updated.insert(value(o)) }
    }
    let results = Set(function.results.map(\.value))
    for v in isLive.sorted() where !results.contains(value(v)) {
      throw violation(schedule.steps.count, "'\(name(v))' is left over")
    }
    for r in results.sorted() where !isLive.contains(where: { value($0) == r }) {
      throw violation(schedule.steps.count, "the result '\(function[r].name)' is gone")
    }
    if let v = unfetched.min() {
      throw violation(schedule.steps.count, "'\(function[v].name)' is offloaded and never fetched")
    }
    if let i = isExecuted.firstIndex(of: false) {
      throw violation(schedule.steps.count, "'\(function.text(of: .init(i)))' is never executed")
    }
  }

  private mutating func execute(_ s: ScheduledStep, _ t: Int) throws(ScheduleViolation) {
    let i = function[s.instruction]
    if s.operands.map(value) != i.operands { throw violation(t, "the operands are of other values") }
    if s.results.map(value) != i.results { throw violation(t, "the results are of other values") }
    for o in s.operands where !isStorage(o) && !isLive.contains(o) { throw violation(t, "'\(name(o))' is not live") }
    if (s.action == .recompute) != isExecuted[s.instruction.index] {
      throw violation(t, "\(s.action) of what is\(s.action == .recompute ? " not" : "") computed")
    }
    if (i.operation.effect == .update) != (s.action == .update) { throw violation(t, "an effect that is no update") }
    isExecuted[s.instruction.index] = true
    for r in s.results where !isLive.insert(r).inserted { throw violation(t, "'\(name(r))' is already live") }
    if s.action == .recompute, let r = s.results.first(where: { obligedToSave.contains(value($0)) }) {
      throw violation(t, "'\(name(r))' is saved by a rule and must not be recomputed")
    }
  }

  /// Checks that the step stands where it belongs, before or after the end of the micro-batch, and that sums of gradients
  /// are added to before it and read after it; `sums` are those added to so far.
  private func verifyMicroBatch(
    _ s: ScheduledStep, _ t: Int, _ sums: inout Set<ValueID>
  ) throws(ScheduleViolation) {
    let isApplied = schedule.applyStart.map { $0 <= t } ?? false
    if isApplied != (function.applyStart.map { $0 <= s.instruction } ?? false) {
      throw violation(t, "a step on the wrong side of the end of the micro-batch")
    }
    if function[s.instruction].operation == .accumulate {
      sums.insert(value(s.operands[0]))
    } else if !isApplied, let o = s.operands.first(where: { sums.contains(value($0)) }) {
      throw violation(t, "'\(name(o))' is read before it is complete")
    }
  }

  private mutating func delete(_ s: ScheduledStep, _ t: Int) throws(ScheduleViolation) {
    for o in s.operands where isLive.remove(o) == nil {
      throw violation(t, "delete of '\(name(o))', which is not live")
    }
  }

  /// Checks that a live value in the arena is copied to the host, for the first time.
  private mutating func offload(_ s: ScheduledStep, _ t: Int) throws(ScheduleViolation) {
    guard s.operands.count == 1, s.results.isEmpty else { throw violation(t, "an offload is of one operand") }
    let v = s.operands[0]
    if isStorage(v) || !isLive.contains(v) { throw violation(t, "offload of '\(name(v))', which is not live") }
    if offloaded.updateValue(v, forKey: value(v)) != nil { throw violation(t, "'\(name(v))' is offloaded twice") }
    unfetched.insert(value(v))
  }

  /// Checks that a new version of a value is made whose copy on the host is complete: the version copied is deleted.
  private mutating func fetch(_ s: ScheduledStep, _ t: Int) throws(ScheduleViolation) {
    guard s.operands.isEmpty, s.results.count == 1 else { throw violation(t, "a fetch gives one result") }
    let r = s.results[0]
    guard let source = offloaded[value(r)] else { throw violation(t, "fetch of '\(name(r))', which is not offloaded") }
    if isLive.contains(source) { throw violation(t, "fetch of '\(name(r))', which is live") }
    if !isLive.insert(r).inserted { throw violation(t, "'\(name(r))' is already live") }
    unfetched.remove(value(r))
  }

  private func value(_ v: VersionID) -> ValueID { schedule.versions[v.index].value }

  private func name(_ v: VersionID) -> String { function[value(v)].name }

  private func isStorage(_ v: VersionID) -> Bool {
    if case .storage = function[value(v)].origin { return true }
    return false
  }

  private func violation(_ step: Int, _ message: String) -> ScheduleViolation { .init(step: step, message: message) }

}
