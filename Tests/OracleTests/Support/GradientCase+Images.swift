import IR
import Operations

extension GradientCase {

  static let convolutionCases =
    ConvolutionShape.small.enumerated().flatMap { (n, s) -> [GradientCase] in
      [
        .init("conv2d \(n)", s.forward, [.parameter(s.image), .parameter(s.weights)]),
        .init("conv2d \(n), left active", s.forward, [.parameter(s.image), .input(s.weights)]),
        .init("conv2d \(n), right active", s.forward, [.input(s.image), .parameter(s.weights)]),
        .init("conv_transpose2d \(n)", s.transposed, [.parameter(s.result), .parameter(s.weights)]),
      ]
    }
    + ConvolutionShape.inParts.dropLast().enumerated().flatMap { (n, c) -> [GradientCase] in
      let images = c.0.parts(c.1)
      let name = "conv2d of parts \(n)"
      return [
        .init(name, c.0.forward, images.map { .parameter($0) } + [.parameter(c.0.weights)]),
        .init(
          "\(name), one active", c.0.forward,
          [.parameter(images[0])] + images.dropFirst().map { .input($0) } + [.input(c.0.weights)]),
      ]
    }

  static let poolingCases =
    PoolingShape.all.enumerated().flatMap { (n, s) -> [GradientCase] in
      [
        .init("max_pool2d \(n)", .pooling(.max(s.geometry)), [.parameter(s.image)]),
        .init("avg_pool2d \(n)", .pooling(.average(s.geometry)), [.parameter(s.image)]),
      ]
    }
    + [([2, 2, 2, 3], Pair(2, 3)), ([3, 1], Pair(1, 4)), ([1, 1], Pair(1, 1))].flatMap { (image: [Int], factor: Pair) in
      Pooling.Interpolation.allCases.map { (mode) in
        GradientCase(
          "upsample_\(mode) \(image) by \(factor.y), \(factor.x)", .pooling(.upsample(mode, factor: factor)),
          [.parameter(image)])
      }
    }

  static let attentionCases: [GradientCase] =
    [([], 1, 1, 1, 1), ([], 4, 3, 2, 3), ([2], 3, 5, 2, 2), ([2, 2], 3, 3, 2, 1), ([], 5, 2, 3, 1)]
    .flatMap { (lead: [Int], queries: Int, keys: Int, width: Int, valueWidth: Int) -> [GradientCase] in
      let shapes = [lead + [queries, width], lead + [keys, width], lead + [keys, valueWidth]]
      return [false, true].flatMap { (causal) -> [GradientCase] in
        let operation = Operation.attention(.attention(.init(causal: causal, scale: 0.7)))
        let name = "attention \(shapes)\(causal ? ", causal" : "")"
        return (0..<3).map { (n) in
          let leaves = shapes.enumerated().map { $0.offset == n ? Leaf.parameter($0.element) : .input($0.element) }
          return .init("\(name), \(n) active", operation, leaves)
        } + [.init(name, operation, shapes.map { .parameter($0) })]
      }
    }
    + [([], 1, 3, 2), ([2], 3, 4, 2), ([2, 2], 2, 3, 1)].flatMap {
      (lead: [Int], heads: Int, length: Int, width: Int) -> [GradientCase] in
      let rows = lead + [length, heads * width]
      let packed = lead + [length, 3 * heads * width]
      return [false, true].flatMap { (causal) -> [GradientCase] in
        [
          .init(
            "attention \(rows) of \(heads) heads side by side\(causal ? ", causal" : "")",
            .attention(.attention(.init(causal: causal, scale: 0.7, heads: .sideBySide(heads)))),
            [.parameter(rows), .parameter(rows), .parameter(rows)]),
          .init(
            "attention \(rows) of \(heads) heads, values side by side\(causal ? ", causal" : "")",
            .attention(.attention(.init(causal: causal, scale: 0.7, heads: .valuesSideBySide(heads)))),
            [
              .parameter(lead + [heads, length, width]), .parameter(lead + [heads, length, width]), .parameter(rows),
            ]),
          .init(
            "attention \(packed) of \(heads) heads packed\(causal ? ", causal" : "")",
            .attention(.attention(.init(causal: causal, scale: 0.7, heads: .packed(heads)))), [.parameter(packed)]),
        ]
      }
    }
    + [
      .init(
        "attention of x, x and x", .attention(.attention(.init(causal: true, scale: 0.5))), [.parameter([2, 4, 5])],
        uses: [0, 0, 0]),
      maskedSoftmax([4, 4]), maskedSoftmax([2, 3, 5]), maskedSoftmax([2, 5, 3]), maskedSoftmax([1, 1]),
    ]

  /// A mask by itself has no finite loss.
  private static func maskedSoftmax(_ extents: [Int]) -> GradientCase {
    .init("causal_mask \(extents)", [.parameter(extents)], [.attention(.causalMask)]) { (f, v) throws(ShapeError) in
      let masked = try f.append(.attention(.causalMask), v, named: "masked", at: site)
      return try f.append(.classification(.softmax), masked, named: "y", at: site)[0]
    }
  }

}
