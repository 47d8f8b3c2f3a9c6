import Operations

extension KernelCase {

  /// All cases: each operation, on odd numbers of elements around the width of a vector and on more than one block.
  static let all =
    unaryCases + binaryCases + comparisonCases + reductionCases + movementCases + matmulCases + classificationCases
    + lossCases + convolutionCases + poolingCases + attentionCases + dropoutCases + updateCases + stateCases
    + squareCases
    + layoutCases + batchCases + indexingCases + parametricCases + choiceCases + castCases + normalizationCases + [
      .init(.elementwise(.integer(-16_777_217)), [], part: 0),
      .init(.elementwise(.integer(.init(Int32.max))), [], part: 0),
      .init(.elementwise(.constant(-2.75)), [], part: 0), .init(.elementwise(.arange(count: 37)), [], part: 0),
    ]

  /// Numbers of elements: one, below and above the 16 lanes of a vector, more than 4 vectors.
  static let counts = [1, 7, 15, 17, 67, 1029]

  private static let unaryCases = UnaryFunction.allCases.flatMap { (f) -> [KernelCase] in
    let domains: [Domain] =
      switch f {
      case .log, .sqrt, .rsqrt: [.positive]
      case .log1p: [.fraction, .positive]
      case .asin, .acos, .atanh: [.fraction]
      case .acosh: [.aboveOne]
      case .reciprocal: [.awayFromZero]
      case .neg, .abs, .relu, .exp, .square, .sin, .cos, .tan, .sinh, .cosh, .expm1: [.any]
      case .tanh, .sigmoid, .gelu, .geluExact, .silu, .softplus, .sign, .atan, .asinh, .erf, .mish, .softsign:
        [.any, .wide]
      }
    return domains.flatMap { (domain) in
      counts.flatMap { (n) -> [KernelCase] in
        let saved: Domain = f.saved == .output ? .positive : domain
        let forward = KernelCase(.elementwise(.unary(f)), [.init([n], domain)], part: 1e-3)
        if !f.isDifferentiable { return [forward] }
        return [forward, .init(.elementwise(.unaryGradient(f)), [.init([n], saved), .init([n])], part: 1e-2)]
      }
    }
  }

  static let broadcasts: [([Int], [Int])] = [
    ([67], [67]), ([13, 17], []), ([], [13, 17]), ([13, 17], [17]), ([17], [13, 17]), ([13, 17], [13, 1]),
    ([13, 1], [1, 17]), ([3, 13, 17], [13, 1]), ([3, 1, 17], [5, 1]), ([2, 1, 3, 1], [5, 1, 7]), ([], []),
    ([35, 33], [35, 33]), ([0], [0]), ([0, 3], [3]),
  ]

  private static let binaryCases = BinaryFunction.allCases.flatMap { (f) in
    broadcasts.map { (l, r) in
      KernelCase(
        .elementwise(.binary(f)), [.init(l, f == .pow ? .positive : .any), .init(r, .awayFromZero)], part: 1e-3)
    }
  }

  private static let comparisonCases = Comparison.allCases.flatMap { (f) in
    broadcasts.flatMap { (l, r) in
      [ElementType.f32, .i32].map { (e) in
        KernelCase(.elementwise(.compare(f)), [.init(l, .steps, element: e), .init(r, .steps, element: e)], part: 0)
      }
    }
  }

