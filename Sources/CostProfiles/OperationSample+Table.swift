import Operations

private func f32(_ extents: Int...) -> TensorType { .init(.f32, extents) }

private func i32(_ extents: Int...) -> TensorType { .init(.i32, extents) }

/// The samples, family by family.
extension OperationSample {

  /// The numbers of elements of operands.
  private static let counts = [1 << 8, 1 << 12, 1 << 16, 1 << 20]

  /// Returns the ladder of an operation on operands that depend on the number of elements.
  private static func ladder(_ operation: Operation, _ operands: (Int) -> [TensorType]) -> Ladder {
    .init(.bytes, counts.map { OperationSample(operation, operands($0)) })
  }

  /// Returns the ladder of an operation that depends on the number of elements.
  private static func ladder(_ sample: (Int) -> OperationSample) -> Ladder { .init(.bytes, counts.map(sample)) }

  static let unary: [Ladder] = UnaryFunction.allCases.flatMap { (f) -> [Ladder] in
    let forward = ladder(.elementwise(.unary(f))) { [f32($0)] }
    return f.isDifferentiable ? [forward, ladder(.elementwise(.unaryGradient(f))) { [f32($0), f32($0)] }] : [forward]
  }

  static let parametric: [Ladder] = {
    let functions: [ParametricFunction] = [
      .leakyRelu(slope: 0.1), .elu(alpha: 1), .pow(exponent: 3), .clamp(low: -1, high: 1),
    ]
    return functions.flatMap { (f) -> [Ladder] in
      [
        ladder(.elementwise(.parametric(f))) { [f32($0)] },
        ladder(.elementwise(.parametricGradient(f))) { [f32($0), f32($0)] },
      ]
    }
  }()

  static let binary: [Ladder] = {
    let arithmetic = BinaryFunction.allCases.map { (f) in ladder(.elementwise(.binary(f))) { [f32($0), f32($0)] } }
    let comparisons = Comparison.allCases.map { (f) in ladder(.elementwise(.compare(f))) { [f32($0), f32($0)] } }
    return arithmetic + comparisons
  }()

  static let otherElementwise: [Ladder] = {
    var all = LogicFunction.allCases.map { (f) in
      ladder(.elementwise(.logic(f))) { (n) in .init(repeating: TensorType(.bool, [n]), count: f.operandCount) }
    }
    for isMaximum in [true, false] {
      all.append(ladder(.elementwise(.extremumGradient(isMaximum: isMaximum))) { [f32($0), f32($0), f32($0)] })
    }
    all.append(Ladder(.bytes, [OperationSample(.elementwise(.constant(1)), [])]))
    all.append(Ladder(.bytes, [OperationSample(.elementwise(.integer(1)), [])]))
    all.append(ladder { OperationSample(.elementwise(.arange(count: $0)), []) })
    all.append(ladder(.elementwise(.select)) { [TensorType(.bool, [$0]), f32($0), f32($0)] })
    all.append(ladder(.elementwise(.cast(.f32))) { [i32($0)] })
    return all
  }()

  static let random: [Ladder] = [
    ladder(.random(.dropout(rate: 0.1, key: "x"))) { [f32($0)] },
    ladder(.random(.dropoutGradient(rate: 0.1, key: "x"))) { [f32($0)] },
  ]

  /// Over rows of 64 elements, as all that works on rows.
  static let reductions: [Ladder] = {
    var all = ReductionFunction.allCases.map { (f) in
      ladder(.reduction(.reduce(f, axes: [1], keep: false))) { [f32($0 / 64, 64)] }
    }
    all.append(ladder(.reduction(.sumTo(extents: [64]))) { [f32($0 / 64, 64)] })
    all.append(ladder(.reduction(.sumSquares)) { [f32($0)] })
    all.append(
      ladder { OperationSample(.reduction(.broadcast(extents: [$0 / 64, 64], inserted: [0])), [f32(64)]) })
    all.append(ladder(.reduction(.argmax)) { [f32($0 / 64, 64)] })
    return all
  }()

