import IR
import Operations

/// What the order of a function's instructions decides: which values are live at a time.
///
/// Items are the instructions but for updates, which take no part: the scheduler puts each where what it reads is complete
/// and what it changes is no longer read. An item belongs to the forward part, the backward part, or the part behind the
/// last micro-batch, and does not leave it.
struct OrderModel {

  /// An instruction that may be moved.
  struct Item {

    let instruction: InstructionID

    /// The items whose results it reads.
    let producers: [Int]

    /// The values whose lives may end with it, its own results among them.
    var touched: [Int]

    let results: [Int]

    /// The values whose bytes its result takes over where their lives end with it, the first of them.
    let overwritable: [Int]

    let workspace: Int

    /// 0 forward, 1 backward, 2 behind the last micro-batch.
    let part: Int

  }

  private(set) var items: [Item] = []

  /// For each item those that read its results.
  private(set) var users: [[Int]] = []

  /// For each value its bytes in the arena.
  let bytes: [Int]

  /// The same, 0 for what the forward part computes and the backward part reads: a schedule under a budget gives that up.
  let transientBytes: [Int]

  /// For each value the items of which the last in time ends its life: the one that defines it, those that read it, and
  /// what an update that reads it waits for; `nil` for what lives to the end.
  private(set) var holders: [[Int]?]

  /// - Complexity: O(*n*) where *n* is the number of operands, those of updates times what these wait for.
  init(_ analysis: StepAnalysis) {
    let f = analysis.function
    bytes = f.values.indices.map { analysis.arenaBytes(of: .init($0)) }
    transientBytes = f.values.indices.map { (v) in
      analysis.isForward[v] && analysis.isReadInBackward[v] ? 0 : analysis.arenaBytes(of: .init(v))
    }
    holders = analysis.isResult.map { $0 ? nil : [] }
    var producer = [Int?](repeating: nil, count: f.values.count)
    var readers = [[Int]](repeating: [], count: f.values.count)
    for id in f.instructionIDs where f[id].operation.effect != .update {
      let i = f[id]
      let part = id.index < analysis.forwardCount ? 0 : f.applyStart.map { id < $0 } ?? true ? 1 : 2
      let operands = Set(i.operands).sorted().map(\.index)
      let producers = Set(operands.compactMap { producer[$0] }).sorted()
      for o in operands { readers[o].append(items.count) }
      for r in i.results { producer[r.index] = items.count }
      items.append(
        .init(
          instruction: id, producers: producers,
          touched: (operands + i.results.map(\.index)).filter { bytes[$0] > 0 }, results: i.results.map(\.index),
          overwritable: analysis.overwritable[id.index].map(\.index), workspace: analysis.workspaces[id.index],
          part: part))
    }
    users = .init(repeating: [], count: items.count)
    for (i, item) in items.enumerated() { for p in item.producers { users[p].append(i) } }
    for v in readers.indices { holders[v]?.append(contentsOf: [producer[v]].compactMap(\.self) + readers[v]) }
    for id in f.instructionIDs where f[id].operation.effect == .update { hold(f[id], producer, readers) }
  }

  /// Makes what `update` reads live until it may be executed.
  private mutating func hold(_ update: Instruction, _ producer: [Int?], _ readers: [[Int]]) {
    let count = update.operation.writtenCount
    let read = update.operands.dropFirst(count).map(\.index)
    let awaited = read.compactMap { producer[$0] } + update.operands.prefix(count).flatMap { readers[$0.index] }
    for v in read where bytes[v] > 0 && holders[v] != nil {
      for i in awaited where !(holders[v]?.contains(i) ?? true) {
        holders[v]?.append(i)
        items[i].touched.append(v)
      }
    }
  }

}
