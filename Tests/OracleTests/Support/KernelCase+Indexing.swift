import Operations

extension KernelCase {

  /// Both products of batches of matrices, with all transpositions, and with one of them added to a value.
  static let batchCases: [KernelCase] = (MatrixPair.batches + MatrixPair.empty + MatrixPair.large).flatMap { (p) in
    [(false, false), (false, true), (true, false), (true, true)].flatMap { (l, r) -> [KernelCase] in
      let (a, b) = p.stored(transposedLeft: l, transposedRight: r)
      let factors = [Operand(a), Operand(b)]
      return [
        LinearAlgebra.matmul(transposeLeft: l, transposeRight: r), .matmulSum(transposeLeft: l, transposeRight: r),
      ]
      .flatMap { (f) -> [KernelCase] in
        let isAdded = !l && r
        return ([factors] + (isAdded ? [factors + [addend(to: f, factors)]] : [])).map {
          .init(.linear(f), $0, part: 0.1)
        }
      }
    }
  }

  /// Returns an operand of the type of the product of `factors`.
  static func addend(to product: LinearAlgebra, _ factors: [Operand]) -> Operand {
    guard let type = try? product.resultTypes(factors.map(\.type)).first else {
      preconditionFailure("the factors fit")
    }
    return .init(type.extents)
  }

  static let indexingCases: [KernelCase] = gathers + spreads

  private static let gathers: [KernelCase] = [
    ([1], [1]), ([5], [7]), ([5, 3], []), ([5, 3], [4]), ([11, 17], [2, 3]), ([3, 1, 5], [2, 1, 4]), ([4, 0], [3]),
    ([4, 3], [0]), ([50, 301], [233]), ([2, 2], [3001]),
  ].flatMap { (table: [Int], indices: [Int]) -> [KernelCase] in
    let at = Operand(indices, .labels(classes: table[0]), element: .i32)
    return [
      .init(.indexing(.gather), [.init(table), at], part: 0),
      .init(.indexing(.scatterAdd(rows: table[0])), [.init(indices + table.dropFirst()), at], part: 1),
    ]
  }

  private static let spreads: [KernelCase] = [
    ([], 1), ([], 5), ([7], 3), ([2, 3], 4), ([2, 0], 4), ([331], 101), ([40, 50], 9),
  ].flatMap { (extents: [Int], classes: Int) -> [KernelCase] in
    let at = Operand(extents, .labels(classes: classes), element: .i32)
    return [
      .init(.indexing(.oneHot(classes: classes)), [at], part: 0),
      .init(.indexing(.gatherLast), [.init(extents + [classes]), at], part: 0),
      .init(.indexing(.scatterLast(classes: classes)), [.init(extents), at], part: 0),
    ]
  }

}
