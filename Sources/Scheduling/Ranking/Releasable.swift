import IR
import Operations

/// An instruction of the forward part whose results backward reads and which may be executed again for them.
struct Releasable: Hashable, Sendable {

  let instruction: InstructionID

  /// The bytes of the results that backward reads.
  let bytes: Int

  /// The number of instructions between the last use in the forward part and the first in the backward part.
  let lifetime: Int

}

/// The values that backward reads, of which a policy gives some up.
///
/// What is not read by backward is never kept: it is recomputed on the way where a recomputation needs it. Scalars of up to
/// 256 bytes that are not numbered, what is reported, and what rules or marks demand are no matter of choice.
struct ReleaseChoice {

  let problem: SchedulingProblem

  /// What may be given up, in order of execution.
  let all: [Releasable]

  /// The bytes that backward reads of the forward part, those without a choice included.
  let totalBytes: Int

  /// The bytes that rules demand to recompute.
  let demandedBytes: Int

  /// - Complexity: O(*n*) where *n* is the number of operands.
  init(_ problem: SchedulingProblem) {
    self.problem = problem
    let analysis = problem.analysis
    let uses = ForwardUses(analysis)
    let least = analysis.leastSaved()
    var (all, total, demanded) = ([Releasable](), 0, 0)
    for (t, i) in analysis.forward.enumerated() {
      guard let first = i.results.first else { continue }
      let read = i.results.filter { analysis.isReadInBackward[$0.index] }
      let bytes = read.reduce(0) { $0 + analysis.arenaBytes(of: $1) }
      total += bytes
      if problem.obligations.demands[first.index] == .recompute { demanded += bytes }
      guard bytes > 0, problem.obligations.demands[first.index] == .none, !least[first.index],
        !i.results.contains(where: { analysis.isResult[$0.index] })
      else { continue }
      all.append(.init(instruction: .init(t), bytes: bytes, lifetime: uses.gap(of: i)))
    }
    self.all = all
    totalBytes = total
    demandedBytes = demanded
  }

  /// Returns the decision that keeps all but `released`.
  func saved(without released: some Sequence<Releasable>) -> [Bool] {
    var saved = problem.analysis.leastSaved()
    for r in all { set(r, true, in: &saved) }
    for r in released { set(r, false, in: &saved) }
    return saved
  }

  /// Makes `r` saved or not.
  func set(_ r: Releasable, _ isSaved: Bool, in saved: inout [Bool]) {
    if let first = problem.analysis.function[r.instruction].results.first { saved[first.index] = isSaved }
  }

  /// Returns the decision that gives up the first of `order` until no more than `ratio` of the bytes that backward reads
  /// are kept, or nothing is left to give up.
  func saved(keeping ratio: Double, givingUp order: [Releasable]) -> [Bool] {
    var kept = totalBytes - demandedBytes
    let released = order.prefix { (r) in
      if Double(kept) <= ratio * Double(totalBytes) { return false }
      kept -= r.bytes
      return true
    }
    return saved(without: released)
  }

  /// Returns what may be given up, the highest `score` first; of equals the one that is executed first.
  func ranked(by score: [Double]) -> [Releasable] {
    zip(all, score).sorted { ($1.1, $0.0.instruction) < ($0.1, $1.0.instruction) }.map(\.0)
  }

  /// Returns the cost of recomputing each, from 1 up, with all others kept.
  func costs() -> [Int] {
    let saved = saved(without: [])
    var chains = RecomputeChains(problem)
    return all.map { (r) in max(1, chains.chain(of: r.instruction) { problem.isKept($0, under: saved) }.cost) }
  }

}

/// Where the values of the forward part are used.
struct ForwardUses {

  /// The last instruction of the forward part that reads or defines each value.
  private var lastForward: [Int]

  /// The first of the backward part that reads it, -1 if none does.
  private var firstBackward: [Int]

  init(_ analysis: StepAnalysis) {
    lastForward = .init(repeating: -1, count: analysis.function.values.count)
    firstBackward = lastForward
    for (t, i) in analysis.function.instructions.enumerated() {
      if t < analysis.forwardCount { for v in i.operands + i.results { lastForward[v.index] = t } }
      if t >= analysis.forwardCount {
        for o in i.operands where firstBackward[o.index] < 0 { firstBackward[o.index] = t }
      }
    }
  }

  /// Returns the number of instructions between the last use of `i`'s results in the forward part and the first in the
  /// backward part, 0 if there is none.
  func gap(of i: Instruction) -> Int {
    let last = i.results.reduce(-1) { max($0, lastForward[$1.index]) }
    let first = i.results.compactMap { firstBackward[$0.index] < 0 ? nil : firstBackward[$0.index] }.min()
    return first.map { max(0, $0 - last) } ?? 0
  }

}

extension AttributeReader {

  /// Takes `ratio`, a half where it is not written, or returns `nil` if it is not from 0 to 1.
  mutating func ratio() -> Double? {
    let ratio = optionalNumber("ratio") ?? 0.5
    return 0...1 ~= ratio && !failed ? ratio : nil
  }

}
