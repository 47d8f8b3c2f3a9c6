/// How the working memory of operations is counted: what they need while they run, beside operands and results.
package enum WorkspaceModel: Hashable, Sendable {

  /// None is counted.
  case none

  /// That of the processor's kernels on this many threads, at least 1.
  case processor(threads: Int)

  /// That of CUDA kernels.
  case cuda

  /// The most bytes that the parts of a product take on a CUDA device; there are fewer parts where they would take more.
  package static let cudaLimit = 4 << 20

  /// Returns the bytes that one execution of `operation` on operands of these types needs.
  ///
  /// - Requires: the types pass the operation's shape rule.
  package func bytes(of operation: Operation, _ operands: [TensorType]) -> Int {
    switch self {
    case .none: 0
    case .processor(let threads): operation.processorWorkspace(operands, threads: threads)
    case .cuda: operation.cudaWorkspace(operands)
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

  /// Returns a bound of the partial results that the first launch of the operation leaves for the next one.
  fileprivate func cudaWorkspace(_ operands: [TensorType]) -> Int {
    guard let y = (try? resultTypes(operands))?.first else { return 0 }
    switch self {
    case .linear(let f): return f.cudaWorkspace(operands, y)
    case .convolution(.weightGradient):
      let dy = operands[operands.count - 1].extents
      let pixels = dy[0] * dy[2] * dy[3]
      return Self.partial(y, parts: pixels / 512)
    case .classification(.entropy), .classification(.pairLoss):
      return operands[0].count == 0 ? 0 : Self.chunkLimit * MemoryLayout<Double>.size
    case .reduction(.reduce), .reduction(.sumTo), .reduction(.sumSquares): return Self.reduced(operands[0], y)
    case .convolution, .classification, .reduction, .elementwise, .layout, .indexing, .pooling, .attention,
      .normalization, .random, .update, .state:
      return 0
    }
  }

  /// The most chunks of a sum.
  private static let chunkLimit = 256

  /// Returns the bytes of `parts` results `y`, or of as many as fit; none if that is one.
  fileprivate static func partial(_ y: TensorType, parts: Int) -> Int {
    if y.count == 0 { return 0 }
    let bytes = y.count.multipliedSaturating(by: ElementType.f32.size)
    let fitting = min(parts, WorkspaceModel.cudaLimit / bytes)
    return fitting < 2 ? 0 : fitting * bytes
  }

  /// Returns the bytes of the sums, in f64, of chunks of 16,384 elements where there is one result, or else of up to 16
  /// parts of 1024 rows, which are fewer where there are more than 64 results.
  private static func reduced(_ x: TensorType, _ y: TensorType) -> Int {
    if x.count == 0 || y.count == 0 { return 0 }
    let chunks = min(chunkLimit, x.count / 16_384 + 1)
    let parts = min(16, x.count / y.count / 1024)
    let columns = parts < 2 ? 0 : min(1024, y.count.multipliedSaturating(by: parts))
    return max(y.count == 1 ? chunks : 0, columns) * MemoryLayout<Double>.size
  }

}

extension LinearAlgebra {

  /// Returns a bound of the bytes of the parts that the inner index is cut into, of at least 256 each.
  fileprivate func cudaWorkspace(_ operands: [TensorType], _ y: TensorType) -> Int {
    guard let e = try? extents(operands) else { return 0 }
    let isSummed = if case .matmulSum = self { true } else { false }
    let inner = isSummed ? e.batch.reduce(e.k) { $0.multipliedSaturating(by: $1) } : e.k
    return Operation.partial(y, parts: inner / 256)
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

  /// Returns the bytes of one tile for each thread that has tasks; 0 for windows of one pixel of one image, which are
  /// multiplied where they lie.
  ///
  /// - Requires: the types pass the shape rule.
  fileprivate func processorWorkspace(_ operands: [TensorType], threads: Int) -> Int {
    guard let e = try? extents(operands) else { preconditionFailure("the shape rule was not asked") }
    if isPointwise(e), !isInParts(operands) { return 0 }
    let t = tiling(e)
    if t.tasks == 0 { return 0 }
    let each = Self.quotient(t.tasks, threads)
    let bytes = Self.quotient(t.tile * ElementType.f32.size, Self.line) * Self.line
    return Self.quotient(t.tasks, each) * bytes
  }

  private func isPointwise(_ e: Extents) -> Bool {
    e.window == .init(1, 1) && geometry.stride == .init(1, 1) && geometry.padding == .init(0, 0)
  }

  /// `true` iff the channels of the image, or of its gradient, lie in several tensors.
  private func isInParts(_ operands: [TensorType]) -> Bool {
    switch self {
    case .convolution, .weightGradient: operands.count > 2
    case .transposed: false
    case .inputGradients: true
    }
  }

  private func tiling(_ e: Extents) -> Tiling {
    let (inGroup, outGroup) = (e.inChannels / geometry.groups, e.outChannels / geometry.groups)
    let (depth, pixels) = (inGroup * e.window.y * e.window.x, e.output.y * e.output.x)
    let planes = e.images * geometry.groups
    switch self {
    case .convolution:
      let (tile, columns) = Self.wholeDepth(depth, pixels)
      return .init(tile: tile, tasks: planes * Self.quotient(pixels, columns))
    case .transposed, .inputGradients:
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
