import Operations
import Runtime

extension Work {

  init(_ f: Convolution, _ operands: [Buffer], _ results: [Buffer]) {
    guard let e = try? f.extents(operands.map(\.type)) else { preconditionFailure("the types passed the shape rule") }
    let (y, groups) = (results[0], f.geometry.groups)
    let (inGroup, outGroup) = (e.inChannels / groups, e.outChannels / groups)
    let (window, pixels) = (e.window.y * e.window.x, e.images * e.output.y * e.output.x)
    if y.count == 0 {
      self.init([])
      return
    }
    let images = Self.images(operands.dropLast())
    let last = operands[operands.count - 1].argument()
    let inputs = e.images * e.input.y * e.input.x
    switch f {
    case .convolution:
      self.init([
        Self.convolution(
          f, e, operands.count > 2, images + [last, y.argument()], rows: outGroup, columns: pixels,
          depth: inGroup * window)
      ])
    case .transposed:
      let buffers = (operands + [y]).map { $0.argument() }
      self.init([Self.convolution(f, e, false, buffers, rows: inGroup, columns: inputs, depth: outGroup * window)])
    case .inputGradients:
      let buffers = Self.images(results[...]) + operands.map { $0.argument() }
      self.init([Self.convolution(f, e, false, buffers, rows: inGroup, columns: inputs, depth: outGroup * window)])
    case .weightGradient:
      self.init(
        pixels == 0
          ? Self.fill(y, 0)
          : Self.weightGradient(f, e, operands.count > 2, images + [last], y, outGroup, inGroup * window, pixels))
    }
  }

  /// Where the channels of an image lie: one address, or the first channels behind those of each of the four parts that
  /// kernels take, and their addresses.
  private static func images(_ parts: ArraySlice<Buffer>) -> [Argument] {
    let all = Array(parts)
    if all.count == 1 { return [all[0].argument()] }
    var (ends, end) = ([Argument](), 0)
    for k in 0..<Convolution.partLimit {
      if k < all.count { end += all[k].type.extents[1] }
      ends.append(.count(end))
    }
    return ends + (0..<Convolution.partLimit).map { all[min($0, all.count - 1)].argument() }
  }

  /// - Parameter depth: the inner extent of the product.
  private static func convolution(
    _ f: Convolution, _ e: Convolution.Extents, _ isOfParts: Bool, _ buffers: [Argument], rows: Int, columns: Int,
    depth: Int
  ) -> Launch {
    let groups = f.geometry.groups
    let t = ProductTiling(
      from: rows > 64 ? [.square, .medium, .narrow] : [.medium, .narrow], m: rows, n: columns, k: max(1, depth),
      count: groups,
      partLimit: 1)
    return .init(
      "cgad_cuda_\(f.mnemonic)_\(t.tile)\(isOfParts ? "_of_parts" : "")",
      grid: .init(t.tile.tiles(rows, columns) * groups), block: .init(t.tile.threads), f.arguments(e) + buffers)
  }

  /// The least inner extent of a part, which the planned workspace counts with.
  private static let leastPart = 512

  /// The pixels are cut into parts, so that there are blocks enough; results depend on the parts, which depend on the
  /// extents alone.
  private static func weightGradient(
    _ f: Convolution, _ e: Convolution.Extents, _ isOfParts: Bool, _ buffers: [Argument], _ dw: Buffer, _ rows: Int,
    _ columns: Int, _ pixels: Int
  ) -> [Launch] {
    let groups = f.geometry.groups
    let most = min(WorkspaceModel.cudaLimit / dw.count.multipliedSaturating(by: 4), pixels / leastPart)
    let t = ProductTiling(
      from: rows > 64 ? [.square, .narrow] : [.narrow], m: rows, n: columns, k: pixels, count: groups,
      partLimit: max(1, most))
    return t.launches(to: dw) { (target, _) in
      Launch(
        "cgad_cuda_\(f.mnemonic)_\(t.tile)\(isOfParts ? "_of_parts" : "")",
        grid: .init(t.tile.tiles(rows, columns) * groups, t.parts), block: .init(t.tile.threads),
        f.arguments(e) + buffers + [target, .count(t.part)])
    }
  }

}

extension Convolution {

  /// Extents and geometry as kernels take them.
  fileprivate func arguments(_ e: Extents) -> [Argument] {
    let g = geometry
    let pairs = [e.input, e.output, e.window, g.stride, g.padding, g.dilation]
    return [e.images, g.groups, e.inChannels, e.outChannels].map { .count($0) }
      + pairs.flatMap { [.count($0.y), .count($0.x)] }
  }

}
