/// Scores sequences of executions, given as recomputations in order.
///
/// The problem is kept in flat arrays: the search scores a hundred thousand sequences a second.
package struct SequenceEvaluator: Sendable {

  /// The number of operations.
  let count: Int

  let cost: [Int]

  let bytes: [Int]

  let definition: [Int]

  let isRecomputable: [Bool]

  let workspace: [Int]

  /// The operands of operation `o` are at `operandStart[o]..<operandStart[o + 1]` of `operand`.
  let operandStart: [Int]

  let operand: [Int]

  let resultStart: [Int]

  let result: [Int]

  /// The operands whose bytes the result of operation `o` may take over, at `overwritableStart[o]..<…`.
  private let overwritableStart: [Int]

  private let overwritable: [Int]

  let readStart: [Int]

  let read: [Int]

  let kept: [Int]

  let updates: [RematerializationProblem.Update]

  /// The last position where something may be recomputed.
  let lastPosition: Int

  private let applyStart: Int

  /// The first execution of the part behind the last micro-batch.
  private var applySlot = 0

  private let isTransient: [Bool]

  private let backwardStart: Int

  /// The first execution at the position of the backward part.
  private var boundary = 0

  /// What transient values that are live across the boundary count as.
  private var trespass = 0

  /// For each value, the execution that made or used it last.
  private var last: [Int]

  /// For each storage, the execution that read it last.
  private var lastRead: [Int]

  /// For each value, the execution whose result takes its bytes over if it has been used for the last time, or -1.
  private var taker: [Int]

  /// For each execution, whether its result takes over the bytes of an operand.
  private var hasTaken: [Bool] = []

  /// The change of the live bytes with each execution.
  private var change: [Int] = []

  package init(_ p: RematerializationProblem) {
    count = p.operations.count
    cost = p.operations.map(\.cost)
    bytes = p.values.map(\.bytes)
    definition = p.values.map(\.definition)
    isRecomputable = p.operations.map(\.isRecomputable)
    workspace = p.operations.map(\.workspace)
    (operandStart, operand) = Self.flattened(p.operations.map(\.operands))
    (resultStart, result) = Self.flattened(p.operations.map(\.results))
    (overwritableStart, overwritable) = Self.flattened(p.operations.map(\.overwritable))
    (readStart, read) = Self.flattened(p.operations.map(\.reads))
    kept = p.values.indices.filter { p.values[$0].isKept }
    updates = p.updates
    applyStart = p.applyStart ?? .max
    lastPosition = min(applyStart, p.operations.count - 1)
    isTransient = p.values.map(\.isTransient)
    backwardStart = p.values.contains(where: \.isTransient) ? p.backwardStart ?? .max : .max
    last = .init(repeating: 0, count: p.values.count)
    taker = .init(repeating: -1, count: p.values.count)
    lastRead = .init(repeating: 0, count: p.storageCount)
  }

  private static func flattened(_ lists: [[Int]]) -> (start: [Int], elements: [Int]) {
    var start = [0]
    for l in lists { start.append(start[start.count - 1] + l.count) }
    return (start, lists.flatMap(\.self))
  }

  /// Returns the score of the plain step with `insertions`, which ascend; bytes beyond `budget` are excess.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands of all executions.
  package mutating func score(_ insertions: [Insertion], budget: Int = .max) -> SequenceScore {
    let executions = count + insertions.count
    reset(executions)
    var s = SequenceScore()
    var (slot, next, position) = (0, 0, 0)
    while position < count {
      if position == backwardStart, boundary == .max { boundary = slot }
      if next < insertions.count, insertions[next].position == position {
        s.cost += cost[insertions[next].operation]
        execute(insertions[next].operation, slot)
        next += 1
      } else {
        if position == applyStart { applySlot = slot }
        execute(position, slot)
        position += 1
      }
      slot += 1
    }
    finish(executions)
    s.excess = trespass
    accumulate(executions, budget, &s)
    return s
  }

  private mutating func reset(_ executions: Int) {
    if change.count < executions + 1 {
      change = .init(repeating: 0, count: executions + executions / 4 + 1)
      hasTaken = .init(repeating: false, count: change.count)
    }
    for i in 0...executions {
      change[i] = 0
      hasTaken[i] = false
    }
    for v in taker.indices { taker[v] = -1 }
    (boundary, trespass, applySlot) = (.max, 0, executions)
  }

  private mutating func execute(_ o: Int, _ slot: Int) {
    var here = workspace[o]
    for r in resultStart[o]..<resultStart[o + 1] {
      here += bytes[result[r]]
      takeOver(result[r])
      last[result[r]] = slot
    }
    for x in operandStart[o]..<operandStart[o + 1] {
      retain(operand[x], to: slot)
      taker[operand[x]] = -1
    }
    for x in overwritableStart[o]..<overwritableStart[o + 1] { taker[overwritable[x]] = slot }
    for r in readStart[o]..<readStart[o + 1] { lastRead[read[r]] = slot }
    change[slot] += here
    change[slot + 1] -= here
  }

  /// Lets the bytes of `v`, whose life has ended, be those of the result of the execution that used it last, unless that
  /// has taken over others.
  @inline(__always)
  private mutating func takeOver(_ v: Int) {
    let slot = taker[v]
    if slot < 0 { return }
    taker[v] = -1
    if hasTaken[slot] { return }
    hasTaken[slot] = true
    change[slot] -= bytes[v]
    change[slot + 1] += bytes[v]
  }

  /// Keeps `v` live from its last event to `slot`.
  @inline(__always)
  private mutating func retain(_ v: Int, to slot: Int) {
    let from = last[v] + 1
    if from > slot { return }
    if slot >= boundary, from <= boundary, isTransient[v] { trespass += 1 + bytes[v] }
    change[from] += bytes[v]
    change[slot + 1] -= bytes[v]
    last[v] = slot
  }

  /// Keeps what is kept, and what updates read, for as long as they need it.
  private mutating func finish(_ executions: Int) {
    for u in updates {
      var slot = u.isApplied ? max(0, applySlot - 1) : 0
      for s in u.storage { slot = max(slot, lastRead[s]) }
      for v in u.operands { slot = max(slot, last[v]) }
      for v in u.operands {
        retain(v, to: slot)
        taker[v] = -1
      }
    }
    for v in kept { retain(v, to: executions - 1) }
    for v in taker.indices { takeOver(v) }
  }

  private func accumulate(_ executions: Int, _ budget: Int, _ s: inout SequenceScore) {
    var live = 0
    for slot in 0..<executions {
      live += change[slot]
      if live > budget { s.excess += live - budget }
      if live > s.peak {
        s.peak = live
        s.peakSlot = slot
      }
    }
  }

}
