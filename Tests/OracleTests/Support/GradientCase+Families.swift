import IR
import Operations

extension GradientCase {

  static let parametricCases: [GradientCase] = [
    (.leakyRelu(slope: 0.1), Domain.awayFromZero), (.leakyRelu(slope: 0), .awayFromZero),
    (.leakyRelu(slope: -0.5), .awayFromZero), (.elu(alpha: 1), .awayFromZero), (.elu(alpha: 0.3), .awayFromZero),
    (.pow(exponent: 3), .any), (.pow(exponent: -2), .awayFromZero), (.pow(exponent: 2.5), .positive),
    (.pow(exponent: -0.5), .positive), (.pow(exponent: 0), .any), (.pow(exponent: 1), .any),
    (.clamp(low: -0.7, high: 0.9), .any), (.clamp(low: 0.3, high: .infinity), .any),
    (.clamp(low: -.infinity, high: 0.3), .any),
  ].flatMap { (f: ParametricFunction, domain: Domain) -> [GradientCase] in
    let operation = Operation.elementwise(.parametric(f))
    return [[], [1], [3, 5], [2, 1, 7]].map { (extents) in
      .init("\(operation.text(operands: [])) \(extents)", operation, [.parameter(extents, domain)])
    }
  }

  /// `where` with a condition that is as wide as the result, that is stretched, and that stretches the others.
  static let choiceCases: [GradientCase] = broadcasts.flatMap { (l, r) -> [GradientCase] in
    let wide = (try? Broadcasting.extents(l, r)) ?? []
    let select = Operation.elementwise(.select)
    return [
      .init("where \(wide) \(l) \(r)", select, [.truth(wide), .parameter(l), .parameter(r)]),
      .init("where \(l) \(r) \(wide)", select, [.truth(l), .parameter(r), .parameter(wide)]),
      .init("where \(l) \(r) \(r), left active", select, [.truth(l), .parameter(r), .input(r)]),
      .init("where \(l) \(r) [], right active", select, [.truth(l), .input(r), .parameter([])]),
    ]
  } + [.init("where of x and x", select, [.truth([3, 4]), .parameter([4])], uses: [0, 1, 1])]

  private static let select = Operation.elementwise(.select)

  /// Targets are positive and need not sum to 1.
  static let lossCases: [GradientCase] =
    PairLoss.allCases.flatMap { (f) in
      [[], [7], [3, 5], [2, 3, 4], [5, 1]].flatMap { (extents: [Int]) -> [GradientCase] in
        let y: Domain = f == .klDivergence ? .positive : .any
        let loss = Operation.classification(.pairLoss(f))
        return [
          .init("\(f.rawValue) \(extents)", loss, [.parameter(extents), .parameter(extents, y)]),
          .init("\(f.rawValue) \(extents), left active", loss, [.parameter(extents), .input(extents, y)]),
          .init("\(f.rawValue) \(extents), right active", loss, [.input(extents), .parameter(extents, y)]),
        ]
      }
    }
    + [[4], [3, 5], [2, 3, 4], [3, 1]].flatMap { (extents: [Int]) -> [GradientCase] in
      let loss = Operation.classification(.entropy(.probabilities))
      return [
        .init("soft_cross_entropy \(extents)", loss, [.parameter(extents), .parameter(extents, .positive)]),
        .init("soft_cross_entropy \(extents), left active", loss, [.parameter(extents), .input(extents, .positive)]),
        .init("soft_cross_entropy \(extents), right active", loss, [.input(extents), .parameter(extents, .any)]),
      ]
    }

  static let normalizationCases: [GradientCase] = [[4], [3, 5], [2, 3, 4], [3, 1], [1, 17]].flatMap {
    (extents: [Int]) -> [GradientCase] in
    [Normalization.layer(epsilon: 0.01), .rms(epsilon: 0.01)].map { (f) in
      .init("\(f.mnemonic) \(extents)", .normalization(f), [.parameter(extents, .awayFromZero)])
    }
  }

}
