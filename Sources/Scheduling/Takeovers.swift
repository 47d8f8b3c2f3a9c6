import IR
import Operations

extension StepAnalysis {

  /// For each instruction, the operands whose bytes its result may take over where they are used for the last time: values
  /// in the arena that are not reported.
  static func overwritable(_ function: Function, _ isResult: [Bool]) -> [[ValueID]] {
    function.instructions.map { (i) in
      let positions = i.operation.overwritable(
        i.operands, i.operands.map { function[$0].type }, i.results.map { function[$0].type })
      return positions.map { i.operands[$0] }.filter { (v) in
        if case .storage = function[v].origin { return false }
        return !isResult[v.index]
      }
    }
  }

  /// Returns for each step of `schedule` the operand whose bytes its result takes over: the first of those that may be
  /// overwritten whose life ends with the step. What is copied to the host is not, as the copy may not be done yet; nor is
  /// the first version of what is fetched, which will be.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands of the schedule.
  package func takeovers(of schedule: Schedule) -> [VersionID?] {
    var taken = [VersionID?](repeating: nil, count: schedule.steps.count)
    var isCopied = [Bool](repeating: false, count: schedule.versions.count)
    for s in schedule.steps where s.action == .offload { for o in s.operands { isCopied[o.index] = true } }
    let fetched = Set(
      schedule.steps.filter { $0.action == .fetch }.flatMap(\.results).map { schedule.versions[$0.index].value })
    if !fetched.isEmpty {
      for (v, version) in schedule.versions.enumerated() where version.ordinal == 1 && fetched.contains(version.value) {
        isCopied[v] = true
      }
    }
    for (t, s) in schedule.steps.enumerated() where s.action == .compute || s.action == .recompute {
      let candidates = overwritable[s.instruction.index]
      if candidates.isEmpty { continue }
      let ending = schedule.steps[(t + 1)...].prefix { $0.action == .delete }.flatMap(\.operands)
      taken[t] = s.operands.first { (o) in
        !isCopied[o.index] && ending.contains(o) && candidates.contains(schedule.versions[o.index].value)
      }
    }
    return taken
  }

}
