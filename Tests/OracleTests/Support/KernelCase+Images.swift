import Operations

extension KernelCase {

  static let convolutionCases =
    (ConvolutionShape.small + ConvolutionShape.large).flatMap { (s) -> [KernelCase] in
      [
        .init(s.forward, [.init(s.image), .init(s.weights)], part: 1),
        .init(s.transposed, [.init(s.result), .init(s.weights)], part: 1),
        .init(s.weightGradient, [.init(s.image), .init(s.result)], part: 1),
      ]
    }
    + ConvolutionShape.inParts.flatMap { (s, channels) -> [KernelCase] in
      let images = s.parts(channels).map { Operand($0) }
      return [
        .init(s.forward, images + [.init(s.weights)], part: 1),
        .init(s.inputGradients(channels), [.init(s.result), .init(s.weights)], part: 1),
        .init(s.weightGradient, images + [.init(s.result)], part: 1),
      ]
    }

  static let poolingCases =
    PoolingShape.all.flatMap { (s) -> [KernelCase] in
      let extents = Pair(s.image[s.image.count - 2], s.image[s.image.count - 1])
      return [
        .init(.pooling(.max(s.geometry)), [.init(s.image)], part: 0),
        .init(.pooling(.maxGradient(s.geometry)), [.init(s.image, .steps), .init(s.result)], part: 1e-1),
        .init(.pooling(.average(s.geometry)), [.init(s.image)], part: 1e-1),
        .init(.pooling(.averageGradient(s.geometry, extents: extents)), [.init(s.result)], part: 1e-1),
      ]
    }
    + [([2, 3, 4, 5], Pair(2, 3)), ([3, 1], Pair(1, 4)), ([2, 1, 1], Pair(3, 1)), ([1, 2, 40, 37], Pair(2, 2))]
    .flatMap { (image: [Int], factor: Pair) -> [KernelCase] in
      let result = image.dropLast(2) + [image[image.count - 2] * factor.y, image[image.count - 1] * factor.x]
      return Pooling.Interpolation.allCases.flatMap { (mode) -> [KernelCase] in
        [
          .init(.pooling(.upsample(mode, factor: factor)), [.init(image)], part: mode == .nearest ? 0 : 1e-1),
          .init(.pooling(.upsampleGradient(mode, factor: factor)), [.init(Array(result))], part: 1e-1),
        ]
      }
    }

  /// Leading axes, queries, keys, width and width of the values: one of each, odd ones, more than a tile of 64.
  static let attentionShapes: [([Int], Int, Int, Int, Int)] = [
    ([], 1, 1, 1, 1), ([2], 3, 5, 4, 3), ([2, 3], 7, 7, 5, 5), ([2], 70, 70, 9, 9), ([1, 2], 65, 130, 17, 3),
    ([1], 130, 64, 16, 20),
  ]

  static let attentionCases =
    attentionShapes.flatMap { (lead, queries, keys, width, valueWidth) -> [KernelCase] in
      let (q, k, v) = (lead + [queries, width], lead + [keys, width], lead + [keys, valueWidth])
      let y = lead + [queries, valueWidth]
      return [false, true].flatMap { (causal) -> [KernelCase] in
        let scores = Attention.Scores(causal: causal, scale: 0.35)
        return [
          .init(.attention(.attention(scores)), [.init(q), .init(k), .init(v)], part: 1),
          gradientCase(scores, [q, k, v], y: y, sums: Array(y.dropLast())),
        ]
      }
    }
    + sharedRowCases
    + [[4, 4], [2, 3, 5], [2, 1, 70, 3], [1, 1]].flatMap { (extents: [Int]) -> [KernelCase] in
      [
        .init(.attention(.causalMask), [.init(extents)], part: 0),
        .init(.attention(.causalMaskGradient), [.init(extents)], part: 0),
      ]
    }

  /// Attention whose heads share rows: leading axes, heads, queries, keys, width and width of the values.
  private static let sharedRowCases: [KernelCase] =
    [([], 1, 1, 1, 1, 1), ([2], 3, 5, 4, 7, 3), ([2, 3], 2, 7, 7, 5, 5), ([1], 2, 70, 66, 9, 20)]
    .flatMap { (lead: [Int], heads: Int, queries: Int, keys: Int, width: Int, valueWidth: Int) -> [KernelCase] in
      [false, true].flatMap { (causal) -> [KernelCase] in
        let apart = Attention.Scores(causal: causal, scale: 0.35, heads: .sideBySide(heads))
        let (q, k) = (lead + [queries, heads * width], lead + [keys, heads * width])
        let (v, y) = (lead + [keys, heads * valueWidth], lead + [queries, heads * valueWidth])
        let packed = Attention.Scores(causal: causal, scale: 0.35, heads: .packed(heads))
        let x = lead + [queries, 3 * heads * width]
        let sums = lead + [heads, queries]
        let values = Attention.Scores(causal: causal, scale: 0.35, heads: .valuesSideBySide(heads))
        let (apartQ, apartK) = (lead + [heads, queries, width], lead + [heads, keys, width])
        return [
          .init(.attention(.attention(apart)), [.init(q), .init(k), .init(v)], part: 1),
          gradientCase(apart, [q, k, v], y: y, sums: sums),
          .init(.attention(.attention(packed)), [.init(x)], part: 1),
          gradientCase(packed, [x], y: q, sums: sums),
          .init(.attention(.attention(values)), [.init(apartQ), .init(apartK), .init(v)], part: 1),
          gradientCase(values, [apartQ, apartK, v], y: y, sums: sums),
        ]
      }
    }

  /// The gradient reads results of the forward pass, which are not any numbers.
  private static func gradientCase(
    _ scores: Attention.Scores, _ forward: [[Int]], y: [Int], sums: [Int]
  ) -> KernelCase {
    let operands = (forward + [y, sums, y]).map { Operand($0) }
    return .init(.attention(.gradient(scores)), operands, part: 1) { (values) in
      let read = Array(values[..<forward.count])
      return read + Reference.results(of: .attention(scores), read) + [values[values.count - 1]]
    }
  }

}
