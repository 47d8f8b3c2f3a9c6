/// Where the copies of a sequence stand.
struct SequenceCopies: Sendable {

  /// For each value, whether what is there is its first version and copied away.
  private(set) var isCopied: [Bool]

  /// For each value, the end of the copy that made the version that is there; 0 if none did.
  private var end: [Int]

  /// The costs of what was executed, and of waiting.
  private var time = 0

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

  /// Notes which values of a sequence are copied away, before it begins.
  mutating func announce(_ insertions: [Insertion], _ e: borrowing SequenceEvaluator) {
    for v in end.indices { (isCopied[v], end[v]) = (false, 0) }
    (time, link, wait, isFinished) = (0, 0, 0, false)
    for i in insertions where i.operation < 0 { isCopied[e.result[e.resultStart[e.index(i.operation)]]] = true }
  }

  /// Lets time pass for the first execution of `o`, whose results are copied away.
  mutating func execute(_ o: Int, _ e: borrowing SequenceEvaluator) {
    pass(o, e)
    for r in e.resultStart[o]..<e.resultStart[o + 1] where isCopied[e.result[r]] { begin(e.duration[e.result[r]]) }
  }

  /// Lets time pass for the execution of `o` that makes its results again: a fetch, if it is none of the problem's.
  mutating func `repeat`(_ o: Int, _ e: borrowing SequenceEvaluator) {
    if o < e.count { pass(o, e) }
    for r in e.resultStart[o]..<e.resultStart[o + 1] {
      let v = e.result[r]
      isCopied[v] = false
      end[v] = o < e.count ? 0 : begin(e.duration[v])
    }
  }

  private mutating func pass(_ o: Int, _ e: borrowing SequenceEvaluator) {
    for x in e.operandStart[o]..<e.operandStart[o + 1] { wait(for: e.operand[x]) }
    time += e.cost[o]
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
