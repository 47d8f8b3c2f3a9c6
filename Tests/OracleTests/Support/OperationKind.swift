import Operations

/// An operation without the attributes that do not choose its formula; what the tables of cases must cover.
///
/// The initializer's switches have no `default`, so a new operation does not compile until it has a kind, and the tests of
/// the tables fail until that kind has cases.
enum OperationKind: Hashable, Sendable {

  enum Plain: String, Hashable, Sendable, CaseIterable {
    case constant, select, cast, sumTo, broadcast, argmax, softmax, softmaxGradient, logSoftmax, logSoftmaxGradient
    case crossEntropy, crossEntropyGradient, smoothedCrossEntropy, smoothedCrossEntropyGradient, softCrossEntropy
    case softCrossEntropyGradient, layerNorm, layerNormGradient, rmsNorm, rmsNormGradient, dropout, dropoutGradient
    case convolution, transposedConvolution, convolutionWeightGradient, convolutionInputGradients, maxPool,
      maxPoolGradient, averagePool
    case averagePoolGradient, upsampleNearest, upsampleNearestGradient, upsampleBilinear, upsampleBilinearGradient
    case integer, arange, attention, attentionGradient, causalMask
    case causalMaskGradient, reshape, transpose, slice, pad, concat, assign, gather, scatterAdd, oneHot
    case gatherLast, scatterLast, sumSquares, accumulate
    case sgd, momentum, nesterov, sgdw, decoupledMomentum, decoupledNesterov, adam, adamw, rmsprop, rmspropWithMomentum,
      lion
  }

  /// A function with constants.
  enum Parametric: Hashable, Sendable, CaseIterable {
    case leakyRelu, leakyReluOfNegativeSlope, elu, pow, clamp
  }

  case plain(Plain)
  case unary(UnaryFunction)
  case unaryGradient(UnaryFunction)
  case parametric(Parametric)
  case parametricGradient(Parametric)
  case binary(BinaryFunction)
  case extremumGradient(isMaximum: Bool)
  case compare(Comparison)
  case logic(LogicFunction)
  case pairLoss(PairLoss)
  case pairLossGradient(PairLoss)
  case reduce(ReductionFunction, keep: Bool)
  case matmul(transposeLeft: Bool, transposeRight: Bool)
  case matmulSum(transposeLeft: Bool, transposeRight: Bool)

  /// All kinds.
  static var all: [OperationKind] {
    var all = Plain.allCases.map(OperationKind.plain)
    all += UnaryFunction.allCases.map(OperationKind.unary)
    all += UnaryFunction.allCases.filter(\.isDifferentiable).map(OperationKind.unaryGradient)
    all += Parametric.allCases.flatMap { [.parametric($0), .parametricGradient($0)] }
    all += BinaryFunction.allCases.map(OperationKind.binary)
    all += Comparison.allCases.map(OperationKind.compare)
    all += LogicFunction.allCases.map(OperationKind.logic)
    all += PairLoss.allCases.flatMap { [.pairLoss($0), .pairLossGradient($0)] }
    for flag in [false, true] {
      all.append(.extremumGradient(isMaximum: flag))
      all += ReductionFunction.allCases.map { .reduce($0, keep: flag) }
      all += [false, true].map { .matmul(transposeLeft: flag, transposeRight: $0) }
      all += [false, true].map { .matmulSum(transposeLeft: flag, transposeRight: $0) }
    }
    return all
  }

  /// The kind of `operation`.
  init(_ operation: Operation) {
    self =
      switch operation {
      case .elementwise(let f): .init(f)
      case .reduction(let f): .init(f)
      case .layout(let f): .plain(.init(f))
      case .indexing(let f): .plain(.init(f))
      case .linear(.matmul(let l, let r)): .matmul(transposeLeft: l, transposeRight: r)
      case .linear(.matmulSum(let l, let r)): .matmulSum(transposeLeft: l, transposeRight: r)
      case .classification(let f): .init(f)
      case .normalization(let f): .plain(.init(f))
      case .convolution(let f): .plain(.init(f))
      case .pooling(let f): .plain(.init(f))
      case .attention(let f): .plain(.init(f))
      case .random(.dropout): .plain(.dropout)
      case .random(.dropoutGradient): .plain(.dropoutGradient)
      case .update(let f): .plain(.init(f))
      case .state(.assign): .plain(.assign)
      case .state(.accumulate): .plain(.accumulate)
      }
  }