  static let rows: [Ladder] = {
    let alone: [Operation] = [
      .classification(.softmax), .classification(.logSoftmax), .normalization(.layer(epsilon: 1e-5)),
      .normalization(.rms(epsilon: 1e-5)), .attention(.causalMask), .attention(.causalMaskGradient),
    ]
    let pairs: [Operation] = [
      .classification(.softmaxGradient), .classification(.logSoftmaxGradient),
      .normalization(.layerGradient(epsilon: 1e-5)), .normalization(.rmsGradient(epsilon: 1e-5)),
    ]
    return alone.map { (f) in ladder(f) { [f32($0 / 64, 64)] } }
      + pairs.map { (f) in ladder(f) { [f32($0 / 64, 64), f32($0 / 64, 64)] } }
  }()

  static let losses: [Ladder] = {
    var all: [Ladder] = [
      ladder(.classification(.crossEntropy)) { [f32($0 / 64, 64), i32($0 / 64)] },
      ladder(.classification(.crossEntropyGradient)) { [f32($0 / 64, 64), i32($0 / 64), f32()] },
      ladder(.classification(.entropy(.probabilities))) { [f32($0 / 64, 64), f32($0 / 64, 64)] },
      ladder(.classification(.entropyGradient(.probabilities))) { [f32($0 / 64, 64), f32($0 / 64, 64), f32()] },
    ]
    for f in PairLoss.allCases {
      all.append(ladder(.classification(.pairLoss(f))) { [f32($0), f32($0)] })
      all.append(ladder(.classification(.pairLossGradient(f))) { [f32($0), f32($0), f32()] })
    }
    return all
  }()

  static let layouts: [Ladder] = [
    ladder { OperationSample(.layout(.reshape(extents: [$0])), [f32($0 / 64, 64)]) },
    ladder(.layout(.transpose(axes: [1, 0]))) { [f32($0 / 64, 64)] },
    ladder { OperationSample(.layout(.slice(starts: [0, 16], extents: [$0 / 64, 32])), [f32($0 / 64, 64)]) },
    ladder(.layout(.pad(low: [0, 16], high: [0, 16]))) { [f32($0 / 64, 64)] },
    ladder(.layout(.concat(axis: 1))) { [f32($0 / 64, 32), f32($0 / 64, 32)] },
  ]

  static let indexing: [Ladder] = [
    ladder(.indexing(.gather)) { [f32(256, 64), i32($0 / 64)] },
    ladder(.indexing(.scatterAdd(rows: 256))) { [f32($0 / 64, 64), i32($0 / 64)] },
    ladder(.indexing(.oneHot(classes: 64))) { [i32($0 / 64)] },
    ladder(.indexing(.gatherLast)) { [f32($0 / 64, 64), i32($0 / 64)] },
    ladder(.indexing(.scatterLast(classes: 64))) { [f32($0 / 64), i32($0 / 64)] },
  ]

  static let products: [Ladder] = {
    let sizes = [8, 32, 64, 128, 256, 512]
    let matmul = Operation.linear(.matmul(transposeLeft: false, transposeRight: false))
    let sum = Operation.linear(.matmulSum(transposeLeft: true, transposeRight: false))
    return [
      Ladder(.flops, sizes.map { OperationSample(matmul, [f32($0, $0), f32($0, $0)]) }),
      ladder(matmul) { [f32($0 / 64, 2), f32(2, 64)] },
      Ladder(.flops, sizes.map { OperationSample(sum, [f32(2, $0, $0), f32(2, $0, $0)]) }),
      ladder(sum) { [f32($0 / 64, 2, 2), f32($0 / 64, 2, 32)] },
    ]
  }()

