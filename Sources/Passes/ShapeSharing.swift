import IR
import Operations
import Support

extension FunctionPass {

  /// Keeps one shape at a time of a value that is read in several: a reshape lies in the place of its operand, which is read
  /// for the last time, and back.
  ///
  ///     r = reshape u {extents: [6]} : f32[6]            r = reshape u {extents: [6]} : f32[6]
  ///     a = tanh r : f32[6]                              a = tanh r : f32[6]
  ///     …                                                u~2 = reshape r {extents: [2, 3]} : f32[2,3]
  ///     b = layer_norm_grad u, g : f32[2,3]              b = layer_norm_grad u~2, g : f32[2,3]
  ///
  /// All shapes have the same bytes in the same order, and a reshape in place costs nothing, so that what is kept for
  /// backward is kept once. A shape is made just before it is read. Values that are reported, marked with `checkpoint(…)` or
  /// selected by a rule, and their shapes, stay as they are; so do those whose shapes follow each other already.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package static let shapeSharing = FunctionPass(
    "share-shapes", summary: "Keeps one shape at a time of a value that is read in several."
  ) { (f, context) in
    let roots = ShapeGroups(f, keeping: context.selected(in: f)).roots
    if roots.allSatisfy({ $0 == nil }) { return f }
    var current = [ValueID: (value: ValueID, shape: ValueID)](minimumCapacity: 0)
    return f.inserting { (id, copy) in
      let i = f[id]
      if let r = i.results.first, let root = roots[r.index], r != root { return nil }
      return i.operands.map { (v) in
        guard let root = roots[v.index] else { return copy.copied(v) }
        let now = current[root] ?? (copy.copied(root), root)
        if f[now.shape].type == f[v].type { return now.value }
        let shaped = copy.insert(
          .layout(.reshape(extents: f[v].type.extents)), now.value, as: v, of: f, at: f.definitionSite(of: v) ?? i.site)
        current[root] = (shaped, v)
        return shaped
      }
    }
  }

}

/// The values that are shapes of each other and are read in turns.
private struct ShapeGroups {

  /// For each value of a group the one of which all others are shapes, which stands for the group; `nil` for others.
  private(set) var roots: [ValueID?]

  init(_ f: Function, keeping kept: Set<ValueID>) {
    roots = .init(repeating: nil, count: f.values.count)
    var last = [Int](repeating: -1, count: f.values.count)
    for id in f.instructionIDs { for o in f[id].operands { last[o.index] = id.index } }
    var members: [ValueID: [ValueID]] = [:]
    var order: [ValueID] = []
    for i in f.instructions {
      guard case .layout(.reshape) = i.operation, case .instruction = f[i.operands[0]].origin else { continue }
      let root = roots[i.operands[0].index] ?? i.operands[0]
      if members[root] == nil { order.append(root) }
      members[root, default: [root]].append(i.results[0])
      (roots[root.index], roots[i.results[0].index]) = (root, root)
    }
    for root in order {
      guard let all = members[root] else { continue }
      if !all.contains(where: kept.contains), Self.overlap(all, f, last) { continue }
      for v in all { roots[v.index] = nil }
    }
  }

  /// `true` iff one of `shapes`, in order of definition, is read after another one was made from them.
  private static func overlap(_ shapes: [ValueID], _ f: Function, _ last: [Int]) -> Bool {
    shapes.indices.dropFirst().contains { (n) in
      guard case .instruction(let made) = f[shapes[n]].origin else { return false }
      return shapes[..<n].contains { last[$0.index] > made.index }
    }
  }

}

extension Function {

  /// Returns where the source says what `v` is, or `nil` for storage.
  fileprivate func definitionSite(of v: ValueID) -> SourceSite? {
    if case .instruction(let i) = self[v].origin { return self[i].site }
    return nil
  }

}
