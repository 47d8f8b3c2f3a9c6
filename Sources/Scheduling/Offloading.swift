import IR
import Operations
package import Support

extension SchedulingProblem {

  /// Returns `schedule` with the values that rules offload copied to the host and fetched back for the backward part, and
  /// those copied to the host that `schedule` itself fetches.
  ///
  ///     x = …            x = …
  ///     y = f(x)         offload x            right after x is made
  ///     …                y = f(x)
  ///     backward         delete x             after its last use in the forward part; the copy is done there
  ///     g = h(x)         …
  ///     delete x         backward
  ///                      x'2 = fetch x        before its first use in the backward part
  ///                      g = h(x'2)
  ///                      delete x'2
  ///
  /// What `overlapping` asks for: a deletion is put off, and a fetch is put forward, by as many instructions as the copy is
  /// estimated to last (`costPerByte`), as long as the live bytes stay within the peak that is there without that. A fetch
  /// stays behind the beginning of the backward part, and, as the instruction that needs it, behind that of what is done once a
  /// step. Fetches of `schedule` stay where they are.
  ///
  /// A value that a rule offloads and the backward part of `schedule` does not read is not offloaded.
  ///
  /// - Requires: `schedule` saves these values.
  /// - Complexity: O(*n* + *m* · *w*) for *n* operands, *m* offloaded values and *w* instructions in the time of a copy.
  package func offloaded(_ schedule: Schedule, overlapping: Bool) -> Schedule {
    if !obligations.isOffloaded.contains(true), !schedule.steps.contains(where: { $0.action == .fetch }) {
      return schedule
    }
    var offloading = Offloading(schedule, self)
    if offloading.moves.isEmpty { return schedule }
    if overlapping { offloading.overlap() }
    return offloading.schedule()
  }

  /// Returns a warning for each rule that offloads nothing in `schedule`, though nothing overrides it.
  package func idleOffloads(in schedule: Schedule) -> [Diagnostic] {
    let fetched = Set(
      schedule.steps.filter { $0.action == .fetch }.flatMap(\.results).map { schedule.versions[$0.index].value })
    var (idle, busy) = ([ScheduleRule](), Set<ScheduleRule>())
    for i in analysis.forward {
      guard let first = i.results.first, obligations.isOffloaded[first.index],
        case .rule(let rule) = obligations.source(of: first)
      else { continue }
      if i.results.contains(where: fetched.contains) {
        busy.insert(rule)
      } else if !idle.contains(rule) {
        idle.append(rule)
      }
    }
    return idle.filter { !busy.contains($0) }.map { .offloadsNothing($0) }
  }

}

/// A value on its way to the host and back; positions are those of groups.
private struct Move {

  /// The life that ends where the copy to the host is done.
  let version: VersionID

  /// `true` iff the schedule has the fetches, and the deletion, already.
  let isGiven: Bool

  let bytes: Int

  let made: Int

  let lastForwardUse: Int

  let firstBackwardUse: Int

  /// The group that the deletion follows.
  var deletion: Int

  /// The group that the fetch precedes, or is, where it is given.
  var fetch: Int

}

/// The rewriting of one schedule.
///
/// A group is a step that executes something, with the deletions that follow it.
private struct Offloading {

  private let base: Schedule

  private let problem: SchedulingProblem

  private var analysis: StepAnalysis { problem.analysis }

  /// The step that begins each group.
  private var groups: [Int] = []

  /// For each group the most live bytes while it is executed, what is offloaded counted where it is there.
  private var liveBytes: [Int] = []

  private(set) var moves: [Move] = []

  init(_ schedule: Schedule, _ problem: SchedulingProblem) {
    base = schedule
    self.problem = problem
    groups = schedule.steps.indices.filter { schedule.steps[$0].action != .delete }
    moves = found() + given()
    liveBytes = measured()
    for m in moves where !m.isGiven && m.lastForwardUse + 1 < m.firstBackwardUse {
      for k in m.lastForwardUse + 1..<m.firstBackwardUse { liveBytes[k] -= m.bytes }
    }
  }

  /// The group that step `t` begins.
  private func group(of step: Int) -> Int { groups.partitioningIndex { $0 >= step } }

  /// The first group of the backward part.
  private var backwardStart: Int { group(of: base.backwardStart ?? base.steps.count) }