  private static let reductionCases =
    ReductionFunction.allCases.flatMap { (f) -> [KernelCase] in
      let subsets = (0..<8).map { (mask) in (0..<3).filter { mask >> $0 & 1 == 1 } }
      let cubes = subsets.flatMap { (axes) -> [KernelCase] in
        [false, true].flatMap { (keep) -> [KernelCase] in
          [[5, 7, 19], [3, 67, 1], [1, 1, 35]].map { (extents) in
            .init(.reduction(.reduce(f, axes: axes, keep: keep)), [.init(extents)], part: 0.1)
          }
        }
      }
      return cubes + counts.map { .init(.reduction(.reduce(f, axes: [0], keep: false)), [.init([$0])], part: 1) } + [
        .init(.reduction(.reduce(f, axes: [], keep: false)), [.init([])], part: 0),
        .init(.reduction(.reduce(f, axes: [0, 2], keep: false)), [.init([3, 5, 7, 9])], part: 0.1),
      ]
    }
    + [[], [0], [1], [0, 1]].map {
      .init(.reduction(.reduce(.mean, axes: $0, keep: false)), [.init([13, 21], .truth, element: .bool)], part: 0)
    }

  private static let movementCases: [KernelCase] =
    [
      ([13, 17], []), ([13, 17], [17]), ([13, 17], [13, 1]), ([13, 17], [1, 1]), ([3, 13, 17], [13, 1]), ([7], [7]),
      ([3, 5, 7], [3, 1, 7]), ([1, 5], [1]), ([2, 3, 5, 7], [3, 1, 7]),
    ].map { (from: [Int], to: [Int]) in
      .init(.reduction(.sumTo(extents: to)), [.init(from)], part: 0.1)
    }
    + [
      ([], [13, 17], [0, 1]), ([17], [13, 17], [0]), ([13], [13, 17], [1]), ([1, 17], [13, 17], []),
      ([13, 1], [13, 17], []), ([2, 1], [2, 3, 19], [1]), ([3], [2, 3, 19], [0, 2]), ([67], [67], []),
    ].flatMap { (from: [Int], to: [Int], inserted: [Int]) -> [KernelCase] in
      [ElementType.f32, .i32, .bool].map { (e) in
        .init(
          .reduction(.broadcast(extents: to, inserted: inserted)),
          [.init(from, e == .bool ? .truth : .steps, element: e)],
          part: 0)
      }
    }
    + [[9], [5, 7], [3, 5, 1], [2, 67]].map { .init(.reduction(.argmax), [.init($0, .steps)], part: 0) }

  private static let matmulCases = [(1, 1, 1), (3, 17, 5), (33, 17, 65), (1, 129, 7), (31, 1, 13)].flatMap {
    (m: Int, k: Int, n: Int) -> [KernelCase] in
    [(false, false), (false, true), (true, false), (true, true)].map { (l, r) in
      .init(
        .linear(.matmul(transposeLeft: l, transposeRight: r)),
        [.init(l ? [k, m] : [m, k]), .init(r ? [n, k] : [k, n])],
        part: 0.1)
    }
  }

  private static let classificationCases: [KernelCase] =
    [[1], [10], [3, 17], [2, 5, 35], [67, 1]].flatMap { (extents: [Int]) -> [KernelCase] in
      let (rows, classes) = (Array(extents.dropLast()), extents[extents.count - 1])
      let labels = Operand(rows, .labels(classes: classes), element: .i32)
      return [Domain.any, .wide].flatMap { (domain) -> [KernelCase] in
        [
          .init(.classification(.softmax), [.init(extents, domain)], part: 1e-3),
          .init(.classification(.logSoftmax), [.init(extents, domain)], part: 1e-2),
          .init(.classification(.entropy(.labels(smoothing: 0.2))), [.init(extents, domain), labels], part: 1),
          .init(
            .classification(.entropyGradient(.labels(smoothing: 0.2))), [.init(extents, domain), labels, .init([])],
            part: 1e-2),
          .init(
            .classification(.entropy(.probabilities)), [.init(extents, domain), .init(extents, .positive)], part: 1),
          .init(
            .classification(.entropyGradient(.probabilities)),
            [.init(extents, domain), .init(extents, .positive), .init([])], part: 1e-2),
          .init(.classification(.crossEntropy), [.init(extents, domain), labels], part: 1),
          .init(.classification(.crossEntropyGradient), [.init(extents, domain), labels, .init([])], part: 1e-2),
        ]
      } + [
        .init(.classification(.softmaxGradient), [.init(extents, .positive), .init(extents)], part: 1e-2),
        .init(.classification(.logSoftmaxGradient), [.init(extents), .init(extents)], part: 1e-2),
      ]
    }

