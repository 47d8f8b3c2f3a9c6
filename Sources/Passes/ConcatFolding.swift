import IR
import Operations

extension FunctionPass {

  /// Has convolutions read the parts of an image where they lie, instead of their concatenation.
  ///
  ///     x = concat a, b {axis: 1} : f32[2,24,8,8]      // left for dce
  ///     y = conv2d x, w {…, groups: 1} : f32[2,8,8,8]  // y = conv2d a, b, w {…, groups: 1} : f32[2,8,8,8]
  ///
  /// The concatenation, which backward would read beside its parts, is never made, and neither is its gradient. Up to four
  /// parts are read so, where there is one group of channels. A value marked with `checkpoint(…)` or named by a rule stays
  /// what it is, and its uses read it; so does one that something else than a convolution reads.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package static let concatFolding = FunctionPass(
    "fold-concats", summary: "Has convolutions read the parts of an image instead of their concatenation."
  ) { (f, context) in
    let pinned = context.pinned(in: f)
    var parts = [[ValueID]?](repeating: nil, count: f.values.count)
    for i in f.instructions {
      guard i.operation == .layout(.concat(axis: 1)), i.operands.count <= Convolution.partLimit,
        !pinned.contains(i.results[0]), i.operands.allSatisfy({ f[$0].type.extents[1] > 0 })
      else { continue }
      parts[i.results[0].index] = i.operands
    }
    for i in f.instructions {
      for (n, v) in i.operands.enumerated() where n > 0 || !i.operation.readsImageParts { parts[v.index] = nil }
    }
    return f.rebuilt { (id, operands) in
      let i = f[id]
      guard i.operation.readsImageParts, i.operands.count == 2, let images = parts[i.operands[0].index] else {
        return .keep
      }
      return .become(i.operation, images + [operands[1]])
    }
  }

}

extension Operation {

  /// `true` iff the channels of the first operand may lie in several operands.
  fileprivate var readsImageParts: Bool {
    if case .convolution(.convolution(let g)) = self { g.groups == 1 } else { false }
  }

}
