import Operations

extension KernelCase {

  static let parametricCases: [KernelCase] = [
    (.leakyRelu(slope: 0.1), Domain.any), (.leakyRelu(slope: -0.5), .wide), (.elu(alpha: 1), .any),
    (.elu(alpha: 0.3), .wide), (.pow(exponent: 3), .any), (.pow(exponent: -1), .awayFromZero),
    (.pow(exponent: 0.75), .positive), (.pow(exponent: 0), .any), (.clamp(low: -1, high: 1), .steps),
    (.clamp(low: 0.3, high: .infinity), .any), (.clamp(low: -.infinity, high: 0.3), .any),
  ].flatMap { (f: ParametricFunction, domain: Domain) in
    counts.flatMap { (n) -> [KernelCase] in
      [
        .init(.elementwise(.parametric(f)), [.init([n], domain)], part: 1e-3),
        .init(.elementwise(.parametricGradient(f)), [.init([n], domain), .init([n])], part: 1e-2),
      ]
    }
  }

  /// Operands are a few whole numbers, so that many are equal.
  static let choiceCases: [KernelCase] = broadcasts.flatMap { (l, r) -> [KernelCase] in
    let wide = (try? Broadcasting.extents(l, r)) ?? []
    return [true, false].map { (isMaximum) in
      .init(
        .elementwise(.extremumGradient(isMaximum: isMaximum)), [.init(l, .steps), .init(r, .steps), .init(wide)],
        part: 0)
    } + LogicFunction.allCases.map { (f) in
      .init(
        .elementwise(.logic(f)),
        Array([Operand(l, .truth, element: .bool), .init(r, .truth, element: .bool)].suffix(f.operandCount)), part: 0)
    } + [ElementType.f32, .i32].flatMap { (e) -> [KernelCase] in
      [(l, r, wide), (wide, l, r), (r, wide, l), (l, r, r), (r, [], l)].map { (c: [Int], x: [Int], y: [Int]) in
        .init(
          .elementwise(.select),
          [.init(c, .truth, element: .bool), .init(x, .steps, element: e), .init(y, .steps, element: e)], part: 0)
      }
    }
  }

  static let castCases: [KernelCase] = [[], [1], [17], [13, 21], [0, 3]].flatMap { (extents: [Int]) -> [KernelCase] in
    [
      .init(.elementwise(.cast(.f32)), [.init(extents, .steps, element: .i32)], part: 0),
      .init(.elementwise(.cast(.f32)), [.init(extents, .labels(classes: 256), element: .u8)], part: 0),
      .init(.elementwise(.cast(.f32)), [.init(extents, .truth, element: .bool)], part: 0),
    ]
  }

  static let normalizationCases: [KernelCase] =
    [[1], [10], [3, 17], [2, 5, 35], [67, 1], [5, 4_099], [0, 3]].flatMap { (extents: [Int]) -> [KernelCase] in
      [Domain.any, .wide].flatMap { (domain) -> [KernelCase] in
        [
          .init(.normalization(.layer(epsilon: 0.01)), [.init(extents, domain)], part: 1e-2),
          .init(.normalization(.layerGradient(epsilon: 0.01)), [.init(extents, domain), .init(extents)], part: 0.1),
          .init(.normalization(.rms(epsilon: 0.01)), [.init(extents, domain)], part: 1e-2),
          .init(.normalization(.rmsGradient(epsilon: 0.01)), [.init(extents, domain), .init(extents)], part: 0.1),
        ]
      }
    }

}
