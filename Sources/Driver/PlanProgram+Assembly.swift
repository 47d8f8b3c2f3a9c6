import IR
import Operations
import PlanFormat
import Planning
import Scheduling
import Support

/// The lives of the bytes in the arena; a version that takes over another's goes on with its life, and what a step works in
/// lives for that step.
struct Lives {

  let buffers: [PlannedBuffer]

  /// For each version its buffer, -1 for storage.
  let bufferOfVersion: [Int]

  /// For each step the buffer that it works in, -1 where it needs none.
  let workspaceOfStep: [Int]

  /// The copies of values on the host, in order of their offloads; each lives until its last fetch.
  let hostBuffers: [PlannedBuffer]

  /// For each value that is offloaded, the version and the position of its copy in `hostBuffers`.
  let copies: [ValueID: (version: VersionID, buffer: Int)]

  /// - Complexity: O(*n*) where *n* is the number of operands of `schedule`.
  init(of schedule: Schedule, _ analysis: StepAnalysis) {
    let takeovers = analysis.takeovers(of: schedule)
    var places = [Int](repeating: -1, count: schedule.versions.count)
    var (births, deaths, sizes, holders) = ([Int](), [Int](), [Int](), [VersionID]())
    var workspaces = [Int](repeating: -1, count: schedule.steps.count)
    for (t, s) in schedule.steps.enumerated() {
      for r in s.results {
        if let taken = takeovers[t] {
          places[r.index] = places[taken.index]
          holders[places[r.index]] = r
          continue
        }
        places[r.index] = births.count
        births.append(t)
        deaths.append(schedule.steps.count)
        sizes.append(analysis.arenaBytes(of: schedule.versions[r.index].value))
        holders.append(r)
      }
      if s.action == .delete { for o in s.operands where holders[places[o.index]] == o { deaths[places[o.index]] = t } }
    }
    var buffers = births.indices.map { PlannedBuffer(size: sizes[$0], birth: births[$0], death: deaths[$0]) }
    for (t, s) in schedule.steps.enumerated() {
      let bytes = analysis.workspace(of: s)
      if bytes == 0 { continue }
      workspaces[t] = buffers.count
      buffers.append(.init(size: bytes, birth: t, death: t + 1))
    }
    self.buffers = buffers
    bufferOfVersion = places
    workspaceOfStep = workspaces
    (hostBuffers, copies) = Self.hostLives(of: schedule, analysis)
  }

  private static func hostLives(
    of schedule: Schedule, _ analysis: StepAnalysis
  ) -> ([PlannedBuffer], [ValueID: (version: VersionID, buffer: Int)]) {
    var (births, deaths, sizes) = ([Int](), [Int](), [Int]())
    var copies: [ValueID: (version: VersionID, buffer: Int)] = [:]
    for (t, s) in schedule.steps.enumerated() {
      switch s.action {
      case .compute, .recompute, .update, .delete: continue
      case .offload:
        let value = schedule.versions[s.operands[0].index].value
        copies[value] = (s.operands[0], births.count)
        births.append(t)
        deaths.append(t + 1)
        sizes.append(analysis.arenaBytes(of: value))
      case .fetch: if let c = copies[schedule.versions[s.results[0].index].value] { deaths[c.buffer] = t + 1 }
      }
    }
    return (births.indices.map { .init(size: sizes[$0], birth: births[$0], death: deaths[$0]) }, copies)
  }

}

extension PlanProgram {

  /// Creates the program that executes `schedule` with every version and every workspace at its offset in the arena.
  ///
  /// `demands` says of values what a rule or a mark demands of them, for those who read the plan.
  ///
  /// - Requires: `offsets` has an offset for each of the buffers of `lives`, which are those of `schedule`, and
  ///   `hostOffsets` for each of its copies on the host.
  init(
    _ schedule: Schedule, _ analysis: StepAnalysis, _ lives: Lives, _ offsets: [Int], hostOffsets: [Int],
    demands: [ValueID: String]
  ) {
    let f = analysis.function
    let values = schedule.versions.enumerated().map { (i, v) in
      let value = f[v.value]
      let name = v.ordinal == 1 ? value.name : "\(value.name)'\(v.ordinal)"
      let place: PlanValue.Place =
        switch value.origin {
        case .storage(let s): .storage(index: s.index)
        case .instruction: .arena(offset: offsets[lives.bufferOfVersion[i]])
        }
      return PlanValue(name: name, type: value.type, place: place)
    }
    let notes = Self.notes(of: schedule, analysis, demands)
    let instructions = schedule.steps.enumerated().map { (t, s) in
      PlanInstruction(
        Self.action(s, schedule, f, lives, hostOffsets), operands: s.operands.map(\.index),
        results: s.results.map(\.index),
        workspace: lives.workspaceOfStep[t] < 0
          ? nil : .init(byteCount: analysis.workspace(of: s), offset: offsets[lives.workspaceOfStep[t]]),
        site: f[s.instruction].site, note: notes[t])
    }
    let results = f.results.compactMap { (r) in
      schedule.versions.firstIndex { $0.value == r.value }.map { Result(r.result, value: $0) }
    }
    self.init(
      name: f.name, bindings: f.bindings, values: values, instructions: instructions,
      backwardStart: schedule.backwardStart, applyStart: schedule.applyStart, results: results)
  }

