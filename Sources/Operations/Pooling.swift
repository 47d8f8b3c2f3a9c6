/// Operations on windows of the last two axes of images `f32[..,Y,X]`.
package enum Pooling: OperationFamily {

  /// A window and how it moves.
  package struct Geometry: Hashable, Sendable {

    package let window: Pair

    package let stride: Pair

    /// The elements added on each side, at most half of the window.
    package let padding: Pair

    package init(window: Pair, stride: Pair, padding: Pair) {
      self.window = window
      self.stride = stride
      self.padding = padding
    }

  }

  /// The greatest element of each window, padding not among them.
  case max(Geometry)

  /// `dx` of operands `x, dy`: each window's `dy` goes to the first of its greatest elements.
  case maxGradient(Geometry)

  /// The mean of each window, padding counting as zeros.
  case average(Geometry)

  /// `dx` of operand `dy`: a part of each window's `dy` goes to each of its elements; `extents` are those of `x`.
  case averageGradient(Geometry, extents: Pair)

  /// Images enlarged `factor.y` times down and `factor.x` times across.
  case upsample(Interpolation, factor: Pair)

  /// `dx` of operand `dy`: for each element, the sum of the parts of `dy` that it had.
  case upsampleGradient(Interpolation, factor: Pair)

  /// What the elements of an enlarged image are made of.
  package enum Interpolation: String, Hashable, Sendable, CaseIterable {

    /// The element in whose square they lie.
    case nearest

    /// The four elements around their centre, by their distances; beyond the outermost centres the border repeats.
    case bilinear

  }

  package var mnemonic: String {
    switch self {
    case .max: "max_pool2d"
    case .maxGradient: "max_pool2d_grad"
    case .average: "avg_pool2d"
    case .averageGradient: "avg_pool2d_grad"
    case .upsample(let mode, _): "upsample_\(mode.rawValue)"
    case .upsampleGradient(let mode, _): "upsample_\(mode.rawValue)_grad"
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .max(let g), .maxGradient(let g), .average(let g): Self.attributes(g)
    case .averageGradient(let g, let extents): Self.attributes(g) + [.init("extents", extents.value)]
    case .upsample(_, let factor), .upsampleGradient(_, let factor): [.init("factor", factor.value)]
    }
  }

  private static func attributes(_ g: Geometry) -> [Attribute] {
    [.init("window", g.window.value), .init("stride", g.stride.value), .init("padding", g.padding.value)]
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    switch mnemonic {
    case "max_pool2d": self = .max(Self.geometry(&reader))
    case "max_pool2d_grad": self = .maxGradient(Self.geometry(&reader))
    case "avg_pool2d": self = .average(Self.geometry(&reader))
    case "avg_pool2d_grad":
      let geometry = Self.geometry(&reader)
      self = .averageGradient(geometry, extents: reader.pair("extents"))
    case "upsample_nearest": self = .upsample(.nearest, factor: reader.pair("factor"))
    case "upsample_nearest_grad": self = .upsampleGradient(.nearest, factor: reader.pair("factor"))
    case "upsample_bilinear": self = .upsample(.bilinear, factor: reader.pair("factor"))
    case "upsample_bilinear_grad": self = .upsampleGradient(.bilinear, factor: reader.pair("factor"))
    case _: return nil
    }
  }

  private static func geometry(_ reader: inout AttributeReader) -> Geometry {
    .init(window: reader.pair("window"), stride: reader.pair("stride"), padding: reader.pair("padding"))
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .max: .reads(operands: [0], readsResult: false)
    case .average, .upsample: .reads(operands: [], readsResult: false)
    case .maxGradient, .averageGradient, .upsampleGradient: .none(reason: "second derivatives are not taken")
    }
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .max(let g), .average(let g): Self.flops(results[0], g)
    case .maxGradient(let g): Self.flops(operands[1], g)
    case .averageGradient(let g, _): Self.flops(operands[0], g)
    case .upsample(.nearest, _): 0
    case .upsampleGradient(.nearest, _): operands[0].count
    case .upsample(.bilinear, _): results[0].count.multipliedSaturating(by: 9)
    case .upsampleGradient(.bilinear, _): operands[0].count.multipliedSaturating(by: 10)
    }
  }

  private static func flops(_ outputs: TensorType, _ g: Geometry) -> Int {
    outputs.count.multipliedSaturating(by: g.window.y.multipliedSaturating(by: g.window.x))
  }

}

