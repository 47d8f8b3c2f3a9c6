import Operations
import Support

extension KernelCase {

  /// Tensors so large that devices cut them: into tiles, parts, chunks, blocks of rows and several warps for a row.
  static let largeCases: [KernelCase] =
    products + reductions + rows + [
      .init(
        .indexing(.scatterAdd(rows: 37)), [.init([2500, 3]), .init([2500], .labels(classes: 37), element: .i32)],
        part: 1),
      .init(.indexing(.gather), [.init([37, 130]), .init([250], .labels(classes: 37), element: .i32)], part: 0),
      .init(.layout(.transpose(axes: [2, 0, 1])), [.init([33, 40, 70])], part: 0),
      .init(.random(.dropout(rate: 0.3, key: "wide")), [.init([40_003])], part: 0),
      .init(.elementwise(.binary(.mul)), [.init([300, 64]), .init([64])], part: 0),
      .init(.elementwise(.binary(.add)), [.init([64, 1, 12]), .init([31, 12])], part: 0),
    ]

  /// Products whose tiles are great, whose inner index is cut, and whose batches stretch.
  private static let products: [KernelCase] =
    [
      ([1540, 12], [12, 1536], false, false), ([9, 1537], [1535, 9], true, true),
      ([40, 1100], [1100, 36], false, false),
      ([1103, 70], [1103, 9], true, false), ([5, 2003], [7, 2003], false, true),
      ([2, 1, 3, 20, 33], [4, 1, 33, 10], false, false),
    ].flatMap { (a: [Int], b: [Int], l: Bool, r: Bool) -> [KernelCase] in
      let (f, factors) = (LinearAlgebra.matmul(transposeLeft: l, transposeRight: r), [Operand(a), Operand(b)])
      return [factors, factors + [addend(to: f, factors)]].map { .init(.linear(f), $0, part: 0.1) }
    } + [
      .init(
        .linear(.matmulSum(transposeLeft: true, transposeRight: false)), [.init([9, 150, 20]), .init([9, 150, 70])],
        part: 0.1),
      .init(
        .linear(.matmulSum(transposeLeft: false, transposeRight: true)), [.init([9, 20, 150]), .init([9, 70, 150])],
        part: 0.1),
    ]

  /// One run in chunks, runs of several blocks, and tall columns in parts, also over several axes.
  private static let reductions: [KernelCase] = ReductionFunction.allCases.flatMap { (f) -> [KernelCase] in
    [
      ([40_003], [0]), ([3, 9001], [1]), ([2, 3, 4, 4099], [1, 3]), ([5003, 7], [0]), ([3001, 2, 3, 5], [0, 2]),
      ([70, 130], [0]), ([40, 3, 70], [0, 2]),
    ].map { (extents: [Int], axes: [Int]) in
      .init(.reduction(.reduce(f, axes: axes, keep: false)), [.init(extents)], part: 1)
    }
  }

  /// Rows of several blocks, and more rows than one chunk has.
  private static let rows: [KernelCase] = [[2, 9001], [3001, 9], [2, 4096]].flatMap { (extents) -> [KernelCase] in
    let labels = Operand([extents[0]], .labels(classes: extents[1]), element: .i32)
    let (x, g) = (Operand(extents, .wide), Operand([]))
    return [
      .init(.classification(.softmax), [x], part: 1), .init(.classification(.logSoftmax), [x], part: 1),
      .init(.classification(.softmaxGradient), [x, x], part: 1),
      .init(.classification(.logSoftmaxGradient), [.init(extents), x], part: 1),
      .init(.classification(.entropy(.labels(smoothing: 0.1))), [x, labels], part: 1),
      .init(.classification(.entropyGradient(.labels(smoothing: 0.1))), [x, labels, g], part: 1),
      .init(.classification(.entropy(.probabilities)), [x, .init(extents, .positive)], part: 1),
      .init(.classification(.entropyGradient(.probabilities)), [x, .init(extents, .positive), g], part: 1),
      .init(.classification(.mse), [x, .init(extents)], part: 1),
      .init(.reduction(.argmax), [.init(extents, .steps)], part: 0),
      .init(.normalization(.layer(epsilon: 1e-5)), [x], part: 1),
      .init(.normalization(.rms(epsilon: 1e-5)), [x], part: 1),
      .init(.normalization(.layerGradient(epsilon: 1e-5)), [x, .init(extents)], part: 1),
      .init(.normalization(.rmsGradient(epsilon: 1e-5)), [x, .init(extents)], part: 1),
    ]
  }

  /// All bit patterns that are special and others that are not: of functions of one and of two elements.
  static let patternCases: [KernelCase] =
    UnaryFunction.allCases.flatMap { (f) -> [KernelCase] in
      let forward = KernelCase(.elementwise(.unary(f)), [.init([2500])], part: 0, prepare: patterns)
      if !f.isDifferentiable { return [forward] }
      return [
        forward, .init(.elementwise(.unaryGradient(f)), [.init([2500]), .init([2500])], part: 0, prepare: patterns),
      ]
    }
    + BinaryFunction.allCases.map {
      .init(.elementwise(.binary($0)), [.init([2500]), .init([2500])], part: 0, prepare: patterns)
    }
    + Comparison.allCases.map {
      .init(.elementwise(.compare($0)), [.init([2500]), .init([2500])], part: 0, prepare: patterns)
    }
    + [
      ParametricFunction.leakyRelu(slope: 0.1), .elu(alpha: 0.7), .pow(exponent: 3), .pow(exponent: -0.5),
      .clamp(low: -1, high: 2),
    ]
    .flatMap { (f) -> [KernelCase] in
      [
        .init(.elementwise(.parametric(f)), [.init([2500])], part: 0, prepare: patterns),
        .init(.elementwise(.parametricGradient(f)), [.init([2500]), .init([2500])], part: 0, prepare: patterns),
      ]
    }
    + [true, false].map {
      .init(
        .elementwise(.extremumGradient(isMaximum: $0)), [.init([2500]), .init([2500]), .init([2500])], part: 0,
        prepare: patterns)
    }

  /// Zeros, infinities, NaN, the least and the greatest numbers, and great angles.
  private static let special: [Float] = [
    0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 88.72, 88.73, -87.33, -87.34, -103, 1e6, 1.0001e6, 1e10, 3e38,
    0.5,
    0.625, 2, 3, -2, -3, 16_777_216, 0.99999994, 1.0000001,
  ]

  /// Every pair of special numbers, and then any bit patterns.
  @Sendable private static func patterns(_ values: [ReferenceTensor]) -> [ReferenceTensor] {
    values.enumerated().map { (n, t) in
      var numbers = Numbers("patterns of operand \(n)")
      return .init(t.extents) { (index) in
        let i = index[0]
        if i < special.count * special.count {
          return Double(special[n == 0 ? i / special.count : i % special.count])
        }
        return Double(Float(bitPattern: UInt32(numbers.unit() * 65_536) << 16 | UInt32(numbers.unit() * 65_536)))
      }
    }
  }

}