  /// The first group of what is executed after the last micro-batch.
  private var applyStart: Int { group(of: base.applyStart ?? base.steps.count) }

  /// Returns the moves of all values that are fetched already, in order of their versions.
  private func given() -> [Move] {
    var (made, deleted, firstFetch) = ([VersionID: Int](), [VersionID: Int](), [ValueID: Int]())
    var k = -1
    for s in base.steps {
      if s.action != .delete { k += 1 }
      switch s.action {
      case .compute: for r in s.results { made[r] = k }
      case .delete: for o in s.operands { deleted[o] = k }
      case .fetch:
        let v = base.versions[s.results[0].index].value
        if firstFetch[v] == nil { firstFetch[v] = k }
      case .recompute, .update, .offload: continue
      }
    }
    return base.versions.enumerated().compactMap { (i, version) in
      let v = VersionID(i)
      guard version.ordinal == 1, let fetch = firstFetch[version.value], let made = made[v], let last = deleted[v]
      else { return nil }
      return Move(
        version: v, isGiven: true, bytes: analysis.arenaBytes(of: version.value), made: made, lastForwardUse: last,
        firstBackwardUse: fetch, deletion: last, fetch: fetch)
    }
  }

  /// Returns the moves of all values that rules offload and that are read in both parts, in order of the fetches.
  private func found() -> [Move] {
    guard base.backwardStart != nil else { return [] }
    let start = backwardStart
    var (made, last, first) = (
      [Int](repeating: -1, count: base.versions.count), [Int](repeating: -1, count: base.versions.count),
      [Int](repeating: -1, count: base.versions.count)
    )
    for (k, t) in groups.enumerated() {
      let s = base.steps[t]
      for o in s.operands where k < start { last[o.index] = k }
      for o in s.operands where k >= start && first[o.index] < 0 { first[o.index] = k }
      for r in s.results { (made[r.index], last[r.index]) = (k, k) }
    }
    let all = base.versions.indices.filter { (v) in
      first[v] >= 0 && made[v] >= 0 && made[v] < start && isOffloaded(base.versions[v])
    }
    let moves = all.map { (v) in
      Move(
        version: .init(v), isGiven: false, bytes: analysis.arenaBytes(of: base.versions[v].value), made: made[v],
        lastForwardUse: last[v], firstBackwardUse: first[v], deletion: last[v], fetch: first[v])
    }
    return moves.sorted { ($0.firstBackwardUse, $0.version) < ($1.firstBackwardUse, $1.version) }
  }

  /// `true` iff a rule has `version` offloaded: the results of one instruction share the fate of the first.
  private func isOffloaded(_ version: Version) -> Bool {
    guard version.ordinal == 1, !analysis.isResult[version.value.index],
      let i = analysis.definition(of: version.value), let first = analysis.function[i].results.first
    else { return false }
    return problem.obligations.isOffloaded[first.index]
  }

  /// Returns the live bytes of the schedule as it is given, by group.
  private func measured() -> [Int] {
    let takeovers = analysis.takeovers(of: base)
    var (live, taken) = (0, Set<VersionID>())
    var all: [Int] = []
    func bytes(_ v: VersionID) -> Int { analysis.arenaBytes(of: base.versions[v.index].value) }
    for (t, s) in base.steps.enumerated() {
      if s.action == .delete {
        for o in s.operands where !taken.contains(o) { live -= bytes(o) }
        continue
      }
      if let v = takeovers[t] {
        live -= bytes(v)
        taken.insert(v)
      }
      for r in s.results { live += bytes(r) }
      all.append(live + analysis.workspace(of: s))
    }
    return all
  }

  /// Moves fetches forward and deletions back while the peak stays what it is; fetches come first, as their ends are waited
  /// for sooner.
  mutating func overlap() {
    let peak = liveBytes.max() ?? 0
    for i in moves.indices where !moves[i].isGiven { prefetch(i, peak) }
    for i in moves.indices { postpone(i, peak) }
  }

