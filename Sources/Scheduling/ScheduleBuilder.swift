package import IR
import Operations

extension StepAnalysis {

  /// Returns the schedule that keeps the forward values for which `saved` is true until backward and recomputes the
  /// others there, just before their first use, at most once each.
  ///
  /// The results of one instruction are made together, so all are saved iff the first one is.
  ///
  /// - Requires: `saved` has an element for each value.
  /// - Complexity: O(*n* log *n*) where *n* is the number of operands.
  package func schedule(saving saved: [Bool]) -> Schedule { schedule(executing: executionOrder(saving: saved)) }

  /// Returns the schedule that executes the instructions of `order` one after the other; one that comes again is a
  /// recomputation, and whoever reads its results from there on reads the new ones.
  ///
  ///     a, b, a, c(a)     a lives until b has read it, and a'2 until c has
  ///
  /// Every life ends right after its last use, which is before the value's next recomputation or at the step before it.
  /// An update stands as early as its new content is complete and what it changes is no longer read, recomputations
  /// included. The backward part begins after the last first execution of an instruction of the forward part.
  ///
  /// What is reported lives to the end in its first version; if an instruction that defines it is executed again for
  /// another of its results, the new version is deleted at once.
  ///
  /// - Requires: `order` has every instruction that is no update at least once, the first occurrences in the order of the
  ///   function. Updates may be left out: where they stand in `order` changes nothing.
  /// - Complexity: O(*n* + *u* log *u*) where *n* is the number of operands of `order` and *u* that of updates.
  package func schedule(executing order: [InstructionID]) -> Schedule {
    var builder = ScheduleBuilder(self, capacity: order.count)
    for id in order where function[id].operation.effect != .update { builder.execute(id) }
    return builder.finish()
  }

}

/// A schedule under construction: first the executions in order, then the updates at their places, then the deletions.
private struct ScheduleBuilder {

  private let analysis: StepAnalysis

  private var versions: [Version] = []

  /// The version of each value that a use would read now, -1 if there is none.
  private var current: [Int]

  /// The number of versions of each value.
  private var lives: [Int]

  /// The number of instructions that were reached, the updates between them included.
  private var reached = 0

  /// The executions so far, without updates and deletions.
  private var executions: [ScheduledStep] = []

  private var backwardStart = 0

  /// The updates so far, with the versions that they read.
  private var updates: [(instruction: InstructionID, operands: [VersionID])] = []

  private var function: Function { analysis.function }

  init(_ analysis: StepAnalysis, capacity: Int) {
    self.analysis = analysis
    current = .init(repeating: -1, count: analysis.function.values.count)
    lives = .init(repeating: 0, count: current.count)
    versions.reserveCapacity(capacity)
    executions.reserveCapacity(capacity)
    for (v, value) in analysis.function.values.enumerated() {
      if case .storage = value.origin { current[v] = addVersion(of: .init(v)).index }
    }
  }

  private mutating func addVersion(of v: ValueID) -> VersionID {
    lives[v.index] += 1
    versions.append(.init(value: v, ordinal: lives[v.index]))
    return .init(versions.count - 1)
  }

  /// Appends the execution of `id`.
  mutating func execute(_ id: InstructionID) {
    let isFirst = id.index >= reached
    if isFirst { reach(id.index) }
    let operands = read(by: id)
    let results = function[id].results.map { (r) in
      let v = addVersion(of: r)
      if isFirst || !analysis.isResult[r.index] { current[r.index] = v.index }
      return v
    }
    executions.append(
      .init(action: isFirst ? .compute : .recompute, instruction: id, operands: operands, results: results))
    if isFirst, id.index < analysis.forwardCount { backwardStart = executions.count }
  }

  /// Notes the updates before instruction `next`, which reads the values as they are at that point.
  private mutating func reach(_ next: Int) {
    for i in reached..<next {
      precondition(function.instructions[i].operation.effect == .update, "an instruction is passed over")
      updates.append((.init(i), read(by: .init(i))))
    }
    reached = next + 1
  }

  /// Returns the versions of its operands that `id` reads now.
  private func read(by id: InstructionID) -> [VersionID] {
    function[id].operands.map { (o) in
      precondition(current[o.index] >= 0, "an operand is not computed yet")
      return .init(current[o.index])
    }
  }

  /// Returns the schedule with updates and deletions in place.
  mutating func finish() -> Schedule {
    reach(function.instructions.count)
    let placed = withUpdates()
    let lastUse = lastUses(in: placed.steps)
    var steps: [ScheduledStep] = []
    steps.reserveCapacity(placed.steps.count * 2)
    var start = steps.count
    for (t, s) in placed.steps.enumerated() {
      if t == placed.backwardStart { start = steps.count }
      steps.append(s)
      for v in ending(s, at: t, lastUse) {
        steps.append(.init(action: .delete, instruction: s.instruction, operands: [v], results: []))
      }
    }
    if placed.backwardStart == placed.steps.count { start = steps.count }
    return .init(versions: versions, steps: steps, backwardStart: function.backwardStart == nil ? nil : start)
  }

  /// Returns for each version the last step that reads or defines it.
  private func lastUses(in steps: [ScheduledStep]) -> [Int] {
    var lastUse = [Int](repeating: -1, count: versions.count)
    for (t, s) in steps.enumerated() {
      for v in s.operands { lastUse[v.index] = t }
      for v in s.results { lastUse[v.index] = t }
    }
    return lastUse
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
    let version = versions[v.index]
    if analysis.isResult[version.value.index] { return version.ordinal > 1 }
    return analysis.definition(of: version.value) != nil
  }

  /// Returns the executions with every update right after both its new content's completion and its target's last read.
  private func withUpdates() -> (steps: [ScheduledStep], backwardStart: Int) {
    var lastRead = [Int](repeating: -1, count: versions.count)
    var definition = lastRead
    for (t, s) in executions.enumerated() {
      for v in s.operands { lastRead[v.index] = t }
      for v in s.results { definition[v.index] = t }
    }
    let placed = updates.map { (u) in
      guard let target = u.operands.first, let content = u.operands.last else { preconditionFailure("no operands") }
      let after = max(lastRead[target.index], definition[content.index])
      return PlacedUpdate(after: after, instruction: u.instruction, operands: u.operands)
    }
    return merged(placed.sorted { ($0.after, $0.instruction) < ($1.after, $1.instruction) })
  }

  /// An update and the position of the execution it must come after.
  private struct PlacedUpdate {
    let after: Int
    let instruction: InstructionID
    let operands: [VersionID]
  }

  private func merged(_ updates: [PlacedUpdate]) -> (steps: [ScheduledStep], backwardStart: Int) {
    var steps: [ScheduledStep] = []
    steps.reserveCapacity(executions.count + updates.count)
    var (next, start) = (0, 0)
    for (t, s) in executions.enumerated() {
      if t == backwardStart { start = steps.count }
      steps.append(s)
      while next < updates.count, updates[next].after <= t {
        let u = updates[next]
        steps.append(.init(action: .update, instruction: u.instruction, operands: u.operands, results: []))
        next += 1
      }
    }
    return (steps, backwardStart == executions.count ? steps.count : start)
  }

}
