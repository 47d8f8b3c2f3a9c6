import IR
import Operations

extension FunctionPass {

  /// Has attention read and write heads where they lie, side by side in a row, instead of copies for each head.
  ///
  ///     q1 = reshape q {extents: [2, 5, 4, 8]} : f32[2,5,4,8]           // left for dce, as are q2, k1, k2, v1, v2
  ///     q2 = transpose q1 {axes: [0, 2, 1, 3]} : f32[2,4,5,8]
  ///     …
  ///     y, l = attention q2, k2, v2 {…} : f32[2,4,5,8], f32[2,4,5]      // attention q, k, v {…, heads: 4} : f32[2,5,32], …
  ///     y1 = transpose y {axes: [0, 2, 1, 3]} : f32[2,5,4,8]            // reshape y {extents: [2, 5, 4, 8]}
  ///     y2 = reshape y1 {extents: [2, 5, 32]} : f32[2,5,32]             // removed, its uses read y
  ///
  /// Where queries, keys and values are the thirds of the rows of one value, attention reads that: `attention qkv {…,
  /// heads: 4, packed: true}`; where queries and keys are no such copies, as behind a rotary embedding, values and result alone
  /// are read and written so (`only_values: true`). Values marked with `checkpoint(…)` and those that a rule names stay what they are. The
  /// copies, and in the backward part their gradients, are never made; what attention gives is what the next product reads.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package static let headFolding = FunctionPass(
    "fold-heads", summary: "Has attention read and write heads side by side instead of copies."
  ) { (f, context) in
    let heads = HeadFolder(f, pinned: context.pinned(in: f))
    if heads.folds.isEmpty { return f }
    return f.rebuilt { (id, operands) in heads.fate(of: id) }
  }

}

/// Which attentions of a function are folded, and what becomes of the copies.
private struct HeadFolder {

  private let f: Function

  private let pinned: Set<ValueID>

  /// What each folded attention becomes.
  private(set) var folds: [InstructionID: (operation: Operation, operands: [ValueID])] = [:]

  /// For a result of attention that now has its heads side by side, and for what is a reshaped copy of it, the result and
  /// its extents.
  private var rows: [ValueID: (value: ValueID, extents: [Int])] = [:]

  /// The transposed copies of folded results, which become reshaped ones.
  private var reshaped: Set<ValueID> = []

  init(_ f: Function, pinned: Set<ValueID>) {
    (self.f, self.pinned) = (f, pinned)
    var users = [[InstructionID]](repeating: [], count: f.values.count)
    for id in f.instructionIDs { for o in f[id].operands { users[o.index].append(id) } }
    for id in f.instructionIDs {
      guard case .attention(.attention(let scores)) = f[id].operation, scores.heads == .apart else { continue }
      fold(id, scores, users[f[id].results[0].index])
    }
  }

  /// Folds the attention `id`, whose result `users` read, if all copies are of the right form.
  private mutating func fold(_ id: InstructionID, _ scores: Attention.Scores, _ users: [InstructionID]) {
    let y = f[id].results[0]
    guard !pinned.contains(y), !users.isEmpty, users.allSatisfy({ exchangesHeads(f[$0]) }),
      let heads = headCount(y), let values = rowsOf(f[id].operands[2])
    else { return }
    let sources = f[id].operands.compactMap(rowsOf)
    var folded = scores
    var operands = sources
    if sources.count < 3 {
      folded.heads = .valuesSideBySide(heads)
      operands = [f[id].operands[0], f[id].operands[1], values]
    } else if let packed = packed(sources) {
      folded.heads = .packed(heads)
      operands = [packed]
    } else {
      folded.heads = .sideBySide(heads)
    }
    folds[id] = (.attention(.attention(folded)), operands)
    let e = f[y].type.extents
    let extents = e.dropLast(3) + [e[e.count - 2], e[e.count - 3] * e[e.count - 1]]
    rows[y] = (y, Array(extents))
    for u in users {
      reshaped.insert(f[u].results[0])
      rows[f[u].results[0]] = (y, Array(extents))
    }
  }

  /// The number of heads of `[..,heads,T,D]`.
  private func headCount(_ v: ValueID) -> Int? { f[v].type.extents.dropLast(2).last }

  private func definition(of v: ValueID) -> Instruction? {
    if case .instruction(let i) = f[v].origin { return f[i] }
    return nil
  }

  /// `true` iff `i` exchanges the two axes before the last one and leaves the others.
  private func exchangesHeads(_ i: Instruction) -> Bool {
    guard case .layout(.transpose(let axes)) = i.operation, axes.count >= 3 else { return false }
    var exchanged = Array(axes.indices)
    exchanged.swapAt(axes.count - 3, axes.count - 2)
    return axes == exchanged
  }

  /// Returns `[..,T,heads·D]` of which `v`, `[..,heads,T,D]`, is a copy, or `nil` if it is none.
  private func rowsOf(_ v: ValueID) -> ValueID? {
    guard !pinned.contains(v), let move = definition(of: v), exchangesHeads(move),
      !pinned.contains(move.operands[0]), let split = definition(of: move.operands[0]),
      case .layout(.reshape(let extents)) = split.operation
    else { return nil }
    let joined = extents.dropLast(2) + [extents[extents.count - 2] * extents[extents.count - 1]]
    return f[split.operands[0]].type.extents == Array(joined) ? split.operands[0] : nil
  }

  /// Returns the value whose rows have queries, keys and values side by side, or `nil` if there is none.
  private func packed(_ sources: [ValueID]) -> ValueID? {
    guard sources.allSatisfy({ !pinned.contains($0) }), let first = definition(of: sources[0]),
      let x = first.operands.first, let width = f[sources[0]].type.extents.last
    else { return nil }
    let extents = f[sources[0]].type.extents
    let whole = extents.dropLast() + [3 * width]
    guard f[x].type.extents == Array(whole) else { return nil }
    for (n, v) in sources.enumerated() {
      let starts = [Int](repeating: 0, count: extents.count - 1) + [n * width]
      guard let i = definition(of: v), i.operation == .layout(.slice(starts: starts, extents: extents)),
        i.operands == [x]
      else { return nil }
    }
    return x
  }

  /// Returns what becomes of an instruction.
  func fate(of id: InstructionID) -> Function.Fate {
    if let fold = folds[id] { return .become(fold.operation, fold.operands) }
    let i = f[id]
    guard case .layout(let layout) = i.operation, let source = rows[i.operands[0]] else { return .keep }
    let r = i.results[0]
    switch layout {
    case .reshape(let extents):
      if extents == source.extents, !pinned.contains(r) { return .alias(source.value) }
      return .become(i.operation, [source.value])
    case _:
      guard reshaped.contains(r) else { return .keep }
      return .become(.layout(.reshape(extents: f[r].type.extents)), [source.value])
    }
  }

}
