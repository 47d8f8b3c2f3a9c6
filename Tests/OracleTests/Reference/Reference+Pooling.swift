import Operations

extension Reference {

  static func result(of f: Pooling, _ x: [ReferenceTensor]) -> ReferenceTensor {
    switch f {
    case .max(let g): pooled(x[0], g) { (_, elements) in elements.map(\.value).max() ?? 0 }
    case .maxGradient(let g): maxGradient(x[0], x[1], g)
    case .average(let g):
      pooled(x[0], g) { (_, elements) in elements.map(\.value).reduce(0, +) / Double(g.window.y * g.window.x) }
    case .averageGradient(let g, let extents): averageGradient(x[0], g, extents)
    case .upsample(.nearest, let factor): upsampled(x[0], factor)
    case .upsampleGradient(.nearest, let factor): summed(x[0], factor)
    case .upsample(.bilinear, let factor): enlarged(x[0], factor)
    case .upsampleGradient(.bilinear, let factor): enlargedTransposed(x[0], factor)
    }
  }

  /// Returns the indices of the elements of the window at index `o` of the result that lie in the image.
  private static func window(at o: [Int], in image: [Int], _ g: Pooling.Geometry) -> [[Int]] {
    let lead = Array(o.dropLast(2))
    let at = Array(o.suffix(2))
    let (stride, padding) = (parts(g.stride), parts(g.padding))
    return ReferenceTensor.indices(of: parts(g.window)).compactMap { (w) in
      let i = (0..<2).map { (a: Int) -> Int in at[a] * stride[a] - padding[a] + w[a] }
      return (0..<2).allSatisfy { (a: Int) -> Bool in i[a] >= 0 && i[a] < image[a] } ? lead + i : nil
    }
  }

  private static func outputs(_ image: [Int], _ g: Pooling.Geometry) -> [Int] {
    let (window, stride, padding) = (parts(g.window), parts(g.stride), parts(g.padding))
    return (0..<2).map { (a: Int) -> Int in (image[a] + 2 * padding[a] - window[a]) / stride[a] + 1 }
  }

  private static func pooled(
    _ x: ReferenceTensor, _ g: Pooling.Geometry, _ f: ([Int], [(index: [Int], value: Double)]) -> Double
  ) -> ReferenceTensor {
    let image = Array(x.extents.suffix(2))
    return .init(x.extents.dropLast(2) + outputs(image, g)) { (o) in
      f(o, window(at: o, in: image, g).map { ($0, x[$0]) })
    }
  }

  private static func maxGradient(
    _ x: ReferenceTensor, _ dy: ReferenceTensor, _ g: Pooling.Geometry
  ) -> ReferenceTensor {
    var result = x.map { (_) in 0 }
    _ = pooled(x, g) { (o, elements) in
      let greatest = elements.map(\.value).max()
      if let first = elements.first(where: { $0.value == greatest }) { result.add(dy[o], at: first.index) }
      return 0
    }
    return result
  }

  private static func averageGradient(_ dy: ReferenceTensor, _ g: Pooling.Geometry, _ extents: Pair) -> ReferenceTensor
  {
    var result = ReferenceTensor(dy.extents.dropLast(2) + parts(extents)) { (_) in 0 }
    for o in ReferenceTensor.indices(of: dy.extents) {
      for i in window(at: o, in: parts(extents), g) { result.add(dy[o] / Double(g.window.y * g.window.x), at: i) }
    }
    return result
  }

  private static func source(of o: [Int], _ factor: Pair) -> [Int] {
    o.dropLast(2) + zip(o.suffix(2), parts(factor)).map { $0 / $1 }
  }

  private static func upsampled(_ x: ReferenceTensor, _ factor: Pair) -> ReferenceTensor {
    let extents = x.extents.dropLast(2) + zip(x.extents.suffix(2), parts(factor)).map { $0 * $1 }
    return .init(Array(extents)) { x[source(of: $0, factor)] }
  }

  private static func summed(_ dy: ReferenceTensor, _ factor: Pair) -> ReferenceTensor {
    var result = ReferenceTensor(source(of: dy.extents, factor)) { (_) in 0 }
    for o in ReferenceTensor.indices(of: dy.extents) { result.add(dy[o], at: source(of: o, factor)) }
    return result
  }

  /// Returns how much of element `i` there is in element `o` of an axis enlarged by `factor`: a hat around the centre of
  /// `i`, which is level beyond the centres of the first and the last element.
  private static func share(of i: Int, in o: Int, _ factor: Int, _ extent: Int) -> Double {
    let at = min(max((Double(o) + 0.5) / Double(factor) - 0.5, 0), Double(extent - 1))
    return max(0, 1 - abs(at - Double(i)))
  }

  private static func share(of i: ArraySlice<Int>, in o: ArraySlice<Int>, _ factor: Pair, _ image: [Int]) -> Double {
    zip(zip(i, o), zip(parts(factor), image)).reduce(1) { $0 * share(of: $1.0.0, in: $1.0.1, $1.1.0, $1.1.1) }
  }

  private static func enlarged(_ x: ReferenceTensor, _ factor: Pair) -> ReferenceTensor {
    let image = Array(x.extents.suffix(2))
    let extents = x.extents.dropLast(2) + zip(image, parts(factor)).map { $0 * $1 }
    return .init(Array(extents)) { (o) in
      ReferenceTensor.indices(of: image).reduce(0) {
        $0 + share(of: $1[...], in: o.suffix(2), factor, image) * x[o.dropLast(2) + $1]
      }
    }
  }

  private static func enlargedTransposed(_ dy: ReferenceTensor, _ factor: Pair) -> ReferenceTensor {
    let wide = Array(dy.extents.suffix(2))
    let image = zip(wide, parts(factor)).map { $0 / $1 }
    return .init(dy.extents.dropLast(2) + image) { (i) in
      ReferenceTensor.indices(of: wide).reduce(0) {
        $0 + share(of: i.suffix(2), in: $1[...], factor, image) * dy[i.dropLast(2) + $1]
      }
    }
  }

}
