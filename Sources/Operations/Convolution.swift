/// Operations on images `f32[N,C,Y,X]` with weights `f32[O,C/groups,KY,KX]`.
///
/// The channels of an image may lie in several operands, whose concatenation the image is, if there is one group.
package enum Convolution: OperationFamily {

  /// How the window moves, and how many groups of channels there are, each seen by its part of the weights only.
  package struct Geometry: Hashable, Sendable {

    package let stride: Pair

    /// The zeros added on each side.
    package let padding: Pair

    package let dilation: Pair

    package let groups: Int

    package init(stride: Pair, padding: Pair, dilation: Pair, groups: Int) {
      self.stride = stride
      self.padding = padding
      self.dilation = dilation
      self.groups = groups
    }

  }

  /// `y[n,o,i,j] = Σ x[n,c,i·stride − padding + a·dilation,…]·w[o,c,a,b]` of operands `x[N,C,Y,X]` and `w`, giving
  /// `[N,O,Y',X']`; there may be several images `x` before `w`.
  case convolution(Geometry)

  /// Transposed convolution of operands `x[N,O,Y',X']` and `w`, giving `[N,C,Y,X]`: the adjoint of `convolution` with
  /// respect to its input, whose extents Y and X are `extents`.
  case transposed(Geometry, extents: Pair)

  /// The adjoint of `convolution` with respect to its weights, whose extents KY and KX are `extents`, of operands `x, dy`;
  /// there may be several images `x` before `dy`.
  case weightGradient(Geometry, extents: Pair)

  /// The adjoint of `convolution` with respect to several images, of operands `dy, w`: results with `channels` channels
  /// each, whose extents Y and X are `extents`.
  case inputGradients(Geometry, extents: Pair, channels: [Int])

  /// The most operands that the channels of an image lie in.
  package static let partLimit = 4

  /// How the window moves.
  package var geometry: Geometry {
    switch self {
    case .convolution(let g), .transposed(let g, _), .weightGradient(let g, _), .inputGradients(let g, _, _): g
    }
  }

  package var mnemonic: String {
    switch self {
    case .convolution: "conv2d"
    case .transposed: "conv_transpose2d"
    case .weightGradient: "conv2d_weight_grad"
    case .inputGradients: "conv2d_input_grads"
    }
  }

  package var attributes: [Attribute] {
    let g = geometry
    let common = [
      Attribute("stride", g.stride.value), .init("padding", g.padding.value), .init("dilation", g.dilation.value),
      .init("groups", .integer(g.groups)),
    ]
    switch self {
    case .convolution: return common
    case .transposed(_, let extents), .weightGradient(_, let extents):
      return common + [.init("extents", extents.value)]
    case .inputGradients(_, let extents, let channels):
      return common + [.init("extents", extents.value), .init("channels", .integers(channels))]
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    if !["conv2d", "conv_transpose2d", "conv2d_weight_grad", "conv2d_input_grads"].contains(mnemonic) { return nil }
    let geometry = Geometry(
      stride: reader.pair("stride"), padding: reader.pair("padding"), dilation: reader.pair("dilation"),
      groups: reader.integer("groups"))
    switch mnemonic {
    case "conv2d": self = .convolution(geometry)
    case "conv_transpose2d": self = .transposed(geometry, extents: reader.pair("extents"))
    case "conv2d_weight_grad": self = .weightGradient(geometry, extents: reader.pair("extents"))
    case _:
      let extents = reader.pair("extents")
      self = .inputGradients(geometry, extents: extents, channels: reader.integers("channels"))
    }
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .convolution, .transposed: .reads(operands: [0, 1], readsResult: false)
    case .weightGradient, .inputGradients: .none(reason: "second derivatives are not taken")
    }
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    // each element of the smaller image meets the weights of one output channel
    let (outputs, weights) =
      switch self {
      case .convolution: (results[0], operands[operands.count - 1])
      case .transposed, .inputGradients: (operands[0], operands[1])
      case .weightGradient: (operands[operands.count - 1], results[0])
      }
    let depth = weights.count / max(1, weights.extents[0])
    return 2.multipliedSaturating(by: outputs.count).multipliedSaturating(by: depth)
  }

}

extension Convolution {

  /// The extents of images, weights and results.
  package struct Extents: Hashable, Sendable {
    package let images: Int
    package let inChannels: Int
    package let outChannels: Int
    package let input: Pair
    package let window: Pair
    package let output: Pair
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    let e = try extents(operands)
    let results: [[Int]] =
      switch self {
      case .convolution: [[e.images, e.outChannels, e.output.y, e.output.x]]
      case .transposed: [[e.images, e.inChannels, e.input.y, e.input.x]]
      case .weightGradient: [[e.outChannels, e.inChannels / geometry.groups, e.window.y, e.window.x]]
      case .inputGradients(_, _, let channels): channels.map { [e.images, $0, e.input.y, e.input.x] }
      }
    for r in results where !TensorType.isValid(.f32, r) {
      throw .init("\(mnemonic): the result \(r) is too large")
    }
    return results.map { .init(.f32, $0) }
  }

