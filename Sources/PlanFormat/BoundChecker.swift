import Operations
import Support

/// Computes the bound that a certificate proves from the plan alone, in exact arithmetic; it shares nothing with the search.
///
/// In the step without recomputation a value has gaps between its uses. Whatever is recomputed, a value that is absent
/// somewhere in a gap is made again before its end, at the cost of its instruction at least, and the gaps of a value are
/// disjoint. So for any weights π of the steps at which the live bytes exceed the budget, by ex, no schedule recomputes
/// for less than
///
///     Σ π·ex − Σ max(0, Σ π·min(bytes, ex) − cost)
///
/// where the second sum is over the gaps and the one in it over the steps within the gap.
///
/// - Source: linear programming duality, of the paging relaxation in `GapRelaxation`.
struct BoundChecker {

  struct Gap {
    let value: PlanValueIndex
    let from: Int
    let to: Int
  }

  private let program: PlanProgram

  private(set) var gaps: [Gap] = []

  /// By step: the change of the live bytes, and with `run`, the live bytes.
  private(set) var live: [Int] = []

  /// By value: what making it again costs at least; `nil` if it is not made twice.
  private(set) var cost: [Int?]

  /// By value: the step that makes it, and the one that used it last.
  private(set) var made: [Int]
  private(set) var last: [Int]

  /// By value: what its instruction costs, how many results that has, and its operands.
  private(set) var flops: [Int]
  private(set) var resultCount: [Int]
  private(set) var operands: [[PlanValueIndex]]

  /// The values in order of their making, and the position of each there.
  private(set) var numbered: [PlanValueIndex] = []
  private(set) var number: [Int]

  /// By storage: the step that read it last.
  private var lastRead: [PlanValueIndex: Int] = [:]

  /// By value: what it is a version of.
  private let origins: [PlanValueIndex]

  private let isResult: Set<PlanValueIndex>

  /// Follows the step without recomputation; `origins[v]` is what the value *v* is a version of.
  ///
  /// - Requires: the program is verified.
  init(_ program: PlanProgram, origins: [PlanValueIndex]) {
    self.program = program
    self.origins = origins
    isResult = Set(program.results.map(\.value))
    cost = .init(repeating: nil, count: program.values.count)
    made = .init(repeating: 0, count: program.values.count)
    (last, flops, resultCount, number) = (made, made, made, made)
    operands = .init(repeating: [], count: program.values.count)
    var (step, applyStep) = (0, 0)
    var updates: [(instruction: PlanInstruction, written: Int, earliest: Int)] = []
    for (i, instruction) in program.instructions.enumerated() {
      if i == program.applyStart { applyStep = max(0, step - 1) }
      switch instruction.action {
      case .compute(let operation):
        compute(operation, instruction, step, isApplied: program.applyStart.map { $0 <= i } ?? false)
        step += 1
      case .update(let operation):
        let isApplied = program.applyStart.map { $0 <= i } ?? false
        updates.append((instruction, operation.writtenCount, isApplied ? applyStep : 0))
      case .recompute, .delete, .offload, .fetch: continue
      }
    }
    var latest: [PlanValueIndex: Int] = [:]
    for u in updates { update(u.instruction, u.written, u.earliest, &latest) }
    for (v, step) in latest { use(v, step, isNeeded: false) }
    for v in isResult { use(v, max(0, step - 1)) }
    for t in live.indices.dropFirst() { live[t] += live[t - 1] }
  }

  func bytes(_ v: PlanValueIndex) -> Int { program.values[v].isInArena ? program.values[v].type.size.value : 0 }