  private mutating func prefetch(_ i: Int, _ peak: Int) {
    let m = moves[i]
    let first = max(m.firstBackwardUse >= applyStart ? applyStart : backwardStart, m.deletion + 1)
    var time = 0
    while moves[i].fetch > first, !isLongEnough(time, m.bytes) {
      let k = moves[i].fetch - 1
      if liveBytes[k] + m.bytes > peak { return }
      liveBytes[k] += m.bytes
      time = time.addedSaturating(to: cost(k))
      moves[i].fetch = k
    }
  }

  private mutating func postpone(_ i: Int, _ peak: Int) {
    let m = moves[i]
    let end = min(m.fetch, m.firstBackwardUse >= applyStart ? applyStart : m.fetch)
    var time = m.made == m.deletion ? 0 : (m.made + 1...m.deletion).reduce(0) { $0.addedSaturating(to: cost($1)) }
    while moves[i].deletion + 1 < end, !isLongEnough(time, m.bytes) {
      let k = moves[i].deletion + 1
      if liveBytes[k] + m.bytes > peak { return }
      liveBytes[k] += m.bytes
      time = time.addedSaturating(to: cost(k))
      moves[i].deletion = k
    }
  }

  private func isLongEnough(_ time: Int, _ bytes: Int) -> Bool {
    Double(time) >= Double(bytes) * problem.costPerByte
  }

  /// What group `k` costs, 0 if it is a fetch.
  private func cost(_ k: Int) -> Int {
    let s = base.steps[groups[k]]
    return s.action == .fetch ? 0 : problem.cost.cost(of: s.instruction, in: analysis.function)
  }

  /// Returns the schedule with all moves in place.
  func schedule() -> Schedule {
    var versions = base.versions
    var fetched = [VersionID?](repeating: nil, count: versions.count)
    for m in moves where !m.isGiven {
      fetched[m.version.index] = .init(versions.count)
      versions.append(.init(value: versions[m.version.index].value, ordinal: 2))
    }
    let (offloads, deletions) = (moves.grouped { $0.made }, moves.grouped { $0.deletion })
    let fetches = moves.filter { !$0.isGiven }.grouped { $0.fetch }
    let given = Set(moves.filter(\.isGiven).map(\.version))
    var steps: [ScheduledStep] = []
    var (backwardStart, applyStart) = (base.backwardStart.map { _ in base.steps.count }, base.applyStart)
    for (k, t) in groups.enumerated() {
      if k == self.backwardStart { backwardStart = steps.count }
      if base.applyStart != nil, k == self.applyStart { applyStart = steps.count }
      for m in fetches[k] ?? [] { steps.append(step(.fetch, m, results: [fetched[m.version.index]!])) }
      let end = k + 1 < groups.count ? groups[k + 1] : base.steps.count
      let isBackward = k >= self.backwardStart
      for s in base.steps[t..<end] where s.action != .delete || !given.contains(s.operands[0]) {
        let operands = isBackward ? s.operands.map { fetched[$0.index] ?? $0 } : s.operands
        steps.append(.init(action: s.action, instruction: s.instruction, operands: operands, results: s.results))
      }
      for m in offloads[k] ?? [] { steps.append(step(.offload, m, operands: [m.version])) }
      for m in deletions[k] ?? [] { steps.append(step(.delete, m, operands: [m.version])) }
    }
    if self.backwardStart == groups.count, backwardStart != nil { backwardStart = steps.count }
    if self.applyStart == groups.count, applyStart != nil { applyStart = steps.count }
    var result = Schedule(versions: versions, steps: steps, backwardStart: backwardStart, applyStart: applyStart)
    result.released = base.released
    return result
  }

  private func step(
    _ action: ScheduledStep.Action, _ m: Move, operands: [VersionID] = [], results: [VersionID] = []
  ) -> ScheduledStep {
    let value = base.versions[m.version.index].value
    guard let definition = analysis.definition(of: value) else { preconditionFailure("storage is offloaded") }
    return .init(action: action, instruction: definition, operands: operands, results: results)
  }

}

extension Array {

  /// Returns the elements by key, each list in their order.
  fileprivate func grouped(by key: (Element) -> Int) -> [Int: [Element]] {
    .init(grouping: self, by: key)
  }

  /// Returns the first index from which on all elements fulfil `isSecond`.
  ///
  /// - Requires: elements that fulfil it come behind those that do not.
  fileprivate func partitioningIndex(_ isSecond: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isSecond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

}
