/// The executions of a sequence, and between which of them each value is live without being touched.
struct SequenceLives {

  /// A value that is live after execution `from` and before execution `to`, where it is used, and untouched in between.
  struct Interval {
    let value: Int
    let from: Int
    let to: Int
  }

  /// The operation of each execution, as the evaluator numbers them.
  private(set) var operations: [Int] = []

  /// For each execution, the operation whose first execution it is or precedes.
  private(set) var positions: [Int] = []

  private(set) var intervals: [Interval] = []

  /// The events of value `v` are at `eventStart[v]..<eventStart[v + 1]` of `events`: twice the execution, plus one for a
  /// production; they ascend.
  private(set) var eventStart: [Int] = []

  private(set) var events: [Int] = []

  /// Creates the lives of the plain step with `insertions`.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands of all executions.
  init(_ insertions: [Insertion], _ e: SequenceEvaluator) {
    operations.reserveCapacity(e.count + insertions.count)
    positions.reserveCapacity(e.count + insertions.count)
    var next = 0
    for p in 0..<e.count {
      while next < insertions.count, insertions[next].position == p {
        operations.append(e.index(insertions[next].operation))
        positions.append(p)
        next += 1
      }
      operations.append(p)
      positions.append(p)
    }
    collectEvents(e)
    collectIntervals(e)
  }

  private mutating func collectEvents(_ e: SequenceEvaluator) {
    var ends = [Int](repeating: 0, count: e.bytes.count + 1)
    for o in operations {
      for r in e.resultStart[o]..<e.resultStart[o + 1] { ends[e.result[r] + 1] += 1 }
      for x in e.operandStart[o]..<e.operandStart[o + 1] { ends[e.operand[x] + 1] += 1 }
    }
    for v in 1..<ends.count { ends[v] += ends[v - 1] }
    eventStart = ends
    events = .init(repeating: 0, count: ends[ends.count - 1])
    for (slot, o) in operations.enumerated() {
      for x in e.operandStart[o]..<e.operandStart[o + 1] { add(2 * slot, of: e.operand[x], &ends) }
      for r in e.resultStart[o]..<e.resultStart[o + 1] { add(2 * slot + 1, of: e.result[r], &ends) }
    }
  }

  private mutating func add(_ event: Int, of v: Int, _ ends: inout [Int]) {
    events[ends[v]] = event
    ends[v] += 1
  }

  private mutating func collectIntervals(_ e: SequenceEvaluator) {
    intervals.reserveCapacity(events.count)
    for v in e.bytes.indices where (e.isRecomputable[e.definition[v]] || e.fetch[v] < 0) && e.bytes[v] > 0 {
      for i in eventStart[v]..<eventStart[v + 1] where events[i] & 1 == 0 {
        let (from, to) = (events[i - 1] >> 1, events[i] >> 1)
        if to > from + 1 { intervals.append(.init(value: v, from: from, to: to)) }
      }
    }
  }

  /// `true` iff `v` is live just before execution `slot` and used at it or later before it is made anew.
  func isRetained(_ v: Int, at slot: Int) -> Bool {
    var (low, high) = (eventStart[v], eventStart[v + 1])
    while low < high {
      let middle = (low + high) / 2
      if events[middle] >> 1 < slot { low = middle + 1 } else { high = middle }
    }
    return low < eventStart[v + 1] && events[low] & 1 == 0
  }

}
