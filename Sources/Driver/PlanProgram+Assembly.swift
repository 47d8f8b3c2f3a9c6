import IR
import Operations
import PlanFormat
import Planning
import Scheduling
import Support

/// The lives of the versions that need room in the arena.
struct Lives {

  let versions: [VersionID]

  /// One for each of `versions`.
  let buffers: [PlannedBuffer]

  /// - Complexity: O(*n*) where *n* is the number of operands of `schedule`.
  init(of schedule: Schedule, _ analysis: StepAnalysis) {
    var birth = [Int?](repeating: nil, count: schedule.versions.count)
    var death = [Int](repeating: schedule.steps.count, count: schedule.versions.count)
    for (t, s) in schedule.steps.enumerated() {
      for r in s.results { birth[r.index] = t }
      if s.action == .delete { for o in s.operands { death[o.index] = t } }
    }
    var (versions, buffers) = ([VersionID](), [PlannedBuffer]())
    for v in schedule.versions.indices {
      guard let b = birth[v] else { continue }
      versions.append(.init(v))
      buffers.append(.init(size: analysis.arenaBytes(of: schedule.versions[v].value), birth: b, death: death[v]))
    }
    self.versions = versions
    self.buffers = buffers
  }

}

extension PlanProgram {

  /// Creates the program that executes `schedule` with every version at its offset in the arena.
  init(_ schedule: Schedule, _ analysis: StepAnalysis, _ offsets: [Int]) {
    let f = analysis.function
    let values = schedule.versions.enumerated().map { (i, v) in
      let value = f[v.value]
      let name = v.ordinal == 1 ? value.name : "\(value.name)'\(v.ordinal)"
      let place: PlanValue.Place =
        switch value.origin {
        case .storage(let s): .storage(index: s.index)
        case .instruction: .arena(offset: offsets[i])
        }
      return PlanValue(name: name, type: value.type, place: place)
    }
    let notes = Self.notes(of: schedule, analysis)
    let instructions = schedule.steps.enumerated().map { (t, s) in
      PlanInstruction(
        Self.action(s, f), operands: s.operands.map(\.index), results: s.results.map(\.index),
        site: f[s.instruction].site,
        note: notes[t])
    }
    let results = f.results.compactMap { (r) in
      schedule.versions.firstIndex { $0.value == r.value }.map { Result(r.result, value: $0) }
    }
    self.init(
      name: f.name, bindings: f.bindings, values: values, instructions: instructions,
      backwardStart: schedule.backwardStart, applyStart: schedule.applyStart, results: results)
  }

  private static func action(_ s: ScheduledStep, _ f: Function) -> PlanInstruction.Action {
    switch s.action {
    case .compute: .compute(f[s.instruction].operation)
    case .recompute: .recompute(f[s.instruction].operation)
    case .update: .update(f[s.instruction].operation)
    case .delete: .delete
    }
  }

  /// Returns why each step is there, where that is worth saying: for recomputations what they are for, for deletions
  /// whether the value will come back, for updates whether they wait for all gradients.
  private static func notes(of schedule: Schedule, _ analysis: StepAnalysis) -> [String] {
    var notes = [String](repeating: "", count: schedule.steps.count)
    var (consumer, comesBack) = ("", Set<ValueID>())
    for (t, s) in schedule.steps.enumerated().reversed() {
      switch s.action {
      case .compute: consumer = s.results.first.map { analysis.function[schedule.versions[$0.index].value].name } ?? ""
      case .recompute:
        notes[t] = "for \(consumer)"
        for r in s.results { comesBack.insert(schedule.versions[r.index].value) }
      case .delete:
        notes[t] =
          s.operands.contains { comesBack.contains(schedule.versions[$0.index].value) }
          ? "recomputed later" : "last use"
      case .update:
        let i = analysis.function[s.instruction]
        if i.operands.count > i.operation.writtenCount + 1 { notes[t] = "scaled by the norm of all gradients" }
      }
    }
    return notes
  }

}
