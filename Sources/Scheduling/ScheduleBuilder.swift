import IR
import Operations

extension StepAnalysis {

  /// Returns the schedule that keeps the forward values for which `saved` is true until backward and recomputes the
  /// others there, just before their first use, at most once each.
  ///
  /// Every life ends right after its last use: in the forward part for a value that is not saved, in the backward part
  /// after its last use there. An update stands as early as all it reads is complete and what it writes is no longer read,
  /// recomputations included; where a step is several micro-batches, behind all of that.
  ///
  /// The results of one instruction are made together, so all are saved iff the first one is.
  ///
  /// - Requires: `saved` has an element for each value.
  /// - Complexity: O(*n* log *n*) where *n* is the number of operands.
  package func schedule(saving saved: [Bool]) -> Schedule {
    var saved = saved
    for i in forward { for r in i.results.dropFirst() { saved[r.index] = saved[i.results[0].index] } }
    var builder = ScheduleBuilder(self)
    builder.appendForward()
    builder.forget { isForward[$0.index] && !saved[$0.index] && !isResult[$0.index] }
    builder.appendBackward()
    return builder.finish()
  }

}

/// A schedule under construction: first the executions in order, then the updates at their places, then the deletions.
private struct ScheduleBuilder {

  private let analysis: StepAnalysis

  private var versions: [Version] = []

  /// The version of each value that a use would read now, -1 if there is none.
  private var current: [Int]

  /// The executions so far, without updates and deletions.
  private var executions: [ScheduledStep] = []

  private var backwardStart: Int?

  /// The number of executions before the part that follows the last micro-batch.
  private var applyStart: Int?

  /// The updates of the forward part, with the versions that they read.
  private var forwardUpdates: [(instruction: InstructionID, operands: [VersionID])] = []

  private var function: Function { analysis.function }

  init(_ analysis: StepAnalysis) {
    self.analysis = analysis
    current = .init(repeating: -1, count: analysis.function.values.count)
    versions.reserveCapacity(analysis.function.values.count)
    executions.reserveCapacity(analysis.function.instructions.count)
    for (v, value) in analysis.function.values.enumerated() {
      if case .storage = value.origin { current[v] = addVersion(of: .init(v), ordinal: 1) }
    }
  }

  private mutating func addVersion(of v: ValueID, ordinal: Int) -> Int {
    versions.append(.init(value: v, ordinal: ordinal))
    return versions.count - 1
  }

  /// Appends the execution of `id`; results get a new version, and become current where none is.
  private mutating func execute(_ id: InstructionID, _ action: ScheduledStep.Action) {
    let i = function[id]
    let operands = i.operands.map { VersionID(current[$0.index]) }
    var results: [VersionID] = []
    for r in i.results {
      let v = addVersion(of: r, ordinal: action == .compute ? 1 : 2)
      results.append(.init(v))
      if current[r.index] < 0 { current[r.index] = v }
    }
    executions.append(.init(action: action, instruction: id, operands: operands, results: results))
  }

  mutating func appendForward() {
    for i in 0..<analysis.forwardCount {
      let id = InstructionID(i)
      if function[id].operation.effect == .update {
        forwardUpdates.append((id, function[id].operands.map { VersionID(current[$0.index]) }))
      } else {
        execute(id, .compute)
      }
    }
  }

  /// Makes later uses of the values for which `isForgotten` is true ask for a recomputation.
  mutating func forget(_ isForgotten: (ValueID) -> Bool) {
    guard function.backwardStart != nil else { return }
    backwardStart = executions.count
    for v in current.indices where isForgotten(.init(v)) { current[v] = -1 }
  }

  mutating func appendBackward() {
    for i in analysis.forwardCount..<function.instructions.count {
      let id = InstructionID(i)
      if id == function.applyStart { applyStart = executions.count }
      if function[id].operation.effect == .update { continue }
      recomputeMissing(for: id)
      execute(id, .compute)
    }
  }

  /// Recomputes the operands of `id` that have no current version, and what they need in turn, in order of execution.
  private mutating func recomputeMissing(for id: InstructionID) {
    var needed: Set<InstructionID> = []
    var pending = function[id].operands
    while let v = pending.popLast() {
      guard current[v.index] < 0, let d = analysis.definition(of: v), needed.insert(d).inserted else { continue }
      pending += function[d].operands
    }
    for d in needed.sorted() { execute(d, .recompute) }
  }

