import IR
import Operations

extension StepAnalysis {

  /// Returns the schedule that keeps the forward values for which `saved` is true until backward and recomputes the
  /// others there, just before their first use, at most once each.
  ///
  /// Every life ends right after its last use: in the forward part for a value that is not saved, in the backward part
  /// after its last use there. An update stands as early as its gradient is complete and its parameter is no longer read,
  /// recomputations included.
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
    var backwardStart = placed.backwardStart
    for (t, s) in placed.steps.enumerated() {
      if t == placed.backwardStart { backwardStart = steps.count }
      steps.append(s)
      for v in ending(s, at: t, lastUse) {
        steps.append(.init(action: .delete, instruction: s.instruction, operands: [v], results: []))
      }
    }
    if let b = placed.backwardStart, b == placed.steps.count { backwardStart = steps.count }
    return .init(versions: versions, steps: steps, backwardStart: backwardStart)
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

  /// Returns the executions with every update right after both its new content's completion and its target's last read.
  private func withUpdates() -> (steps: [ScheduledStep], backwardStart: Int?) {
    var lastRead = [Int](repeating: -1, count: versions.count)
    var definition = lastRead
    for (t, s) in executions.enumerated() {
      for v in s.operands { lastRead[v.index] = t }
      for v in s.results { definition[v.index] = t }
    }
    var all = forwardUpdates
    for i in analysis.forwardCount..<function.instructions.count
    where function.instructions[i].operation.effect == .update {
      all.append((.init(i), function.instructions[i].operands.map { VersionID(current[$0.index]) }))
    }
    let updates = all.map { (u) in
      guard let target = u.operands.first, let content = u.operands.last else { preconditionFailure("no operands") }
      let after = max(lastRead[target.index], definition[content.index])
      return PlacedUpdate(after: after, instruction: u.instruction, operands: u.operands)
    }
    return merged(updates.sorted { ($0.after, $0.instruction) < ($1.after, $1.instruction) })
  }

  /// An update and the position of the execution it must come after.
  private struct PlacedUpdate {
    let after: Int
    let instruction: InstructionID
    let operands: [VersionID]
  }

  private func merged(_ updates: [PlacedUpdate]) -> (steps: [ScheduledStep], backwardStart: Int?) {
    var steps: [ScheduledStep] = []
    var next = 0
    var start = backwardStart
    for (t, s) in executions.enumerated() {
      if t == backwardStart { start = steps.count }
      steps.append(s)
      while next < updates.count, updates[next].after <= t {
        let u = updates[next]
        steps.append(.init(action: .update, instruction: u.instruction, operands: u.operands, results: []))
        next += 1
      }
    }
    return (steps, start)
  }

}
