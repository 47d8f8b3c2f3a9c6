import IR
import Operations

/// The forward part condensed into a chain of stages, cut where few bytes cross.
///
/// State `k` is what stages below `k` make and stages from `k` on read; a value that skips stages is in all the states it
/// crosses. The record of a stage is what backward reads of it. Instructions whose results are reported, small, or saved
/// by rules or marks are in neither: they are always there.
struct ForwardChain {

  let problem: SchedulingProblem

  /// The first instruction of each stage, and the end of the last.
  let starts: [Int]

  /// The stage of each instruction of the forward part.
  let stageOf: [Int]

  /// For each state, the instructions whose results are in it, ascending.
  let states: [[InstructionID]]

  /// For each stage, its instructions that backward reads, ascending.
  let records: [[InstructionID]]

  /// For each instruction of the forward part, whether it is always there.
  let isAlwaysThere: [Bool]

  /// For each instruction, the bytes that are made up to it and read after it in the forward part.
  let crossing: [Int]

  var count: Int { starts.count - 1 }

  /// Returns how the step is executed if `actions` are done on the chain.
  func schedule(_ actions: [ChainAction]) -> Schedule {
    problem.analysis.schedule(executing: ChainExecution.order(actions, of: self))
  }

  /// Condenses the forward part into at most `limit` stages.
  ///
  /// - Complexity: O(*n* + *x*) where *n* is the number of operands and *x* the sum of the sizes of the states.
  init(_ problem: SchedulingProblem, limit: Int) {
    let cuts = ChainCuts(problem)
    starts = [0] + cuts.chosen(most: limit - 1).map { $0 + 1 } + [problem.analysis.forwardCount]
    self.problem = problem
    isAlwaysThere = cuts.isAlwaysThere
    crossing = cuts.crossing
    var stageOf: [Int] = []
    for s in 0..<(starts.count - 1) { for _ in starts[s]..<starts[s + 1] { stageOf.append(s) } }
    var states = [[InstructionID]](repeating: [], count: starts.count)
    var records = [[InstructionID]](repeating: [], count: starts.count - 1)
    for (t, i) in problem.analysis.forward.enumerated() where !isAlwaysThere[t] {
      if i.results.contains(where: { problem.analysis.isReadInBackward[$0.index] }) {
        records[stageOf[t]].append(.init(t))
      }
      let last = cuts.lastUse[t]
      if last < 0 || stageOf[last] == stageOf[t] { continue }
      for k in (stageOf[t] + 1)...stageOf[last] { states[k].append(.init(t)) }
    }
    self.stageOf = stageOf
    self.states = states
    self.records = records
  }

  /// What is kept to reverse stage `s` without running it again: its record, and what it makes of the next state.
  func kept(ofStage s: Int) -> [InstructionID] {
    let next = states[s + 1].filter { stageOf[$0.index] == s }
    return Array(Set(records[s] + next)).sorted()
  }

  /// Returns the bytes of the results of `instructions`.
  func bytes(_ instructions: [InstructionID]) -> Int {
    instructions.reduce(0) { $0 + problem.arenaBytes(of: $1) }
  }

}

/// The places where the forward part may be cut into stages.
///
/// They are after instructions whose results backward reads, where no fewer bytes cross right before or after; if there is
/// none, any place with no fewer beside it.
struct ChainCuts {

  let isAlwaysThere: [Bool]

  /// For each instruction, the last of the forward part that reads its results, -1 if none does.
  let lastUse: [Int]

  /// For each instruction, the bytes that are made up to it and read after it in the forward part.
  let crossing: [Int]

  /// The instructions after which a cut may be, ascending.
  private let eligible: [Int]

  /// For each instruction, the bytes made up to it, always more than before.
  private let bytesBefore: [Int]

  init(_ problem: SchedulingProblem) {
    let analysis = problem.analysis
    let least = analysis.leastSaved()
    isAlwaysThere = analysis.forward.map { (i) in
      guard let first = i.results.first, !i.results.contains(where: { analysis.isResult[$0.index] }) else {
        return true
      }
      switch problem.obligations.demands[first.index] {
      case .none: return least[first.index]
      case .save: return true
      case .recompute: return false
      }
    }
    var lastUse = [Int](repeating: -1, count: analysis.forwardCount)
    for (t, i) in analysis.forward.enumerated() {
      for o in i.operands { if let d = analysis.definition(of: o) { lastUse[d.index] = t } }
    }
    var (change, before, total) = ([Int](repeating: 0, count: analysis.forwardCount + 1), [Int](), 0)
    for t in lastUse.indices {
      let bytes = isAlwaysThere[t] ? 0 : problem.arenaBytes(of: .init(t))
      total += bytes + 1
      before.append(total)
      guard lastUse[t] > t else { continue }
      change[t] += bytes
      change[lastUse[t]] -= bytes
    }
    self.lastUse = lastUse
    bytesBefore = before
    var live = 0
    let crossing = change.dropLast().map { (c) in
      live += c
      return live
    }
    self.crossing = crossing
    let low = crossing.indices.dropLast().filter { (t) in
      crossing[t] > 0 && crossing[t] <= crossing[t + 1] && (t == 0 || crossing[t] <= crossing[t - 1])
    }
    let isAlwaysThere = isAlwaysThere
    let read = low.filter { (t) in
      !isAlwaysThere[t] && lastUse[t] > t
        && analysis.function.instructions[t].results.contains { analysis.isReadInBackward[$0.index] }
    }
    eligible = read.isEmpty ? low : read
  }

  /// Returns at most `most` places, ascending, with like bytes between them.
  func chosen(most: Int) -> [Int] {
    if eligible.count <= most { return eligible }
    let total = Double(bytesBefore.last ?? 0)
    var (cuts, next) = ([Int](), 0)
    for j in 1..<(most + 1) {
      let target = total * Double(j) / Double(most + 1)
      while next + 1 < eligible.count, Double(bytesBefore[eligible[next]]) < target { next += 1 }
      if cuts.last.map({ eligible[next] > $0 }) ?? true { cuts.append(eligible[next]) }
    }
    return cuts
  }

}