  private init(_ f: Elementwise) {
    self =
      switch f {
      case .constant: .plain(.constant)
      case .integer: .plain(.integer)
      case .arange: .plain(.arange)
      case .unary(let g): .unary(g)
      case .unaryGradient(let g): .unaryGradient(g)
      case .parametric(let g): .parametric(.init(g))
      case .parametricGradient(let g): .parametricGradient(.init(g))
      case .binary(let g): .binary(g)
      case .extremumGradient(let isMaximum): .extremumGradient(isMaximum: isMaximum)
      case .compare(let g): .compare(g)
      case .logic(let g): .logic(g)
      case .select: .plain(.select)
      case .cast: .plain(.cast)
      }
  }

  private init(_ f: Classification) {
    self =
      switch f {
      case .softmax: .plain(.softmax)
      case .softmaxGradient: .plain(.softmaxGradient)
      case .logSoftmax: .plain(.logSoftmax)
      case .logSoftmaxGradient: .plain(.logSoftmaxGradient)
      case .entropy(.labels(0)): .plain(.crossEntropy)
      case .entropy(.labels): .plain(.smoothedCrossEntropy)
      case .entropy(.probabilities): .plain(.softCrossEntropy)
      case .entropyGradient(.labels(0)): .plain(.crossEntropyGradient)
      case .entropyGradient(.labels): .plain(.smoothedCrossEntropyGradient)
      case .entropyGradient(.probabilities): .plain(.softCrossEntropyGradient)
      case .pairLoss(let g): .pairLoss(g)
      case .pairLossGradient(let g): .pairLossGradient(g)
      }
  }

  private init(_ f: Operations.Reduction) {
    self =
      switch f {
      case .reduce(let g, _, let keep): .reduce(g, keep: keep)
      case .sumTo: .plain(.sumTo)
      case .sumSquares: .plain(.sumSquares)
      case .broadcast: .plain(.broadcast)
      case .argmax: .plain(.argmax)
      }
  }

}

extension OperationKind.Parametric {

  fileprivate init(_ f: ParametricFunction) {
    self =
      switch f {
      case .leakyRelu(let slope): slope < 0 ? .leakyReluOfNegativeSlope : .leakyRelu
      case .elu: .elu
      case .pow: .pow
      case .clamp: .clamp
      }
  }

}

extension OperationKind.Plain {

  fileprivate init(_ f: Indexing) {
    self =
      switch f {
      case .gather: .gather
      case .scatterAdd: .scatterAdd
      case .oneHot: .oneHot
      case .gatherLast: .gatherLast
      case .scatterLast: .scatterLast
      }
  }

  fileprivate init(_ f: Layout) {
    self =
      switch f {
      case .reshape: .reshape
      case .transpose: .transpose
      case .slice: .slice
      case .pad: .pad
      case .concat: .concat
      }
  }

  fileprivate init(_ f: Normalization) {
    self =
      switch f {
      case .layer: .layerNorm
      case .layerGradient: .layerNormGradient
      case .rms: .rmsNorm
      case .rmsGradient: .rmsNormGradient
      }
  }

  fileprivate init(_ f: Convolution) {
    self =
      switch f {
      case .convolution: .convolution
      case .transposed: .transposedConvolution
      case .weightGradient: .convolutionWeightGradient
      case .inputGradients: .convolutionInputGradients
      }
  }

  fileprivate init(_ f: Pooling) {
    self =
      switch f {
      case .max: .maxPool
      case .maxGradient: .maxPoolGradient
      case .average: .averagePool
      case .averageGradient: .averagePoolGradient
      case .upsample(.nearest, _): .upsampleNearest
      case .upsampleGradient(.nearest, _): .upsampleNearestGradient
      case .upsample(.bilinear, _): .upsampleBilinear
      case .upsampleGradient(.bilinear, _): .upsampleBilinearGradient
      }
  }

  fileprivate init(_ f: Attention) {
    self =
      switch f {
      case .attention: .attention
      case .gradient: .attentionGradient
      case .causalMask: .causalMask
      case .causalMaskGradient: .causalMaskGradient
      }
  }

  fileprivate init(_ f: Optimizer) {
    self =
      switch f {
      case .sgd(_, 0, _, _, let decoupled): decoupled ? .sgdw : .sgd
      case .sgd(_, _, let nesterov, _, false): nesterov ? .nesterov : .momentum
      case .sgd(_, _, let nesterov, _, true): nesterov ? .decoupledNesterov : .decoupledMomentum
      case .adam(_, _, _, _, _, let decoupled): decoupled ? .adamw : .adam
      case .rmsprop(_, _, _, 0, _): .rmsprop
      case .rmsprop: .rmspropWithMomentum
      case .lion: .lion
      }
  }

}
