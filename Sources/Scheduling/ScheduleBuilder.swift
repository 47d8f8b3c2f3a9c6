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
  /// An update stands as early as all it reads is complete and what it changes is no longer read, recomputations
  /// included; where a step is several micro-batches, behind all of that. The backward part begins after the last first
  /// execution of an instruction of the forward part.
  ///
  /// What is reported lives to the end in its first version; if an instruction that defines it is executed again for
  /// another of its results, the new version is deleted at once.
  ///
  /// - Requires: `order` has every instruction that is no update at least once, the first occurrences in the order of the
  ///   function. Updates may be left out: where they stand in `order` changes nothing.
  /// - Complexity: O(*n* + *u* log *u*) where *n* is the number of operands of `order` and *u* that of updates.
  package func schedule(executing order: [InstructionID]) -> Schedule {
    schedule(executing: order.map(Execution.instruction))
  }

  /// Returns the schedule that does `order`, as that of instructions alone.
  ///
  /// What is fetched is another version of its value, which is not copied to the host yet: `offloaded` adds that.
  func schedule(executing order: [Execution]) -> Schedule {
    var builder = ScheduleBuilder(self, capacity: order.count)
    for e in order {
      switch e {
      case .instruction(let id): if function[id].operation.effect != .update { builder.execute(id) }
      case .fetch(let v): builder.fetch(v)
      }
    }
    return builder.finish()
  }

}

/// What a schedule executes.
enum Execution: Hashable, Sendable {

  case instruction(InstructionID)

  /// A value of the forward part comes back from the host, in the backward part.
  case fetch(ValueID)

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

  /// The number of executions before the part that follows the last micro-batch.
  private var applyStart: Int?

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
    if isApplied(id), applyStart == nil { applyStart = executions.count }
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

  /// Appends the fetch of `v`, which an instruction makes.
  mutating func fetch(_ v: ValueID) {
    guard let definition = analysis.definition(of: v) else { preconditionFailure("storage is fetched") }
    let version = addVersion(of: v)
    current[v.index] = version.index
    executions.append(.init(action: .fetch, instruction: definition, operands: [], results: [version]))
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
    if function.applyStart != nil, applyStart == nil { applyStart = executions.count }
    let placed = withUpdates()
    let lastUse = lastUses(in: placed.steps)
    var steps: [ScheduledStep] = []
    steps.reserveCapacity(placed.steps.count * 2)
    var (backwardStart, applyStart) = (steps.count, placed.applyStart)
    for (t, s) in placed.steps.enumerated() {
      if t == placed.backwardStart { backwardStart = steps.count }
      if t == placed.applyStart { applyStart = steps.count }
      steps.append(s)
      for v in ending(s, at: t, lastUse) {
        steps.append(.init(action: .delete, instruction: s.instruction, operands: [v], results: []))
      }
    }
    if placed.backwardStart == placed.steps.count { backwardStart = steps.count }
    if placed.applyStart == placed.steps.count { applyStart = steps.count }
    return .init(
      versions: versions, steps: steps, backwardStart: function.backwardStart == nil ? nil : backwardStart,
      applyStart: applyStart)
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

  /// The executions with the updates at their places.
  private struct PlacedSteps {
    var steps: [ScheduledStep] = []
    var backwardStart = 0
    var applyStart: Int?
  }

  /// Returns the executions with every update right after both its new content's completion and its target's last read.
  private func withUpdates() -> PlacedSteps {
    let end = applyStart ?? executions.count
    let (micro, whole) = (lastReads(before: end), lastReads(before: executions.count))
    let placed = updates.map { (u) in
      isApplied(u.instruction) ? self.placed(u, after: end - 1, whole) : self.placed(u, after: -1, micro)
    }
    return merged(placed.sorted { ($0.after, $0.instruction) < ($1.after, $1.instruction) })
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