  private mutating func compute(_ operation: Operation, _ i: PlanInstruction, _ step: Int, isApplied: Bool) {
    let (operands, results) = (i.operands.map { program.values[$0].type }, i.results.map { program.values[$0].type })
    let mayTakeOver = operation.overwritable(i.operands.map { origins[$0] }, operands, results).contains {
      program.values[i.operands[$0]].isInArena && !isResult.contains(origins[i.operands[$0]])
    }
    let beside = (i.workspace?.byteCount ?? 0) - (mayTakeOver ? bytes(i.results[0]) : 0)
    change(i.results.reduce(beside) { $0 + bytes($1) }, step, step)
    let all = operation.flops(operands, results)
    let share = all / max(1, i.results.count)
    let isFree = !isApplied && !i.results.contains(where: isResult.contains)
    for r in i.results {
      (made[r], last[r], cost[r]) = (step, step, isFree ? share : nil)
      (flops[r], resultCount[r], number[r]) = (all, i.results.count, numbered.count)
      self.operands[r] = i.operands.map { origins[$0] }
      numbered.append(r)
    }
    for o in i.operands { use(origins[o], step) }
  }

  /// An update is done after the step where what it reads is there and the storage has been read by all others, or later.
  private func update(
    _ i: PlanInstruction, _ written: Int, _ earliest: Int, _ latest: inout [PlanValueIndex: Int]
  ) {
    let storage = i.operands.prefix(written).reduce(earliest) { max($0, lastRead[$1] ?? 0) }
    let read = i.operands.dropFirst(written).map { origins[$0] }.filter { program.values[$0].isInArena }
    let step = read.reduce(storage) { max($0, made[$1]) }
    for v in read { latest[v] = max(latest[v] ?? 0, step) }
  }

  /// Notes that `v` is live until the end of `step`, which needs it unless it is there only for what comes later.
  private mutating func use(_ v: PlanValueIndex, _ step: Int, isNeeded: Bool = true) {
    if !program.values[v].isInArena {
      lastRead[v] = max(lastRead[v] ?? 0, step)
      return
    }
    if step <= last[v] { return }
    change(bytes(v), last[v] + 1, step)
    let end = isNeeded ? step : step + 1
    if end > last[v] + 1, cost[v] != nil, bytes(v) > 0 { gaps.append(.init(value: v, from: last[v], to: end)) }
    last[v] = step
  }

  /// Adds `bytes` to what is live at the steps `first...end`.
  private mutating func change(_ bytes: Int, _ first: Int, _ end: Int) {
    while live.count < end + 2 { live.append(0) }
    live[first] += bytes
    live[end + 1] -= bytes
  }

  /// Returns the operations that `certificate` proves to be recomputed where `budget` bytes may be live in the arena, or
  /// `nil` if it is no certificate.
  ///
  /// - Complexity: O(*g* log *d* + *t*) where *g* is the number of gaps, *d* that of weights, and *t* that of the pairs of a
  ///   gap and a weight within it, of which more than 2^24 are refused.
  func bound(_ certificate: BoundCertificate, arenaBudget budget: Int) -> Int? {
    guard BoundCertificate.bits.contains(certificate.bits) else { return nil }
    var excess: [Int] = []
    var total: Int128 = 0
    for (k, d) in certificate.duals.enumerated() {
      guard k == 0 || certificate.duals[k - 1].step < d.step, live.indices.contains(d.step), live[d.step] > budget,
        BoundCertificate.weights.contains(d.weight)
      else { return nil }
      excess.append(live[d.step] - budget)
      total += Int128(d.weight) * Int128(excess[k])
    }
    var terms = 0
    for g in gaps {
      let size = bytes(g.value)
      var worth: Int128 = 0
      var k = certificate.duals.firstPosition(after: g.from)
      while k < excess.count, certificate.duals[k].step < g.to {
        worth += Int128(certificate.duals[k].weight) * Int128(min(size, excess[k]))
        (k, terms) = (k + 1, terms + 1)
      }
      if terms > BoundCertificate.termLimit { return nil }
      total -= max(0, worth - Int128(cost[g.value] ?? 0) << Int128(certificate.bits))
    }
    let one = Int128(1) << Int128(certificate.bits)
    return Int(clamping: max(0, (total + one - 1) / one))
  }

}

extension [BoundCertificate.Dual] {

  /// Returns the position of the first dual of a step after `step`.
  fileprivate func firstPosition(after step: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].step <= step { low = middle + 1 } else { high = middle }
    }
    return low
  }

}
