/// A score while it is computed.
///
/// It reads and writes memory that it does not check: the positions come from the problem, and the memory is that of its
/// evaluator's arrays.
struct SequenceScoring {

  /// What is known of a value.
  struct Value: Sendable {

    let bytes: Int

    let isTransient: Bool

    /// The execution that made or used it last.
    var last = 0

    /// The execution whose result takes its bytes over if it has been used for the last time, or -1.
    var taker = -1

    init(bytes: Int, isTransient: Bool) { (self.bytes, self.isTransient) = (bytes, isTransient) }

  }

  /// What is known of an execution.
  struct Slot: Sendable {

    /// The change of the live bytes with it.
    var change = 0

    /// Whether its result takes over the bytes of an operand.
    var hasTaken = false

  }

  private let values: UnsafeMutableBufferPointer<Value>

  private let slots: UnsafeMutableBufferPointer<Slot>

  private let lastRead: UnsafeMutableBufferPointer<Int>

  private let effects: UnsafeBufferPointer<Int>

  private let effectStart: UnsafeBufferPointer<Int>

  private let executions: Int

  /// The first execution at the position of the backward part.
  private var boundary = Int.max

  /// What transient values that are live across the boundary count as.
  private var trespass = 0

  /// The first execution of the part behind the last micro-batch.
  private var applySlot: Int

  /// - Requires: there are slots for all executions, and one more.
  init(
    values: UnsafeMutableBufferPointer<Value>, slots: UnsafeMutableBufferPointer<Slot>,
    lastRead: UnsafeMutableBufferPointer<Int>, effects: UnsafeBufferPointer<Int>, effectStart: UnsafeBufferPointer<Int>,
    executions: Int
  ) {
    (self.values, self.slots, self.lastRead) = (values, slots, lastRead)
    (self.effects, self.effectStart, self.executions) = (effects, effectStart, executions)
    applySlot = executions
    for i in 0...executions { slots[i] = .init() }
    for v in values.indices { values[v].taker = -1 }
  }

  /// Returns the score of the plain step with `insertions`; see `SequenceEvaluator`.
  mutating func score(
    _ insertions: [Insertion], _ e: borrowing SequenceEvaluator, _ copies: inout SequenceCopies, budget: Int
  ) -> SequenceScore {
    var s = SequenceScore()
    var (slot, next, position) = (0, 0, 0)
    let (count, hasFetches, fetchStart) = (e.count, e.hasFetches, e.fetchStart)
    let (backwardStart, applyStart) = (e.backwardStart, e.applyStart)
    if hasFetches { copies.announce(insertions, e) }
    while position < count {
      if position == backwardStart, boundary == .max { boundary = slot }
      if position == fetchStart { copies.finish() }
      if next < insertions.count, insertions[next].position == position {
        let o = e.index(insertions[next].operation)
        s.cost += e.cost[o]
        if hasFetches { copies.repeat(o, e) }
        execute(o, slot, hasFetches, copies)
        next += 1
      } else {
        if position == applyStart { applySlot = slot }
        if hasFetches { copies.execute(position, e) }
        execute(position, slot, hasFetches, copies)
        position += 1
      }
      slot += 1
    }
    finish(e)
    s.wait = copies.wait
    s.cost += copies.wait
    s.excess = trespass
    accumulate(budget, &s)
    return s
  }

  @inline(__always)
  private mutating func execute(_ o: Int, _ slot: Int, _ hasFetches: Bool, _ copies: borrowing SequenceCopies) {
    var at = effectStart[o]
    var here = effects[at]
    let results = list(&at)
    for x in results {
      let v = effects[x]
      here += values[v].bytes
      takeOver(v)
      values[v].last = slot
    }
    for x in list(&at) {
      let v = effects[x]
      retain(v, to: slot)
      values[v].taker = -1
    }
    for x in list(&at) where !hasFetches || !copies.isCopied[effects[x]] { values[effects[x]].taker = slot }
    for x in list(&at) { lastRead[effects[x]] = slot }
    slots[slot].change += here
    slots[slot + 1].change -= here
  }

  /// Returns where the list is whose length stands behind position `at`, which becomes that of its end.
  @inline(__always)
  private func list(_ at: inout Int) -> Range<Int> {
    let first = at + 2
    at += 1 + effects[at + 1]
    return first..<at + 1
  }

  /// Lets the bytes of `v`, whose life has ended, be those of the result of the execution that used it last, unless that
  /// has taken over others.
  @inline(__always)
  private func takeOver(_ v: Int) {
    let slot = values[v].taker
    if slot < 0 { return }
    values[v].taker = -1
    if slots[slot].hasTaken { return }
    slots[slot].hasTaken = true
    slots[slot].change -= values[v].bytes
    slots[slot + 1].change += values[v].bytes
  }

  /// Keeps `v` live from its last event to `slot`.
  @inline(__always)
  private mutating func retain(_ v: Int, to slot: Int) {
    let from = values[v].last + 1
    if from > slot { return }
    let bytes = values[v].bytes
    if slot >= boundary, from <= boundary, values[v].isTransient { trespass += 1 + bytes }
    slots[from].change += bytes
    slots[slot + 1].change -= bytes
    values[v].last = slot
  }

  /// Keeps what is kept, and what updates read, for as long as they need it.
  private mutating func finish(_ e: borrowing SequenceEvaluator) {
    for u in e.updates {
      var slot = u.isApplied ? max(0, applySlot - 1) : 0
      for s in u.storage { slot = max(slot, lastRead[s]) }
      for v in u.operands { slot = max(slot, values[v].last) }
      for v in u.operands {
        retain(v, to: slot)
        values[v].taker = -1
      }
    }
    for v in e.kept { retain(v, to: executions - 1) }
    for v in values.indices { takeOver(v) }
  }

  private func accumulate(_ budget: Int, _ s: inout SequenceScore) {
    var live = 0
    for slot in 0..<executions {
      live += slots[slot].change
      if live > budget { s.excess += live - budget }
      if live > s.peak {
        s.peak = live
        s.peakSlot = slot
      }
    }
  }

}