extension Pooling {

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try operands.require(1 + (isMaxGradient ? 1 : 0), for: mnemonic)
    try operands.require(.f32, for: mnemonic)
    let x = operands[0]
    let extents = try imageExtents(x)
    switch self {
    case .max(let g), .average(let g): return [try result(x, try outputs(extents, g))]
    case .maxGradient(let g):
      let y = try result(x, try outputs(extents, g))
      guard operands[1] == y else { throw .init("\(mnemonic): \(x) gives \(y), not \(operands[1])") }
      return [x]
    case .averageGradient(let g, let image):
      let y = try outputs(image, g)
      guard y == extents else {
        throw .init("\(mnemonic): an image of [\(image.y), \(image.x)] gives [\(y.y), \(y.x)], not \(x)")
      }
      return [try result(x, image)]
    case .upsample(_, let factor): return [try upsampled(x, extents, factor)]
    case .upsampleGradient(_, let factor): return [try summed(x, extents, factor)]
    }
  }

  private var isMaxGradient: Bool {
    switch self {
    case .maxGradient: true
    case .max, .average, .averageGradient, .upsample, .upsampleGradient: false
    }
  }

  private func imageExtents(_ x: TensorType) throws(ShapeError) -> Pair {
    guard x.rank >= 2 else { throw .init("\(mnemonic) takes at least 2 axes, not \(x)") }
    return .init(x.extents[x.rank - 2], x.extents[x.rank - 1])
  }

  /// Returns the type of `x` with `image` as its last two extents.
  private func result(_ x: TensorType, _ image: Pair) throws(ShapeError) -> TensorType {
    let extents = x.extents.dropLast(2) + [image.y, image.x]
    guard TensorType.isValid(.f32, Array(extents)) else {
      throw .init("\(mnemonic): the result \(Array(extents)) is too large")
    }
    return .init(.f32, Array(extents))
  }

  private func outputs(_ image: Pair, _ g: Geometry) throws(ShapeError) -> Pair {
    guard g.padding.y <= g.window.y / 2, g.padding.x <= g.window.x / 2 else {
      throw .init(
        "\(mnemonic): a padding of [\(g.padding.y), \(g.padding.x)] is more than half of the window"
          + " [\(g.window.y), \(g.window.x)]")
    }
    let y = WindowAxis(stride: g.stride.y, padding: g.padding.y, dilation: 1)
    let x = WindowAxis(stride: g.stride.x, padding: g.padding.x, dilation: 1)
    return .init(
      try y.count(of: g.window.y, in: image.y, for: mnemonic), try x.count(of: g.window.x, in: image.x, for: mnemonic))
  }

  private func requireFactor(_ factor: Pair) throws(ShapeError) {
    let range = 1...WindowAxis.limit
    guard range.contains(factor.y), range.contains(factor.x) else {
      throw .init("\(mnemonic): a factor of [\(factor.y), \(factor.x)] is not in 1 … \(WindowAxis.limit)")
    }
  }

  private func upsampled(_ x: TensorType, _ image: Pair, _ factor: Pair) throws(ShapeError) -> TensorType {
    try requireFactor(factor)
    return try result(
      x, .init(image.y.multipliedSaturating(by: factor.y), image.x.multipliedSaturating(by: factor.x)))
  }

  private func summed(_ dy: TensorType, _ image: Pair, _ factor: Pair) throws(ShapeError) -> TensorType {
    try requireFactor(factor)
    guard image.y % factor.y == 0, image.x % factor.x == 0 else {
      throw .init("\(mnemonic): a factor of [\(factor.y), \(factor.x)] does not divide \(dy)")
    }
    return try result(dy, .init(image.y / factor.y, image.x / factor.x))
  }

}
