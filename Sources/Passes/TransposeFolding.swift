import IR
import Operations

extension FunctionPass {

  /// Has products read an operand transposed instead of a transposed copy of it.
  ///
  ///     t = transpose b {axes: [1, 0]} : f32[3,4]           // left for dce
  ///     c = matmul a, t : f32[2,4]                          // c = matmul a, b {transpose_right: true} : f32[2,4]
  ///
  /// Only transposes of the last two axes are folded, and chains of them. A value marked with `checkpoint(…)` or named
  /// by a rule stays what it is, and its uses read it. Where the operand is needed anyway, as it is by the adjoint of a product, the transposed
  /// copy no longer is.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package static let transposeFolding = FunctionPass(
    "fold-transposes", summary: "Has products read an operand transposed instead of a copy."
  ) { (f, context) in
    var sources = [TransposeSource?](repeating: nil, count: f.values.count)
    let pinned = context.pinned(in: f)
    return f.rebuilt { (id, operands) in
      let i = f[id]
      if case .layout(let move) = i.operation, move.isMatrixTranspose, !pinned.contains(i.results[0]) {
        let source = sources[operands[0].index] ?? .init(value: operands[0], isTransposed: false)
        sources[i.results[0].index] = .init(value: source.value, isTransposed: !source.isTransposed)
      }
      guard case .linear(let product) = i.operation else { return .keep }
      let (a, b) = (sources[operands[0].index], sources[operands[1].index])
      if a == nil, b == nil { return .keep }
      let folded = product.reading(transposedLeft: a?.isTransposed, transposedRight: b?.isTransposed)
      return .become(.linear(folded), [a?.value ?? operands[0], b?.value ?? operands[1]] + operands[2...])
    }
  }

}

/// What a value is a transposed or an equal copy of.
private struct TransposeSource {

  let value: ValueID

  let isTransposed: Bool

}

extension LinearAlgebra {

  /// Returns the product that gives the same from operands whose last two axes are exchanged where a flag is true.
  fileprivate func reading(transposedLeft: Bool?, transposedRight: Bool?) -> LinearAlgebra {
    let (l, r) = (transposes.left != (transposedLeft ?? false), transposes.right != (transposedRight ?? false))
    return switch self {
    case .matmul: .matmul(transposeLeft: l, transposeRight: r)
    case .matmulSum: .matmulSum(transposeLeft: l, transposeRight: r)
    }
  }

}