  /// Returns the extents of the convolution that the operands are of.
  ///
  /// - Throws: if the operands do not fit together.
  package func extents(_ operands: [TensorType]) throws(ShapeError) -> Extents {
    let operands = try withOneImage(operands)
    try operands.require(2, for: mnemonic)
    try operands.require(.f32, for: mnemonic)
    let (a, b) = (operands[0], operands[1])
    guard a.rank == 4, b.rank == 4 else { throw .init("\(mnemonic) takes operands of 4 axes, not \(a) and \(b)") }
    switch self {
    case .convolution: return try forward(a, weights: b)
    case .transposed(let g, let extents): return try transposed(a, weights: b, g, extents)
    case .weightGradient(_, let extents): return try weightGradient(a, b, extents)
    case .inputGradients(let g, let extents, let channels): return try inputGradients(a, b, g, extents, channels)
    }
  }

  /// Returns `operands` with the concatenation of the images in their place.
  private func withOneImage(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    let isInParts =
      switch self {
      case .convolution, .weightGradient: operands.count > 2
      case .transposed, .inputGradients: false
      }
    if !isInParts { return operands }
    let images = operands.dropLast()
    guard images.count <= Self.partLimit, geometry.groups == 1 else {
      throw .init(
        "\(mnemonic) takes up to \(Self.partLimit) images in one group, not \(images.count) in \(geometry.groups)")
    }
    try operands.require(.f32, for: mnemonic)
    var (e, channels) = (operands[0].extents, 0)
    for x in images {
      guard x.rank == 4, x.extents[0] == e[0], x.extents[1] > 0, x.extents[2...] == e[2...] else {
        throw .init("\(mnemonic) takes images that differ in their channels, not \(operands[0]) and \(x)")
      }
      channels = channels.addedSaturating(to: x.extents[1])
    }
    e[1] = channels
    guard TensorType.isValid(.f32, e) else { throw .init("\(mnemonic): the image \(e) is too large") }
    return [.init(.f32, e), operands[operands.count - 1]]
  }

  private func inputGradients(
    _ dy: TensorType, _ w: TensorType, _ g: Geometry, _ input: Pair, _ channels: [Int]
  ) throws(ShapeError) -> Extents {
    guard (2...Self.partLimit).contains(channels.count), g.groups == 1, channels.allSatisfy({ $0 > 0 }),
      channels.reduce(0, { $0.addedSaturating(to: $1) }) == w.extents[1]
    else { throw .init("\(mnemonic) of \(w): no convolution of images of \(channels) channels in \(g.groups) groups") }
    return try transposed(dy, weights: w, g, input)
  }

  private func forward(_ x: TensorType, weights w: TensorType) throws(ShapeError) -> Extents {
    let (input, window) = (Pair(x.extents[2], x.extents[3]), Pair(w.extents[2], w.extents[3]))
    let (channels, seen) = (x.extents[1], w.extents[1])
    try requireGroups(channels, "input")
    try requireGroups(w.extents[0], "output")
    guard seen == channels / geometry.groups else {
      throw .init(
        "\(mnemonic) of \(x) and \(w): the weights see \(seen) channels, not \(channels) in \(geometry.groups) groups")
    }
    return .init(
      images: x.extents[0], inChannels: channels, outChannels: w.extents[0], input: input, window: window,
      output: try outputs(input, window))
  }

  private func transposed(
    _ x: TensorType, weights w: TensorType, _ g: Geometry, _ input: Pair
  ) throws(ShapeError) -> Extents {
    let window = Pair(w.extents[2], w.extents[3])
    try requireGroups(w.extents[0], "input")
    guard x.extents[1] == w.extents[0], w.extents[1] > 0 else {
      throw .init("\(mnemonic) of \(x) and \(w): the weights are for \(w.extents[0]) channels, not \(x.extents[1])")
    }
    let output = try outputs(input, window)
    guard x.extents[2] == output.y, x.extents[3] == output.x else {
      throw .init("\(mnemonic): a result of [\(input.y), \(input.x)] takes [\(output.y), \(output.x)], not \(x)")
    }
    return .init(
      images: x.extents[0], inChannels: w.extents[1] * g.groups, outChannels: w.extents[0], input: input,
      window: window, output: output)
  }

  private func weightGradient(_ x: TensorType, _ dy: TensorType, _ window: Pair) throws(ShapeError) -> Extents {
    let input = Pair(x.extents[2], x.extents[3])
    try requireGroups(x.extents[1], "input")
    try requireGroups(dy.extents[1], "output")
    let output = try outputs(input, window)
    guard dy.extents[0] == x.extents[0], dy.extents[2] == output.y, dy.extents[3] == output.x else {
      throw .init("\(mnemonic): images \(x) give [\(x.extents[0]),…,\(output.y),\(output.x)], not \(dy)")
    }
    return .init(
      images: x.extents[0], inChannels: x.extents[1], outChannels: dy.extents[1], input: input, window: window,
      output: output)
  }

  private func requireGroups(_ channels: Int, _ kind: String) throws(ShapeError) {
    let groups = geometry.groups
    guard groups > 0, channels > 0, channels % groups == 0 else {
      throw .init("\(mnemonic): \(groups) groups do not divide \(channels) \(kind) channels")
    }
  }

  private func outputs(_ input: Pair, _ window: Pair) throws(ShapeError) -> Pair {
    let g = geometry
    let y = WindowAxis(stride: g.stride.y, padding: g.padding.y, dilation: g.dilation.y)
    let x = WindowAxis(stride: g.stride.x, padding: g.padding.x, dilation: g.dilation.x)
    return .init(
      try y.count(of: window.y, in: input.y, for: mnemonic), try x.count(of: window.x, in: input.x, for: mnemonic))
  }

}
