import Operations

extension GradientCase {

  /// Both products of batches of matrices, with all transpositions, and with either operand alone active where nothing is
  /// transposed.
  static let batchCases: [GradientCase] =
    MatrixPair.batches.flatMap { (p) -> [GradientCase] in
      [(false, false), (false, true), (true, false), (true, true)].flatMap { (l, r) -> [GradientCase] in
        let (a, b) = p.stored(transposedLeft: l, transposedRight: r)
        return [
          LinearAlgebra.matmul(transposeLeft: l, transposeRight: r), .matmulSum(transposeLeft: l, transposeRight: r),
        ].flatMap { (f) -> [GradientCase] in
          let name = Operation.linear(f).text(operands: ["\(a)", "\(b)"])
          let both = GradientCase(name, .linear(f), [.parameter(a), .parameter(b)])
          if l || r { return [both] }
          return [
            both, .init("\(name), left active", .linear(f), [.parameter(a), .input(b)]),
            .init("\(name), right active", .linear(f), [.input(a), .parameter(b)]),
          ]
        }
      }
    } + [
      .init(
        "matmul of many x and x'", .linear(.matmul(transposeLeft: false, transposeRight: true)),
        [.parameter([3, 2, 4])],
        uses: [0, 0]),
      .init(
        "matmul and an addend", .linear(.matmul(transposeLeft: false, transposeRight: false)),
        [.parameter([2, 3]), .parameter([3, 4]), .parameter([2, 4])]),
      .init(
        "matmul_sum and an addend", .linear(.matmulSum(transposeLeft: true, transposeRight: false)),
        [.parameter([2, 3, 2]), .parameter([2, 3, 4]), .parameter([2, 4])]),
    ]

  /// Indices that repeat, that leave rows out, and that are alone.
  static let indexingCases: [GradientCase] = [
    ("gather", .gather, [5, 3], [4]), ("gather of one", .gather, [5, 3], []),
    ("gather of many", .gather, [2, 3], [2, 4]),
    ("gather of scalars", .gather, [4], [3]), ("scatter_add", .scatterAdd(rows: 3), [2, 4, 3], [2, 4]),
    ("scatter_add of one", .scatterAdd(rows: 3), [2], []), ("gather_last", .gatherLast, [2, 3, 5], [2, 3]),
    ("gather_last of a row", .gatherLast, [5], []), ("scatter_last", .scatterLast(classes: 4), [2, 3], [2, 3]),
    ("scatter_last of a scalar", .scatterLast(classes: 3), [], []),
  ].map { (name: String, f: Indexing, x: [Int], indices: [Int]) in
    let bound = f.indexBound([.init(.f32, x), .init(.i32, indices)])
    return .init(name, .indexing(f), [.parameter(x), .labels(indices, classes: bound)])
  }

}