  static let attention: [Ladder] = {
    let scores = Attention.Scores(causal: false, scale: 0.125)
    let lengths = [16, 64, 128, 256]
    let forward = lengths.map { (t) in
      OperationSample(.attention(.attention(scores)), .init(repeating: f32(8, t, 32), count: 3))
    }
    let gradient = lengths.map { (t) in
      let x = f32(8, t, 32)
      return OperationSample(.attention(.gradient(scores)), [x, x, x, x, f32(8, t), x])
    }
    return [Ladder(.flops, forward), Ladder(.flops, gradient)]
  }()

  static let convolutions: [Ladder] = {
    let window = Convolution.Geometry(stride: .init(1, 1), padding: .init(1, 1), dilation: .init(1, 1), groups: 1)
    let shapes = [(4, 8), (16, 8), (16, 32), (64, 16), (64, 32)]  // channels and extents of two images
    func ladder(_ f: (Int) -> Convolution, _ second: (Int, Int) -> TensorType) -> Ladder {
      .init(
        .flops,
        shapes.map { (channels, side) in
          OperationSample(.convolution(f(side)), [f32(2, channels, side, side), second(channels, side)])
        })
    }
    return [
      ladder({ (_) in .convolution(window) }, { (c, _) in f32(c, c, 3, 3) }),
      ladder({ .transposed(window, extents: Pair($0, $0)) }, { (c, _) in f32(c, c, 3, 3) }),
      ladder({ (_) in .weightGradient(window, extents: Pair(3, 3)) }, { (c, side) in f32(2, c, side, side) }),
      .init(
        .flops,
        shapes.map { (channels, side) in
          let halves = [channels / 2, channels - channels / 2]
          return OperationSample(
            .convolution(.inputGradients(window, extents: Pair(side, side), channels: halves)),
            [f32(2, channels, side, side), f32(channels, channels, 3, 3)])
        }),
    ]
  }()

  /// The extents of images.
  private static let sides = [4, 8, 32, 64]

  static let poolings: [Ladder] = {
    let halves = Pooling.Geometry(window: .init(2, 2), stride: .init(2, 2), padding: .init(0, 0))
    func image(_ side: Int) -> TensorType { f32(4, 16, side, side) }
    func ladder(_ sample: (Int) -> (Pooling, [TensorType])) -> Ladder {
      .init(
        .bytes,
        sides.map { (side) in
          let (f, operands) = sample(side)
          return OperationSample(.pooling(f), operands)
        })
    }
    var all: [Ladder] = [
      ladder { (.max(halves), [image($0)]) },
      ladder { (.maxGradient(halves), [image($0), image($0 / 2)]) },
      ladder { (.average(halves), [image($0)]) },
      ladder { (.averageGradient(halves, extents: Pair($0, $0)), [image($0 / 2)]) },
    ]
    for mode in Pooling.Interpolation.allCases {
      all.append(ladder { (.upsample(mode, factor: Pair(2, 2)), [image($0 / 2)]) })
      all.append(ladder { (.upsampleGradient(mode, factor: Pair(2, 2)), [image($0)]) })
    }
    return all
  }()

  static let updates: [Ladder] = {
    let optimizers: [Optimizer] = [
      .sgd(rate: 0.1, momentum: 0.9, nesterov: false, decay: 0, decoupled: false),
      .sgd(rate: 0.1, momentum: 0.9, nesterov: false, decay: 0, decoupled: true),
      .adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, decoupled: false),
      .adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, decoupled: true),
      .rmsprop(rate: 0.01, alpha: 0.99, epsilon: 1e-8, momentum: 0, decay: 0),
      .lion(rate: 0.01, beta1: 0.9, beta2: 0.99, decay: 0),
    ]
    return optimizers.map { (f) in
      ladder(.update(f)) { (n) in .init(repeating: f32(n), count: f.writtenCount + 1) }
    }
      + [StateUpdate.assign, .accumulate].map { (f) in ladder(.state(f)) { [f32($0), f32($0)] } }
  }()

}
