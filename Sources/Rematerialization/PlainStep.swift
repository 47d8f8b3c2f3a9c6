/// The step without recomputation: where values are live without being needed, and what is live at least.
///
/// An update may be put off: what only it reads need not be there where it could happen first, and what several updates
/// read is there for the last one.
struct PlainStep {

  /// Where a value is live without being needed: after operation `from` and before operation `to`.
  struct Gap: Hashable {
    let value: Int
    let from: Int
    let to: Int
  }

  /// The gaps of values that may be made again, those of a value in order.
  private(set) var gaps: [Gap] = []

  /// For each value the last operation at which it is made or needed.
  private(set) var last: [Int]

  /// The bytes that are live at each operation at least, whatever results lie in the place of operands.
  private(set) var live: [Int]

  /// - Complexity: O(*n*) where *n* is the number of operands.
  init(_ p: RematerializationProblem) {
    last = p.values.map(\.definition)
    live = .init(repeating: 0, count: p.operations.count + 1)
    var lastRead = [Int](repeating: 0, count: p.storageCount)
    for (t, o) in p.operations.enumerated() {
      let taken = o.overwritable.isEmpty ? 0 : p.values[o.results[0]].bytes  // at most: the operand may live on
      let made = o.results.reduce(o.workspace - taken) { $0 + p.values[$1].bytes }
      live[t] += made
      live[t + 1] -= made
      for v in o.operands { retain(v, t, p) }
      for s in o.reads { lastRead[s] = t }
    }
    var updated = [Int](repeating: -1, count: p.values.count)
    for u in p.updates {
      let first = u.isApplied ? max(0, (p.applyStart ?? 0) - 1) : 0
      let read = u.storage.reduce(first) { max($0, lastRead[$1]) }
      let t = u.operands.reduce(read) { max($0, p.values[$1].definition) }
      for v in u.operands { updated[v] = max(updated[v], t) }
    }
    for (v, t) in updated.enumerated() where t >= 0 { retain(v, t, isNeeded: false, p) }
    for v in p.values.indices where p.values[v].isKept { retain(v, p.operations.count - 1, p) }
    for t in live.indices.dropFirst() { live[t] += live[t - 1] }
    live.removeLast()
  }

  /// Keeps `v` live to the end of operation `t`, which needs it unless it is there only for what comes later.
  private mutating func retain(_ v: Int, _ t: Int, isNeeded: Bool = true, _ p: RematerializationProblem) {
    let (from, end) = (last[v], isNeeded ? t : t + 1)
    if t <= from { return }
    live[from + 1] += p.values[v].bytes
    live[t + 1] -= p.values[v].bytes
    if end > from + 1, p.operations[p.values[v].definition].isRecomputable, p.values[v].bytes > 0 {
      gaps.append(.init(value: v, from: from, to: end))
    }
    last[v] = t
  }

}

extension RematerializationProblem {

  /// What making `v` again costs at least: an operation with several results is charged to all of them together.
  func charge(_ v: Int) -> Int {
    let o = operations[values[v].definition]
    return o.cost / o.results.count
  }

}