  private static func action(
    _ s: ScheduledStep, _ schedule: Schedule, _ f: Function, _ lives: Lives, _ hostOffsets: [Int]
  ) -> PlanInstruction.Action {
    func copy(_ v: VersionID) -> (version: VersionID, offset: Int) {
      guard let c = lives.copies[schedule.versions[v.index].value] else {
        preconditionFailure("a value is fetched that is not offloaded")
      }
      return (c.version, hostOffsets[c.buffer])
    }
    switch s.action {
    case .compute: return .compute(f[s.instruction].operation)
    case .recompute: return .recompute(f[s.instruction].operation)
    case .update: return .update(f[s.instruction].operation)
    case .delete: return .delete
    case .offload: return .offload(host: copy(s.operands[0]).offset)
    case .fetch:
      let (version, offset) = copy(s.results[0])
      return .fetch(version.index, host: offset)
    }
  }

  /// Returns why each step is there, where that is worth saying: for computations what is demanded of the value, for
  /// recomputations what they are for, for deletions whether the value will come back, for updates whether they wait for all
  /// gradients.
  private static func notes(
    of schedule: Schedule, _ analysis: StepAnalysis, _ demands: [ValueID: String]
  ) -> [String] {
    let takeovers = analysis.takeovers(of: schedule)
    var notes = [String](repeating: "", count: schedule.steps.count)
    var (consumer, comesBack, isFetched) = ("", Set<ValueID>(), Set<ValueID>())
    let readers = firstReaders(of: schedule, analysis)
    func isTaken(_ v: VersionID, _ t: Int) -> Bool {
      let definition = schedule.steps[..<t].lastIndex { $0.action != .delete }
      return definition.map { takeovers[$0] == v } ?? false
    }
    for (t, s) in schedule.steps.enumerated().reversed() {
      switch s.action {
      case .compute:
        notes[t] = s.results.first.flatMap { demands[schedule.versions[$0.index].value] } ?? ""
        consumer = s.results.first.map { analysis.function[schedule.versions[$0.index].value].name } ?? ""
      case .recompute:
        notes[t] = "for \(consumer)"
        for r in s.results {
          comesBack.insert(schedule.versions[r.index].value)
          isFetched.remove(schedule.versions[r.index].value)
        }
      case .delete:
        let value = schedule.versions[s.operands[0].index].value
        notes[t] =
          comesBack.contains(value) ? "recomputed later" : isFetched.contains(value) ? "on the host" : "last use"
        if isTaken(s.operands[0], t) { notes[t] += ", overwritten" }
      case .offload: notes[t] = "for the backward part"
      case .fetch:
        isFetched.insert(schedule.versions[s.results[0].index].value)
        comesBack.remove(schedule.versions[s.results[0].index].value)
        notes[t] = "for \(readers[s.results[0].index])"
      case .update:
        let i = analysis.function[s.instruction]
        if i.operands.count > i.operation.writtenCount + 1 { notes[t] = "scaled by the norm of all gradients" }
      }
    }
    return notes
  }

}

extension PlanProgram {

  /// For each version the name of the first value that is computed from it; empty where it is fetched by nobody.
  private static func firstReaders(of schedule: Schedule, _ analysis: StepAnalysis) -> [String] {
    var readers = [String](repeating: "", count: schedule.versions.count)
    if !schedule.steps.contains(where: { $0.action == .fetch }) { return readers }
    for s in schedule.steps {
      guard let r = s.results.first, s.action != .fetch else { continue }
      let name = analysis.function[schedule.versions[r.index].value].name
      for o in s.operands where readers[o.index].isEmpty { readers[o.index] = name }
    }
    return readers
  }

}

extension SchedulingProblem {

  /// Returns, in words, what a rule of the schedule or a mark demands of values; rules are named by file and line.
  func demands(in map: SourceMap) -> [ValueID: String] {
    var all: [ValueID: String] = [:]
    for v in analysis.function.values.indices.map(ValueID.init) {
      switch obligations.source(of: v) {
      case .rule(let rule):
        let start = rule.selector.span.start
        let file = map.file(at: start)
        let verb =
          switch rule.kind {
          case .save: "saved"
          case .recompute: "not saved"
          case .offload: "offloaded"
          }
        all[v] = "\(verb), rule \(file.nameInPlans):\(file.line(at: start))"
      case .mark: all[v] = "saved, checkpoint"
      case nil: continue
      }
    }
    return all
  }

}