  /// Returns the schedule with updates and deletions in place.
  func finish() -> Schedule {
    let placed = withUpdates()
    var lastUse = [Int](repeating: -1, count: versions.count)
    for (t, s) in placed.steps.enumerated() {
      for v in s.operands { lastUse[v.index] = t }
      for v in s.results { lastUse[v.index] = t }
    }
    var steps: [ScheduledStep] = []
    steps.reserveCapacity(placed.steps.count * 2)
    var (backwardStart, applyStart) = (placed.backwardStart, placed.applyStart)
    for (t, s) in placed.steps.enumerated() {
      if t == placed.backwardStart { backwardStart = steps.count }
      if t == placed.applyStart { applyStart = steps.count }
      steps.append(s)
      for v in ending(s, at: t, lastUse) {
        steps.append(.init(action: .delete, instruction: s.instruction, operands: [v], results: []))
      }
    }
    if let b = placed.backwardStart, b == placed.steps.count { backwardStart = steps.count }
    return .init(versions: versions, steps: steps, backwardStart: backwardStart, applyStart: applyStart)
  }

  /// Returns the versions whose lives end with step `s` at `t`, ascending.
  private func ending(_ s: ScheduledStep, at t: Int, _ lastUse: [Int]) -> [VersionID] {
    var all: [VersionID] = []
    for v in s.operands where lastUse[v.index] == t && isDeletable(v) && !all.contains(v) { all.append(v) }
    for v in s.results where lastUse[v.index] == t && isDeletable(v) { all.append(v) }
    if all.count > 1 { all.sort() }
    return all
  }

  /// `true` iff `v` is in the arena and is not reported.
  private func isDeletable(_ v: VersionID) -> Bool {
    let value = versions[v.index].value
    return analysis.definition(of: value) != nil && !analysis.isResult[value.index]
  }

  /// The executions with the updates at their places.
  private struct PlacedSteps {
    var steps: [ScheduledStep] = []
    var backwardStart: Int?
    var applyStart: Int?
  }

  /// Returns the executions with every update right after both its new content's completion and its target's last read.
  private func withUpdates() -> PlacedSteps {
    var all = forwardUpdates
    for i in analysis.forwardCount..<function.instructions.count
    where function.instructions[i].operation.effect == .update {
      all.append((.init(i), function.instructions[i].operands.map { VersionID(current[$0.index]) }))
    }
    let end = applyStart ?? executions.count
    let (micro, whole) = (lastReads(before: end), lastReads(before: executions.count))
    let updates = all.map { (u) in
      isApplied(u.instruction) ? placed(u, after: end - 1, whole) : placed(u, after: -1, micro)
    }
    return merged(updates.sorted { ($0.after, $0.instruction) < ($1.after, $1.instruction) })
  }

  /// `true` iff `id` belongs to the part that follows the last micro-batch.
  private func isApplied(_ id: InstructionID) -> Bool { function.applyStart.map { $0 <= id } ?? false }

  /// For each version, where it is defined and read last, -1 where it is not.
  private struct Uses {
    var definition: [Int]
    var lastRead: [Int]
  }

  /// Returns the definitions, and the last reads among the first `count` executions.
  private func lastReads(before count: Int) -> Uses {
    let none = [Int](repeating: -1, count: versions.count)
    var uses = Uses(definition: none, lastRead: none)
    for (t, s) in executions.enumerated() {
      if t < count { for v in s.operands { uses.lastRead[v.index] = t } }
      for v in s.results { uses.definition[v.index] = t }
    }
    return uses
  }

  /// An update and the position of the execution it must come after.
  private struct PlacedUpdate {
    let after: Int
    let instruction: InstructionID
    let operands: [VersionID]
  }

  /// Places `update` after execution `first`, the definitions of what it reads, and the last reads of what it writes.
  private func placed(
    _ update: (instruction: InstructionID, operands: [VersionID]), after first: Int, _ uses: Uses
  ) -> PlacedUpdate {
    let count = function[update.instruction].operation.writtenCount
    let written = update.operands.prefix(count).reduce(first) { max($0, uses.lastRead[$1.index]) }
    let after = update.operands.dropFirst(count).reduce(written) { max($0, uses.definition[$1.index]) }
    return .init(after: after, instruction: update.instruction, operands: update.operands)
  }

  /// Returns the executions with `updates`, which are in order; those of the part behind the last micro-batch come after
  /// its start.
  private func merged(_ updates: [PlacedUpdate]) -> PlacedSteps {
    var placed = PlacedSteps()
    var rest = updates[...]
    for t in 0...executions.count {
      append(&rest, to: &placed) { $0.after < t && (t != applyStart || !isApplied($0.instruction)) }
      if t == backwardStart { placed.backwardStart = placed.steps.count }
      if t == applyStart { placed.applyStart = placed.steps.count }
      append(&rest, to: &placed) { $0.after < t }
      if t < executions.count { placed.steps.append(executions[t]) }
    }
    return placed
  }

  private func append(
    _ updates: inout ArraySlice<PlacedUpdate>, to placed: inout PlacedSteps, while isDue: (PlacedUpdate) -> Bool
  ) {
    while let u = updates.first, isDue(u) {
      updates.removeFirst()
      placed.steps.append(.init(action: .update, instruction: u.instruction, operands: u.operands, results: []))
    }
  }

}
