import IR
import Operations

extension GradientCase {

  /// All cases: each differentiable operation, on shapes that are easy to get wrong.
  static let all =
    unaryCases + binaryCases + repeatedUses + reductionCases + sumToCases + broadcastCases + matmulCases
    + classificationCases + convolutionCases + poolingCases + attentionCases + dropoutCases + compositeCases
    + layoutCases + batchCases + indexingCases + headCases
    + parametricCases + choiceCases + lossCases + normalizationCases

  private static let unaryCases = UnaryFunction.allCases.filter(\.isDifferentiable).flatMap { (f) -> [GradientCase] in
    let domain: Domain =
      switch f {
      case .log, .sqrt, .rsqrt, .log1p: .positive
      case .relu, .abs, .reciprocal, .softsign, .sign: .awayFromZero
      case .tan, .asin, .acos, .atanh: .fraction
      case .acosh: .aboveOne
      case .neg, .tanh, .sigmoid, .exp, .square, .sin, .cos, .gelu, .geluExact, .silu, .softplus, .atan, .sinh, .cosh,
        .asinh,
        .expm1, .erf, .mish:
        .any
      }
    return [[], [1], [3, 5], [2, 1, 7]].map { (extents) in
      .init("\(f.rawValue) \(extents)", .elementwise(.unary(f)), [.parameter(extents, domain)])
    }
  }

  /// Pairs of extents: equal, scalar, row, column, both stretched, more axes on either side, axes of extent 1.
  static let broadcasts: [([Int], [Int])] = [
    ([3, 5], [3, 5]), ([3, 5], []), ([], [3, 5]), ([3, 5], [5]), ([5], [3, 5]), ([3, 5], [3, 1]), ([3, 1], [1, 5]),
    ([2, 3, 5], [3, 1]), ([1], [2, 3]), ([2, 1, 5], [7, 1]), ([1, 1], [1]), ([], []), ([1, 1, 4], [4]),
  ]

  private static let binaryCases = BinaryFunction.allCases.flatMap { (f) -> [GradientCase] in
    broadcasts.flatMap { (l, r) -> [GradientCase] in
      let left: Domain = f == .pow ? .positive : .awayFromZero
      let leaves = [Leaf.parameter(l, left), .parameter(r, .awayFromZero)]
      let inputs = [Leaf.input(l, left), .input(r, .awayFromZero)]
      let (name, operation) = ("\(f.rawValue) \(l) \(r)", Operation.elementwise(.binary(f)))
      return [
        .init(name, operation, leaves), .init("\(name), left active", operation, [leaves[0], inputs[1]]),
        .init("\(name), right active", operation, [inputs[0], leaves[1]]),
      ]
    }
  }

  private static let repeatedUses =
    BinaryFunction.allCases.map { (f) in
      GradientCase(
        "\(f.rawValue) of x and x", .elementwise(.binary(f)),
        [.parameter([3, 4], f == .pow ? .positive : .awayFromZero)], uses: [0, 0])
    } + [
      .init(
        "matmul of x and x", .linear(.matmul(transposeLeft: false, transposeRight: false)), [.parameter([3, 3])],
        uses: [0, 0]),
      .init(
        "matmul of x and x'", .linear(.matmul(transposeLeft: false, transposeRight: true)), [.parameter([2, 3])],
        uses: [0, 0]),
      .init("mse of x and x", .classification(.mse), [.parameter([2, 3])], uses: [0, 0]),
    ]

  /// Every subset of the axes of a tensor with three.
  private static let reductionCases = ReductionFunction.allCases.flatMap { (f) -> [GradientCase] in
    let subsets = (0..<8).map { (mask) in (0..<3).filter { mask >> $0 & 1 == 1 } }
    let domain: Domain = f == .max || f == .min ? .distinct : .any
    return [[2, 3, 5], [1, 4, 1]].flatMap { (extents) in
      subsets.flatMap { (axes) in
        [false, true].map { (keep) in
          .init(
            "\(f.rawValue) \(extents) over \(axes)\(keep ? ", kept" : "")",
            .reduction(.reduce(f, axes: axes, keep: keep)), [.parameter(extents, domain)])
        }
      }
    }
  }

  private static let sumToCases = broadcasts.map { (l, r) in
    GradientCase(
      "sum_to \(r) of \(l)",
      [.parameter((try? Broadcasting.extents(l, r)) ?? [])], [.reduction(.sumTo(extents: r))]
    ) { (f, v) throws(ShapeError) in
      try f.append(.reduction(.sumTo(extents: r)), v, named: "y", at: site)[0]
    }
  }

  private static let broadcastCases: [GradientCase] = [
    ([], [3, 4], []), ([], [3, 4], [0, 1]), ([4], [3, 4], []), ([4], [3, 4], [0]), ([3], [3, 4], [1]),
    ([1, 4], [3, 4], []), ([3, 1], [3, 4], []), ([2, 4], [2, 3, 4], [1]), ([2, 1], [2, 3, 4], [1]),
    ([1, 4], [2, 5, 4], [0]), ([3], [2, 3, 4], [0, 2]), ([1], [1, 1], [1]), ([2, 3], [2, 3], []),
  ].map { (from: [Int], to: [Int], inserted: [Int]) in
    .init(
      "broadcast \(from) to \(to) at \(inserted)", .reduction(.broadcast(extents: to, inserted: inserted)),
      [.parameter(from)])
  }

  private static let matmulCases = [(3, 4, 5), (1, 7, 1), (5, 1, 3)].flatMap { (m, k, n) -> [GradientCase] in
    [(false, false), (false, true), (true, false), (true, true)].flatMap { (l, r) -> [GradientCase] in
      let (a, b) = (l ? [k, m] : [m, k], r ? [n, k] : [k, n])
      let operation = Operation.linear(.matmul(transposeLeft: l, transposeRight: r))
      let name = "matmul \(a)\(l ? "'" : "") \(b)\(r ? "'" : "")"
      return [
        .init(name, operation, [.parameter(a), .parameter(b)]),
        .init("\(name), left active", operation, [.parameter(a), .input(b)]),
        .init("\(name), right active", operation, [.input(a), .parameter(b)]),
      ]
    }
  }

  private static let classificationCases: [GradientCase] =
    [[4], [3, 5], [2, 3, 4], [3, 1]].flatMap { (extents: [Int]) -> [GradientCase] in
      let labels = Leaf.labels(extents.dropLast(), classes: extents[extents.count - 1])
      return [
        .init("softmax \(extents)", .classification(.softmax), [.parameter(extents)]),
        .init("log_softmax \(extents)", .classification(.logSoftmax), [.parameter(extents)]),
        .init("cross_entropy \(extents)", .classification(.crossEntropy), [.parameter(extents), labels]),
        .init(
          "cross_entropy \(extents), smoothed", .classification(.entropy(.labels(smoothing: 0.1))),
          [.parameter(extents), labels]),
      ]
    }

  private static let dropoutCases: [GradientCase] = [0, 0.1, 0.5, 0.9].flatMap { (rate: Double) -> [GradientCase] in
    [[], [5, 7]].map { (extents) in
      .init("dropout \(rate) \(extents)", .random(.dropout(rate: rate, key: "h.0.dropout")), [.parameter(extents)])
    }
  }

}
