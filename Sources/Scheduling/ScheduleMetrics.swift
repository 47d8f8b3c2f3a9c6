package import IR
import Operations

/// Bytes and costs of a schedule, exact.
package struct ScheduleMetrics: Hashable, Sendable {

  /// The most live bytes of the arena at any step, its workspace included, sizes not rounded.
  package var liveBytes = 0

  /// The step with the most live bytes, the first of equals.
  package var peakStep = 0

  /// The most live bytes at any step of values that are not gradients of parameters and larger than 256 bytes, the step's
  /// workspace included.
  package var activationBytes = 0

  /// The bytes of forward values that are live when the backward part begins and used there.
  package var savedBytes = 0

  /// The number of those values.
  package var savedCount = 0

  /// The cost of the step without recomputations.
  package var stepCost = 0

  /// The cost of the recomputations.
  package var recomputeCost = 0

  /// The number of recomputed values, of which an instruction may have several.
  package var recomputedCount = 0

  /// The number of recomputations.
  package var recomputedInstructionCount = 0

  /// The number of values that are copied to the host, and their bytes.
  package var offloadedCount = 0
  package var offloadedBytes = 0

  /// What all copies to the host and back cost one after the other, in the unit of costs, and the part of that which nothing
  /// is executed beside.
  package var copyCost = 0
  package var waitCost = 0

  /// What recomputations and waiting for copies cost.
  package var extraCost: Int { recomputeCost.addedSaturating(to: waitCost) }

  /// The number of values deleted in the forward part.
  package var deletedCount = 0

}

extension StepAnalysis {

  /// Returns what `schedule` needs and costs.
  ///
  /// Copying a byte costs `costPerByte`.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands of the schedule.
  package func metrics(of schedule: Schedule, cost: CostModel, costPerByte: Double = 0) -> ScheduleMetrics {
    var m = ScheduleMetrics()
    let isParameterGradient = parameterGradients(of: schedule)
    let takeovers = takeovers(of: schedule)
    var (live, activations) = (0, 0)
    func end(_ v: VersionID) {
      let bytes = arenaBytes(of: schedule.versions[v.index].value)
      live -= bytes
      if bytes > Self.scalarBytes, !isParameterGradient[v.index] { activations -= bytes }
    }
    var isTaken = [Bool](repeating: false, count: schedule.versions.count)
    for (t, s) in schedule.steps.enumerated() {
      if let v = takeovers[t] {
        end(v)
        isTaken[v.index] = true
      }
      for v in s.results {
        let bytes = arenaBytes(of: schedule.versions[v.index].value)
        live += bytes
        if bytes > Self.scalarBytes, !isParameterGradient[v.index] { activations += bytes }
      }
      let work = workspace(of: s)
      if live + work > m.liveBytes { (m.liveBytes, m.peakStep) = (live + work, t) }
      m.activationBytes = max(m.activationBytes, activations + (work > Self.scalarBytes ? work : 0))
      count(s, in: schedule, beforeBackward: schedule.backwardStart.map { t < $0 } ?? true, cost, &m)
      if s.action == .delete { for v in s.operands where !isTaken[v.index] { end(v) } }
    }
    countSaved(in: schedule, &m)
    if m.offloadedCount > 0 { (m.copyCost, m.waitCost) = copies(of: schedule, cost, costPerByte) }
    return m
  }

  /// Returns what the copies of `schedule` cost, and what is waited for.
  ///
  /// Copies are made one after the other, in order of their instructions, beside what is executed. The first use of what was
  /// fetched waits for its copy, and so does the deletion of what was offloaded.
  private func copies(
    of schedule: Schedule, _ cost: CostModel, _ costPerByte: Double
  ) -> (cost: Int, wait: Int) {
    var (time, link, all, wait) = (0, 0, 0, 0)
    var end = [Int](repeating: 0, count: schedule.versions.count)
    func copy(_ v: VersionID) {
      let bytes = Double(arenaBytes(of: schedule.versions[v.index].value))
      let duration = Int(min(0x1p62, (bytes * costPerByte).rounded(.up)))
      all = all.addedSaturating(to: duration)
      link = max(link, time).addedSaturating(to: duration)
      end[v.index] = link
    }
    for s in schedule.steps {
      switch s.action {
      case .offload: copy(s.operands[0])
      case .fetch: copy(s.results[0])
      case .compute, .recompute, .update, .delete:
        for o in s.operands where end[o.index] > time && (s.action == .delete || !schedule.isCopiedAway(o)) {
          wait = wait.addedSaturating(to: end[o.index] - time)
          time = end[o.index]
        }
        if s.action != .delete { time = time.addedSaturating(to: cost.cost(of: s.instruction, in: function)) }
      }
    }
    return (all, wait)
  }

  /// Returns the bytes that `s` works in.
  package func workspace(of s: ScheduledStep) -> Int {
    switch s.action {
    case .compute, .recompute, .update: workspaces[s.instruction.index]
    case .delete, .offload, .fetch: 0
    }
  }

  private func count(
    _ s: ScheduledStep, in schedule: Schedule, beforeBackward: Bool, _ cost: CostModel, _ m: inout ScheduleMetrics
  ) {
    switch s.action {
    case .compute, .update: m.stepCost = m.stepCost.addedSaturating(to: cost.cost(of: s.instruction, in: function))
    case .recompute:
      m.recomputeCost = m.recomputeCost.addedSaturating(to: cost.cost(of: s.instruction, in: function))
      m.recomputedCount += s.results.count
      m.recomputedInstructionCount += 1
    case .delete: m.deletedCount += beforeBackward ? 1 : 0
    case .offload:
      m.offloadedCount += 1
      m.offloadedBytes += s.operands.reduce(0) { $0 + arenaBytes(of: schedule.versions[$1.index].value) }
    case .fetch: return
    }
  }

  /// Returns, for each version, whether a parameter, or a sum of gradients, is updated from it.
  package func parameterGradients(of schedule: Schedule) -> [Bool] {
    var isGradient = [Bool](repeating: false, count: schedule.versions.count)
    for s in schedule.steps where s.action == .update {
      let operation = function[s.instruction].operation
      if operation == .assign { continue }
      for g in s.operands.dropFirst(operation.writtenCount) { isGradient[g.index] = true }
    }
    return isGradient
  }

  private func countSaved(in schedule: Schedule, _ m: inout ScheduleMetrics) {
    guard let start = schedule.backwardStart else { return }
    for v in savedVersions(of: schedule, from: start) {
      m.savedBytes += arenaBytes(of: schedule.versions[v.index].value)
      m.savedCount += 1
    }
  }

  /// Returns the versions defined before step `start` and read at or after it, ascending, without storage.
  private func savedVersions(of schedule: Schedule, from start: Int) -> [VersionID] {
    var isOld = [Bool](repeating: false, count: schedule.versions.count)
    for s in schedule.steps[..<start] { for r in s.results { isOld[r.index] = true } }
    var isSaved = [Bool](repeating: false, count: schedule.versions.count)
    for s in schedule.steps[start...] where s.action != .delete {
      for o in s.operands where isOld[o.index] { isSaved[o.index] = true }
    }
    return isSaved.indices.filter { isSaved[$0] }.map(VersionID.init)
  }

}

extension Schedule {

  /// `true` iff `v` is what was made first, of which only copies to the host are made.
  fileprivate func isCopiedAway(_ v: VersionID) -> Bool { versions[v.index].ordinal == 1 }

}
