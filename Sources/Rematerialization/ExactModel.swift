/// A problem of at most 64 operations, values and updates, with sets of them as bits.
///
/// It says the same as `SequenceEvaluator`, from the front to the back: what is there before each execution, instead of
/// where each life ends.
struct ExactModel: Sendable {

  struct Operation: Sendable {
    let cost: Int
    let workspace: Int
    let operands: UInt64
    let results: UInt64
    let overwritable: UInt64
    let isRecomputable: Bool
  }

  struct Update: Sendable {

    /// The values it reads.
    let operands: UInt64

    /// The operations that cannot be executed once it has happened, as they read what it changes, or what it reads is
    /// theirs; all of them for updates of the part behind the last micro-batch.
    let forbidden: UInt64

    /// The number of operations that have to be executed before.
    let start: Int

  }

  let operations: [Operation]

  let bytes: [Int]

  let updates: [Update]

  /// The values that are live to the end.
  private let kept: UInt64

  /// The values that do not live when the backward part begins.
  private let transient: UInt64

  /// The first operation of the backward part; past all if nothing is transient.
  private let boundary: Int

  /// The last position where something may be recomputed.
  private let lastPosition: Int

  /// The operations that may be executed again.
  private let recomputable: UInt64

  init?(_ p: RematerializationProblem) {
    let count = p.operations.count
    guard count <= 64, p.values.count <= 64, p.updates.count <= 64 else { return nil }
    operations = p.operations.map {
      .init(
        cost: $0.cost, workspace: $0.workspace, operands: .init($0.operands), results: .init($0.results),
        overwritable: .init($0.overwritable), isRecomputable: $0.isRecomputable)
    }
    bytes = p.values.map(\.bytes)
    recomputable = .init(p.operations.indices.filter { p.operations[$0].isRecomputable })
    kept = .init(p.values.indices.filter { p.values[$0].isKept })
    transient = .init(p.values.indices.filter { p.values[$0].isTransient })
    let backward = p.backwardStart ?? count
    boundary = transient == 0 || backward >= count ? .max : backward
    lastPosition = min(p.applyStart ?? .max, count - 1)
    let all = operations
    updates = p.updates.map { (u) in
      let operands = UInt64(u.operands)
      let touching = p.operations.indices.filter { (o) in
        (all[o].operands | all[o].results) & operands != 0 || !Set(p.operations[o].reads).isDisjoint(with: u.storage)
      }
      let start = (touching.last ?? -1) + 1
      if u.isApplied {
        return .init(operands: operands, forbidden: .max, start: max(start, min(p.applyStart ?? count, count)))
      }
      return .init(operands: operands, forbidden: .init(touching), start: start)
    }
  }

  /// Returns the bytes of all of `values`.
  func bytes(of values: UInt64) -> Int { values.elements.reduce(0) { $0 + bytes[$1] } }

  /// `true` iff nothing is left to be done.
  func isComplete(_ s: ExactState) -> Bool {
    guard s.progress.done == operations.count else { return false }
    return (kept | pendingOperands(s.progress)) & ~s.there == 0
  }

  /// `true` iff transient values have to go before anything is executed.
  func waitsAtBoundary(_ s: ExactState) -> Bool { s.progress.done == boundary && !s.progress.isBackward }

  /// Returns `s` without its transient values, at the beginning of the backward part.
  func crossing(_ s: ExactState) -> ExactState {
    var next = s
    next.progress.isBackward = true
    next.there &= ~transient
    return next
  }

  /// Returns what updates read that have not happened.
  private func pendingOperands(_ p: ExactState.Progress) -> UInt64 {
    updates.indices.reduce(0) { p.updated & 1 << $1 == 0 ? $0 | updates[$1].operands : $0 }
  }

  /// `true` iff update `u` may happen now.
  func mayApply(_ u: Int, in s: ExactState) -> Bool {
    s.progress.updated & 1 << u == 0 && updates[u].start <= s.progress.done && updates[u].operands & ~s.there == 0
  }

  /// Returns the operations that may be executed again after `p` if their operands are there.
  func repeatable(after p: ExactState.Progress) -> UInt64 {
    if p.done > lastPosition { return 0 }
    var forbidden: UInt64 = 0
    for u in p.updated.elements { forbidden |= updates[u].forbidden }
    let behind: UInt64 = p.done >= 64 ? .max : (1 << UInt64(p.done)) - 1
    return recomputable & behind & ~forbidden
  }

  /// Returns the values that may still be used after `p`, or must be there at the end.
  func useful(after p: ExactState.Progress) -> UInt64 {
    var values = wanted(after: p)
    let again = repeatable(after: p)
    for o in (0..<p.done).reversed() where again & 1 << o != 0 && operations[o].results & values != 0 {
      values |= operations[o].operands
    }
    return values
  }

  /// Returns what is kept, or read by operations and updates that come after `p` in any case.
  private func wanted(after p: ExactState.Progress) -> UInt64 {
    operations[p.done...].reduce(kept | pendingOperands(p)) { $0 | $1.operands }
  }

  /// Returns what the recomputations cost at least that must still come, or `nil` if one of them cannot.
  ///
  /// What is wanted in any case and was made before, but is not there, must be made again once, and so must what that
  /// needs. The cost falls by no more than what an execution costs.
  func costToCome(in s: ExactState) -> Int? {
    let again = repeatable(after: s.progress)
    var (missing, cost) = (wanted(after: s.progress) & ~s.there, 0)
    for o in (0..<s.progress.done).reversed() where operations[o].results & missing != 0 {
      if again & 1 << o == 0 { return nil }
      cost += operations[o].cost
      missing |= operations[o].operands & ~s.there
    }
    return cost
  }

  /// Returns the sets of `values` that have at least so many bytes, and would not without any one of them.
  func evictions(from values: UInt64, of excess: Int) -> [UInt64] {
    if excess <= 0 { return [0] }
    let order = values.elements.filter { bytes[$0] > 0 }.sorted { (bytes[$1], $0) < (bytes[$0], $1) }
    var rest = [Int](repeating: 0, count: order.count + 1)  // the bytes of all from each on
    for i in order.indices.reversed() { rest[i] = rest[i + 1] + bytes[order[i]] }
    var (found, pending) = ([UInt64](), [(next: 0, missing: excess, gone: UInt64(0))])
    while let (next, missing, gone) = pending.popLast() {
      if missing <= 0 {
        found.append(gone)
      } else if rest[next] >= missing {
        pending.append((next + 1, missing, gone))
        pending.append((next + 1, missing - bytes[order[next]], gone | 1 << order[next]))
      }
    }
    return found
  }

}

extension UInt64 {

  /// Creates the set of `elements`, which are less than 64.
  init(_ elements: some Sequence<Int>) { self = elements.reduce(0) { $0 | 1 << $1 } }

  /// The positions of the bits, ascending.
  var elements: BitPositions { .init(rest: self) }

}

/// The positions of the bits of a number, ascending.
struct BitPositions: Sequence, IteratorProtocol {

  fileprivate var rest: UInt64

  mutating func next() -> Int? {
    if rest == 0 { return nil }
    defer { rest &= rest - 1 }
    return rest.trailingZeroBitCount
  }

}
