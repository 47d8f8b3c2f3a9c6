/// Scores sequences of executions, given as recomputations in order.
///
/// The problem is kept in flat arrays: the search scores a hundred thousand sequences a second. Fetches are operations
/// without operands behind those of the problem.
///
/// Copies take turns on one link, beside the executions: with *t* the costs of all that was executed and waited for so far,
/// and *l* the end of the last copy, a copy of duration *d* that begins now ends at max(*l*, *t*) + *d*. That is *l* then.
/// The backward part begins at max(*l*, *t*), as the memory of what is away is needed there, and a use of what was fetched at
/// the end of its copy.
package struct SequenceEvaluator: Sendable {

  /// The number of operations, without fetches.
  let count: Int

  /// The cost of each operation, and the price of each fetch.
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

  /// The fetch of each value, numbered as in insertions; 0 if there is none.
  let fetch: [Int]

  /// `true` iff there are fetches.
  let hasFetches: Bool

  /// The first position at which something may be fetched.
  let fetchStart: Int

  /// What making or fetching each value again costs at least, whatever it needs.
  let leastCost: [Int]

  /// For each value, how long a copy takes.
  let duration: [Int]

  /// The copies of the sequence that is scored.
  private var copies: Copies

  package init(_ p: RematerializationProblem) {
    count = p.operations.count
    cost = p.operations.map(\.cost) + p.fetches.map(\.price)
    bytes = p.values.map(\.bytes)
    definition = p.values.map(\.definition)
    isRecomputable = p.operations.map(\.isRecomputable)
    let none = p.fetches.map { _ in [Int]() }
    workspace = p.operations.map(\.workspace) + p.fetches.map { _ in 0 }
    (operandStart, operand) = Self.flattened(p.operations.map(\.operands) + none)
    (resultStart, result) = Self.flattened(p.operations.map(\.results) + p.fetches.map { [$0.value] })
    (overwritableStart, overwritable) = Self.flattened(p.operations.map(\.overwritable) + none)
    (readStart, read) = Self.flattened(p.operations.map(\.reads) + none)
    var (fetch, duration) = ([Int](repeating: 0, count: p.values.count), [Int](repeating: 0, count: p.values.count))
    var least = p.values.map { p.operations[$0.definition].cost }
    for (k, f) in p.fetches.enumerated() {
      (fetch[f.value], duration[f.value]) = (-1 - k, f.duration)
      let isRecomputable = p.operations[p.values[f.value].definition].isRecomputable
      least[f.value] = isRecomputable ? min(least[f.value], f.price) : f.price
    }
    (self.fetch, self.duration, leastCost) = (fetch, duration, least)
    hasFetches = !p.fetches.isEmpty
    fetchStart = p.backwardStart ?? .max
    copies = .init(values: hasFetches ? p.values.count : 0)
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

  /// Returns the position in the flat arrays of `operation`, numbered as in insertions.
  @inline(__always)
  func index(_ operation: Int) -> Int { operation < 0 ? count - 1 - operation : operation }

  private static func flattened(_ lists: [[Int]]) -> (start: [Int], elements: [Int]) {
    var start = [0]
    for l in lists { start.append(start[start.count - 1] + l.count) }
    return (start, lists.flatMap(\.self))
  }

  /// Returns the score of the plain step with `insertions`, which ascend; bytes beyond `budget` are excess.
  ///
  /// What is copied away is not overwritten by its last use, as the copy may not be done yet.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands of all executions.
  package mutating func score(_ insertions: [Insertion], budget: Int = .max) -> SequenceScore {
    let executions = count + insertions.count
    reset(executions)
    var s = SequenceScore()
    var (slot, next, position) = (0, 0, 0)
    if hasFetches { announceCopies(insertions) }
    while position < count {
      if position == backwardStart, boundary == .max { boundary = slot }
      if position == fetchStart { copies.finish() }
      if next < insertions.count, insertions[next].position == position {
        let o = index(insertions[next].operation)
        s.cost += cost[o]
        if hasFetches { repeatCopied(o) }
        execute(o, slot)
        next += 1
      } else {
        if position == applyStart { applySlot = slot }
        if hasFetches { executeCopied(position) }
        execute(position, slot)
        position += 1
      }
      slot += 1
    }
    finish(executions)
    s.wait = copies.wait
    s.cost += copies.wait
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
    for x in overwritableStart[o]..<overwritableStart[o + 1]
    where !hasFetches || !copies.isCopied[overwritable[x]] { taker[overwritable[x]] = slot }
    for r in readStart[o]..<readStart[o + 1] { lastRead[read[r]] = slot }
    change[slot] += here
    change[slot + 1] -= here
  }

  /// Notes which values are copied away.
  private mutating func announceCopies(_ insertions: [Insertion]) {
    copies.reset()
    for i in insertions where i.operation < 0 { copies.isCopied[result[resultStart[index(i.operation)]]] = true }
  }

  /// Lets time pass for the first execution of `o`, whose results are copied away.
  private mutating func executeCopied(_ o: Int) {
    pass(o)
    for r in resultStart[o]..<resultStart[o + 1] where copies.isCopied[result[r]] {
      copies.begin(duration[result[r]])
    }
  }

  /// Lets time pass for the execution of `o` that makes its results again: a fetch, if it is none of the problem's.
  private mutating func repeatCopied(_ o: Int) {
    if o < count { pass(o) }
    for r in resultStart[o]..<resultStart[o + 1] {
      let v = result[r]
      copies.isCopied[v] = false
      copies.end[v] = o < count ? 0 : copies.begin(duration[v])
    }
  }

  private mutating func pass(_ o: Int) {
    for x in operandStart[o]..<operandStart[o + 1] { copies.wait(for: operand[x]) }
    copies.time += cost[o]
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

/// Where the copies of a sequence stand.
private struct Copies: Sendable {

  /// For each value, whether what is there is its first version and copied away.
  var isCopied: [Bool]

  /// For each value, the end of the copy that made the version that is there; 0 if none did.
  var end: [Int]

  /// The costs of what was executed, and of waiting.
  var time = 0

  /// The end of the last copy.
  private var link = 0

  /// What was waited for.
  private(set) var wait = 0

  /// `true` iff all copies away are done.
  private var isFinished = false

  init(values count: Int) {
    isCopied = .init(repeating: false, count: count)
    end = .init(repeating: 0, count: count)
  }

  mutating func reset() {
    for v in end.indices { (isCopied[v], end[v]) = (false, 0) }
    (time, link, wait, isFinished) = (0, 0, 0, false)
  }

  /// Begins a copy that takes as long as `duration`; returns its end.
  @discardableResult
  mutating func begin(_ duration: Int) -> Int {
    link = max(link, time) + duration
    return link
  }

  /// Waits for what makes `v`.
  @inline(__always)
  mutating func wait(for v: Int) {
    if end[v] > time { wait(until: end[v]) }
  }

  private mutating func wait(until end: Int) {
    wait += end - time
    time = end
  }

  /// Waits for all copies, once.
  mutating func finish() {
    if isFinished { return }
    isFinished = true
    if link > time { wait(until: link) }
  }

}
