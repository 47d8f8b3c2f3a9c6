/// How the working memory of operations is counted: what they need while they run, beside operands and results.
package enum WorkspaceModel: Hashable, Sendable {

  /// None is counted.
  case none

  /// That of the processor's kernels on this many threads, at least 1.
  case processor(threads: Int)

  /// Returns the bytes that one execution of `operation` on operands of these types needs.
  ///
  /// - Requires: the types pass the operation's shape rule.
  package func bytes(of operation: Operation, _ operands: [TensorType]) -> Int {
    switch self {
    case .none: 0
    case .processor(let threads): operation.processorWorkspace(operands, threads: threads)
    }
  }

}

extension Operation {

  fileprivate func processorWorkspace(_ operands: [TensorType], threads: Int) -> Int {
    switch self {
    case .convolution(let f): f.processorWorkspace(operands, threads: threads)
    case .elementwise, .reduction, .layout, .indexing, .linear, .classification, .pooling, .attention, .normalization,
      .random, .update, .state:
      0
    }
  }

}

extension Convolution {

  /// The tiles of columns that the processor's kernels gather pixels into; see CKernels/convolution.c.
  private struct Tiling {

    /// The elements of one tile.
    var tile: Int

    /// The tasks that threads take; those that run at a time have a tile each.
    var tasks: Int

  }

  /// The most elements of a tile, and the least columns of one whose rows are a part of the depth.
  private static let (tileElements, tileColumns) = (1 << 16, 128)

  /// The parts that the depth is split into, the rows that a part is a multiple of, and the most of them in a tile of the
  /// weights' gradient; the output channels of a task there.
  private static let (depthParts, rowUnit, rowLimit, channelBlock) = (8, 16, 256, 128)

  /// What the working memory of a thread is a multiple of, in bytes.
  private static let line = 64

  /// Returns the bytes of one tile for each thread that has tasks; 0 for windows of one pixel, which are multiplied where
  /// they lie.
  ///
  /// - Requires: the types pass the shape rule.
  fileprivate func processorWorkspace(_ operands: [TensorType], threads: Int) -> Int {
    guard let e = try? extents(operands) else { preconditionFailure("the shape rule was not asked") }
    if isPointwise(e) { return 0 }
    let t = tiling(e)
    if t.tasks == 0 { return 0 }
    let each = Self.quotient(t.tasks, threads)
    let bytes = Self.quotient(t.tile * ElementType.f32.size, Self.line) * Self.line
    return Self.quotient(t.tasks, each) * bytes
  }

  private func isPointwise(_ e: Extents) -> Bool {
    e.window == .init(1, 1) && geometry.stride == .init(1, 1) && geometry.padding == .init(0, 0)
  }

  private func tiling(_ e: Extents) -> Tiling {
    let (inGroup, outGroup) = (e.inChannels / geometry.groups, e.outChannels / geometry.groups)
    let (depth, pixels) = (inGroup * e.window.y * e.window.x, e.output.y * e.output.x)
    let planes = e.images * geometry.groups
    switch self {
    case .convolution:
      let (tile, columns) = Self.wholeDepth(depth, pixels)
      return .init(tile: tile, tasks: planes * Self.quotient(pixels, columns))
    case .transposed:
      let parts = min(Self.depthParts, Self.quotient(inGroup, Self.rowUnit))
      return .init(tile: Self.wholeDepth(depth, pixels).elements, tasks: planes * parts)
    case .weightGradient:
      let part = Self.quotient(Self.quotient(depth, Self.depthParts), Self.rowUnit) * Self.rowUnit
      let rows = min(depth, part, Self.rowLimit)
      let blocks = Self.quotient(outGroup, Self.channelBlock) * Self.quotient(depth, rows)
      return .init(
        tile: rows * min(pixels, Self.tileElements / rows), tasks: e.images == 0 ? 0 : geometry.groups * blocks)
    }
  }

  /// Returns the elements and columns of a tile of whole depth, or of a part of it where that is large.
  private static func wholeDepth(_ depth: Int, _ pixels: Int) -> (elements: Int, columns: Int) {
    let columns = min(pixels, max(tileElements / min(depth, tileElements), tileColumns))
    return (min(depth, tileElements / columns) * columns, columns)
  }

  private static func quotient(_ a: Int, _ b: Int) -> Int { a / b + (a % b == 0 ? 0 : 1) }

}
