import Operations

extension Reference {

  static func results(of f: Convolution, _ x: [ReferenceTensor]) -> [ReferenceTensor] {
    switch f {
    case .convolution, .transposed, .weightGradient:
      return [result(of: f, [joined(x.dropLast()), x[x.count - 1]])]
    case .inputGradients(let g, let extents, let channels):
      let whole = result(of: .transposed(g, extents: extents), x)
      return channels.indices.map { (n) in
        let first = channels[..<n].reduce(0, +)
        return .init([whole.extents[0], channels[n], extents.y, extents.x]) { (i) in
          whole[[i[0], first + i[1], i[2], i[3]]]
        }
      }
    }
  }

  /// Returns the image whose channels are those of `parts` one behind the other.
  private static func joined(_ parts: ArraySlice<ReferenceTensor>) -> ReferenceTensor {
    let all = Array(parts)
    var extents = all[0].extents
    let owners = all.indices.flatMap { (n) in (0..<all[n].extents[1]).map { (n, $0) } }
    extents[1] = owners.count
    return .init(extents) { (i) in
      let (n, channel) = owners[i[1]]
      return all[n][[i[0], channel, i[2], i[3]]]
    }
  }

  private static func result(of f: Convolution, _ x: [ReferenceTensor]) -> ReferenceTensor {
    switch f {
    case .convolution(let g):
      let y = (0..<2).map { (a) in outputs(x[0].extents[2 + a], x[1].extents[2 + a], g, a) }
      var result = ReferenceTensor([x[0].extents[0], x[1].extents[0]] + y) { (_) in 0 }
      visit(x[0].extents, x[1].extents, y, g) { (i, w, o) in result.add(x[0][i] * x[1][w], at: o) }
      return result
    case .transposed(let g, let extents):
      let image = [x[0].extents[0], x[1].extents[1] * g.groups, extents.y, extents.x]
      var result = ReferenceTensor(image) { (_) in 0 }
      visit(image, x[1].extents, Array(x[0].extents[2...]), g) { (i, w, o) in result.add(x[0][o] * x[1][w], at: i) }
      return result
    case .weightGradient(let g, let extents):
      let weights = [x[1].extents[1], x[0].extents[1] / g.groups, extents.y, extents.x]
      var result = ReferenceTensor(weights) { (_) in 0 }
      visit(x[0].extents, weights, Array(x[1].extents[2...]), g) { (i, w, o) in result.add(x[0][i] * x[1][o], at: w) }
      return result
    case .inputGradients: preconditionFailure("it has several results")
    }
  }

  /// Returns the number of windows along axis `a`.
  private static func outputs(_ extent: Int, _ window: Int, _ g: Convolution.Geometry, _ a: Int) -> Int {
    let (stride, padding, dilation) = (parts(g.stride)[a], parts(g.padding)[a], parts(g.dilation)[a])
    return (0...(extent + 2 * padding)).count { (start) in
      start % stride == 0 && start + (window - 1) * dilation < extent + 2 * padding
    }
  }

  /// Calls `body` with the indices of a pixel, a weight and a pixel of the result wherever they meet.
  private static func visit(
    _ image: [Int], _ weights: [Int], _ outputs: [Int], _ g: Convolution.Geometry,
    _ body: ([Int], [Int], [Int]) -> Void
  ) {
    let (stride, padding, dilation) = (parts(g.stride), parts(g.padding), parts(g.dilation))
    for n in 0..<image[0] {
      for w in ReferenceTensor.indices(of: weights) {
        let group = w[0] / (weights[0] / g.groups)
        for o in ReferenceTensor.indices(of: outputs) {
          let pixel = (0..<2).map { (a: Int) -> Int in o[a] * stride[a] - padding[a] + w[2 + a] * dilation[a] }
          if (0..<2).allSatisfy({ (a: Int) -> Bool in pixel[a] >= 0 && pixel[a] < image[2 + a] }) {
            body([n, group * weights[1] + w[1]] + pixel, w, [n, w[0]] + o)
          }
        }
      }
    }
  }

  static func parts(_ p: Pair) -> [Int] { [p.y, p.x] }

}

extension ReferenceTensor {

  /// Adds `term` to the element at `index`.
  mutating func add(_ term: Double, at index: [Int]) { elements[position(of: index)] += term }

}
