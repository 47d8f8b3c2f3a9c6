import Operations
import Runtime

extension Work {

  init(_ f: Layout, _ operands: [Buffer], _ results: [Buffer]) {
    let (x, y) = (operands[0], results[0])
    switch f {
    case .reshape: self.init(x.address == y.address ? [] : Self.copy(x, to: y))
    case .transpose(let axes):
      let strides = x.denseStrides
      self.init(Self.copy(of: x, from: 0, axes.map { strides[$0] }, to: y))
    case .slice(let starts, _):
      let strides = x.denseStrides
      self.init(Self.copy(of: x, from: zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }, strides, to: y))
    case .pad(let low, _): self.init(Self.pad(low, x, y))
    case .concat(let axis): self.init(Self.concat(axis, operands, y))
    }
  }

  /// Copies all bytes of `x`.
  static func copy(_ x: Buffer, to y: Buffer) -> [Launch] {
    copy(of: x, from: 0, x.denseStrides, as: x.type.extents, to: y)
  }

  /// Copies the elements of `x` from the one at `start` on, addressed by `strides`, to the dense `y`, whose extents, or
  /// others of as many elements, are `extents`.
  static func copy(
    of x: Buffer, from start: Int, _ strides: [Int], as extents: [Int]? = nil, to y: Buffer
  ) -> [Launch] {
    let (layout, size) = (StridedLayout(extents ?? y.type.extents, [strides]), x.type.element.size)
    let addresses = [x.argument(at: y.count == 0 ? 0 : start * size), y.argument()]
    if let unit = transposedAxis(layout), size == 4, y.count > 0 {
      return transposition(layout, unit, addresses)
    }
    let isPacked = layout.isPacked() && start % 4 == 0 && x.isPacked && y.isPacked
    return Launch.loop(
      "cgad_cuda_from_strided_\(size)", over: y.count,
      [.count(y.count), .flag(isPacked)] + addresses + layout.arguments)
  }

  /// Returns the axis along which the operand is contiguous, unless that is the innermost one or there is none.
  private static func transposedAxis(_ layout: StridedLayout) -> Int? {
    let strides = layout.strides[0]
    if strides[strides.count - 1] <= 1 { return nil }
    return strides.dropLast().lastIndex(of: 1)
  }

  private static func transposition(_ layout: StridedLayout, _ unit: Int, _ addresses: [Argument]) -> [Launch] {
    let (e, inner) = (layout.extents, layout.extents.count - 1)
    let tiles = Launch.quotient(e[unit], 32) * Launch.quotient(e[inner], 32) * (layout.count / e[unit] / e[inner])
    return [
      .init(
        "cgad_cuda_transpose", grid: .init(min(tiles, 1 << 20)), block: .init(32, 8),
        [.count(tiles), .count(unit)] + addresses + layout.arguments)
    ]
  }

  private static func pad(_ low: [Int], _ x: Buffer, _ y: Buffer) -> [Launch] {
    let strides = y.denseStrides
    let start = zip(low, strides).reduce(0) { $0 + $1.0 * $1.1 }
    return Launch.loop("cgad_cuda_zero", over: y.byteCount, each: 16, [.count(y.byteCount), y.argument()])
      + scatter(x, x.type.extents, to: y, at: x.count == 0 ? 0 : start, strides)
  }

  private static func concat(_ axis: Int, _ operands: [Buffer], _ y: Buffer) -> [Launch] {
    let (e, rows) = (y.type.extents, y.type.extents[..<axis].reduce(1, *))
    let inner = e[(axis + 1)...].reduce(1, *)
    var (launches, start): ([Launch], Int) = ([], 0)
    for x in operands {
      let width = x.type.extents[axis] * inner
      launches += scatter(x, [rows, width], to: y, at: start, [e[axis] * inner, 1])
      start += width
    }
    return launches
  }

  /// Copies the dense `x`, of the given extents, to elements of `y` from the one at `start` on, addressed by `strides`.
  private static func scatter(
    _ x: Buffer, _ extents: [Int], to y: Buffer, at start: Int, _ strides: [Int]
  ) -> [Launch] {
    let (layout, size) = (StridedLayout(extents, [strides]), x.type.element.size)
    let isPacked = layout.isPacked(isDense: true) && start % 4 == 0 && x.isPacked && y.isPacked
    return Launch.loop(
      "cgad_cuda_to_strided_\(size)", over: x.count,
      [.count(x.count), .flag(isPacked), x.argument(), y.argument(at: start * size)] + layout.arguments)
  }

}

extension Buffer {

  /// The distance in elements between neighbours along each axis, 0 along axes of extent 1.
  var denseStrides: [Int] { Broadcasting.strides(of: type.extents, as: type.extents) }

}
