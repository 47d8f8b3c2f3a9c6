import Operations

/// An operation without the attributes that do not choose its formula; what the tables of cases must cover.
///
/// The initializer's switches have no `default`, so a new operation does not compile until it has a kind, and the tests of
/// the tables fail until that kind has cases.
enum OperationKind: Hashable, Sendable {

  enum Plain: String, Hashable, Sendable, CaseIterable {
    case constant, sumTo, broadcast, argmax, softmax, softmaxGradient, crossEntropy, crossEntropyGradient, mse
    case convolution, transposedConvolution, convolutionWeightGradient, maxPool, maxPoolGradient, averagePool
    case averagePoolGradient, upsampleNearest, upsampleNearestGradient, attention, attentionGradient, causalMask
    case causalMaskGradient
    case reshape, transpose, slice, pad, concat
    case mseGradient, dropout, dropoutGradient, sgd, momentum, nesterov, adam, adamw, assign
  }

  case plain(Plain)
  case unary(UnaryFunction)
  case unaryGradient(UnaryFunction)
  case binary(BinaryFunction)
  case compare(Comparison)
  case reduce(ReductionFunction, keep: Bool)
  case matmul(transposeLeft: Bool, transposeRight: Bool)

  /// All kinds.
  static var all: [OperationKind] {
    var all = Plain.allCases.map(OperationKind.plain)
    all += UnaryFunction.allCases.flatMap { [.unary($0), .unaryGradient($0)] }
    all += BinaryFunction.allCases.map(OperationKind.binary)
    all += Comparison.allCases.map(OperationKind.compare)
    for flag in [false, true] {
      all += ReductionFunction.allCases.map { .reduce($0, keep: flag) }
      all += [false, true].map { .matmul(transposeLeft: flag, transposeRight: $0) }
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
      case .linear(.matmul(let l, let r)): .matmul(transposeLeft: l, transposeRight: r)
      case .classification(let f): .plain(.init(f))
      case .convolution(let f): .plain(.init(f))
      case .pooling(let f): .plain(.init(f))
      case .attention(let f): .plain(.init(f))
      case .random(.dropout): .plain(.dropout)
      case .random(.dropoutGradient): .plain(.dropoutGradient)
      case .update(let f): .plain(.init(f))
      case .state(.assign): .plain(.assign)
      }
  }

  private init(_ f: Elementwise) {
    self =
      switch f {
      case .constant: .plain(.constant)
      case .unary(let g): .unary(g)
      case .unaryGradient(let g): .unaryGradient(g)
      case .binary(let g): .binary(g)
      case .compare(let g): .compare(g)
      }
  }

  private init(_ f: Operations.Reduction) {
    self =
      switch f {
      case .reduce(let g, _, let keep): .reduce(g, keep: keep)
      case .sumTo: .plain(.sumTo)
      case .broadcast: .plain(.broadcast)
      case .argmax: .plain(.argmax)
      }
  }

}

extension OperationKind.Plain {

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

  fileprivate init(_ f: Classification) {
    self =
      switch f {
      case .softmax: .softmax
      case .softmaxGradient: .softmaxGradient
      case .crossEntropy: .crossEntropy
      case .crossEntropyGradient: .crossEntropyGradient
      case .mse: .mse
      case .mseGradient: .mseGradient
      }
  }

  fileprivate init(_ f: Convolution) {
    self =
      switch f {
      case .convolution: .convolution
      case .transposed: .transposedConvolution
      case .weightGradient: .convolutionWeightGradient
      }
  }

  fileprivate init(_ f: Pooling) {
    self =
      switch f {
      case .max: .maxPool
      case .maxGradient: .maxPoolGradient
      case .average: .averagePool
      case .averageGradient: .averagePoolGradient
      case .upsampleNearest: .upsampleNearest
      case .upsampleNearestGradient: .upsampleNearestGradient
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
      case .sgd(_, 0, _, _): .sgd
      case .sgd(_, _, let nesterov, _): nesterov ? .nesterov : .momentum
      case .adam(_, _, _, _, _, let decoupled): decoupled ? .adamw : .adam
      }
  }

}