  private static let lossCases: [KernelCase] = [[], [7], [3, 5, 67]].flatMap { (extents: [Int]) -> [KernelCase] in
    PairLoss.allCases.flatMap { (f) -> [KernelCase] in
      let y: Domain = f == .klDivergence ? .positive : .any
      return [
        .init(.classification(.pairLoss(f)), [.init(extents), .init(extents, y)], part: 1),
        .init(.classification(.pairLossGradient(f)), [.init(extents), .init(extents, y), .init([])], part: 1e-2),
        .init(.classification(.pairLoss(f)), [.init(extents, .wide), .init(extents, .truth)], part: 1),
      ]
    }
  }

  private static let dropoutCases: [KernelCase] = [0, 0.1, 0.5, 0.99].flatMap { (rate: Double) -> [KernelCase] in
    [[1], [67], [5, 7, 31]].flatMap { (extents) -> [KernelCase] in
      [
        .init(.random(.dropout(rate: rate, key: "h.3.dropout")), [.init(extents)], part: 1e-3),
        .init(.random(.dropoutGradient(rate: rate, key: "h.3.dropout")), [.init(extents)], part: 1e-3),
      ]
    }
  }

  private static let updateCases: [KernelCase] = [0, 0.01].flatMap { (decay: Double) -> [Optimizer] in
    [
      .sgd(rate: 0.1, momentum: 0, nesterov: false, decay: decay, decoupled: false),
      .sgd(rate: 0.1, momentum: 0.9, nesterov: false, decay: decay, decoupled: false),
      .sgd(rate: 0.1, momentum: 0.9, nesterov: true, decay: decay, decoupled: false),
      .sgd(rate: 0.1, momentum: 0, nesterov: false, decay: 10 * decay, decoupled: true),
      .sgd(rate: 0.1, momentum: 0.9, nesterov: false, decay: 10 * decay, decoupled: true),
      .sgd(rate: 0.1, momentum: 0.9, nesterov: true, decay: 10 * decay, decoupled: true),
      .adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: decay, decoupled: false),
      .adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: decay, decoupled: true),
      .rmsprop(rate: 0.01, alpha: 0.99, epsilon: 1e-8, momentum: 0, decay: decay),
      .rmsprop(rate: 0.01, alpha: 0.9, epsilon: 1e-3, momentum: 0.9, decay: decay),
      .sgd(
        rate: .step(initial: 0.1, every: 2, factor: 0.5), momentum: 0, nesterov: false, decay: decay, decoupled: false),
      .lion(rate: 1e-2, beta1: 0.9, beta2: 0.99, decay: decay),
    ]
  }.flatMap { (optimizer) in
    [1, 17, 67].flatMap { (n) -> [KernelCase] in
      let slots = optimizer.slots.map { Operand([n], $0 == "moment2" ? .positive : .any) }
      let operands = [.init([n])] + slots + [.init([n], .awayFromZero)]
      return [
        .init(.update(optimizer), operands, part: 1e-2),
        .init(.update(optimizer), operands + [.init([], .fraction)], part: 1e-2),
      ]
    }
  }

  private static let stateCases: [KernelCase] = [[], [17], [3, 5], [1029]].flatMap { (extents) -> [KernelCase] in
    [.assign, .accumulate].map { .init($0, [.init(extents), .init(extents)], part: $0 == .assign ? 0 : 1e-3) }
  }

  private static let squareCases: [KernelCase] = [[], [1], [17], [3, 5, 67], [0, 4]].map { (extents) in
    .init(.reduction(.sumSquares), [.init(extents)], part: 1e-3)
  }

}
