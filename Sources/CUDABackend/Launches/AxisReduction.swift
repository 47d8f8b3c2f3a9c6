import Operations
import Runtime

/// Some of the axes of a tensor, with their strides in elements.
private struct AxisSet {

  private(set) var extents: [Int] = []

  private(set) var strides: [Int] = []

  var count: Int { extents.reduce(1, *) }

  mutating func append(_ extent: Int, _ stride: Int) {
    extents.append(extent)
    strides.append(stride)
  }

  /// Four extents and four strides, as kernels take them.
  var arguments: [Argument] {
    let missing = 4 - extents.count
    return extents.map { .count($0) } + Array(repeating: .count(1), count: missing) + strides.map { .count($0) }
      + Array(repeating: .count(0), count: missing)
  }

}

/// A reduction by runs, where the innermost axis is reduced, or by columns, where it is kept: neighbouring axes that are both
/// reduced, or both kept, are joined. The cuts are those of the processor's kernels, since sums depend on them.
struct AxisReduction {

  /// What is combined.
  enum Total: String {
    case sum
    case bytes = "sum_u8"
    case max
    case min
    case squares
    case powers
  }

  /// What becomes of totals, as the kernels number it.
  enum Finish: Int {
    case plain = 0
    case mean = 1
    case logarithm = 2
  }

  /// The elements of a chunk of a single run.
  private static let grain = 16_384

  /// The most chunks of a single run.
  private static let chunkLimit = 256

  /// The elements of a run that are summed in float.
  private static let block = 4096

  /// The most blocks of a grid; they take several outputs if there are more.
  private static let gridLimit = 1 << 16

  private let x: Buffer

  private let y: Buffer

  /// The extent of the innermost axis, which is in neither set.
  private var inner = 1

  private var isByRuns = false

  private var kept = AxisSet()

  private var reduced = AxisSet()

  /// - Requires: no extent is 0.
  init(_ x: Buffer, _ y: Buffer, _ axes: [Int]) {
    (self.x, self.y) = (x, y)
    var joined: [(extent: Int, isReduced: Bool)] = []
    for (i, extent) in x.type.extents.enumerated() where extent != 1 {
      let isReduced = axes.contains(i)
      if let last = joined.last, last.isReduced == isReduced {
        joined[joined.count - 1].extent *= extent
      } else {
        joined.append((extent, isReduced))
      }
    }
    guard let last = joined.last else { return }
    (inner, isByRuns) = last
    var stride = x.count
    for (extent, isReduced) in joined.dropLast() {
      stride /= extent
      if isReduced { reduced.append(extent, stride) } else { kept.append(extent, stride) }
    }
  }

  func launches(_ total: Total, _ finish: Finish) -> [Launch] {
    let ends: [Argument] = [.count(finish.rawValue), .count(x.count / y.count)]
    if !isByRuns { return columns(total, ends) }
    return y.count == 1 && reduced.count == 1 ? chunks(total, ends) : runs(total, ends)
  }

  // MARK: Runs

  private func runs(_ total: Total, _ ends: [Argument]) -> [Launch] {
    let blocks = reduced.count * Launch.quotient(inner, Self.block)
    return [
      .init(
        kernel(total, "runs"), grid: .init(min(y.count, Self.gridLimit)), block: .init(32, min(16, blocks)),
        [.count(y.count), .count(reduced.count), .count(inner)] + kept.arguments + reduced.arguments
          + [x.argument(), y.argument()] + ends)
    ]
  }

  /// Combines the only run by chunks, and then these.
  private func chunks(_ total: Total, _ ends: [Argument]) -> [Launch] {
    let chunk = Launch.chunk(of: inner, minimum: Self.grain, limit: Self.chunkLimit)
    let parts = Launch.quotient(inner, chunk)
    return [
      .init(
        kernel(total, "parts"), grid: .init(parts),
        block: .init(32, min(16, Launch.quotient(min(chunk, inner), Self.block))),
        [.count(inner), .count(chunk), x.argument(), y.argument(), .scratch(8 * parts)])
    ] + finish(total, parts, ends)
  }

  private func finish(_ total: Total, _ parts: Int, _ ends: [Argument]) -> [Launch] {
    Launch.loop(
      kernel(total, "finish"), over: y.count, each: 1,
      [.count(y.count), .count(parts), .scratch(8 * parts * y.count), y.argument()] + ends)
  }

  // MARK: Columns

  /// The columns that the processor's kernels take at once, and the parts of the rows where there are few of them.
  private static let (tile, partLimit, partRows) = (64, 16, 1024)

  private var parts: Int {
    let tasks = kept.count * Launch.quotient(inner, Self.tile)
    let isTall = tasks <= Self.partLimit / 2 && reduced.count >= 2 * Self.partRows
    return isTall ? min(reduced.count / Self.partRows, Self.partLimit / tasks) : 1
  }

  private func columns(_ total: Total, _ ends: [Argument]) -> [Launch] {
    let parts = parts
    // narrower blocks where wide ones would leave multiprocessors idle
    let wanted = kept.count * parts * inner / Launch.multiprocessors
    let width = min(inner, wanted) <= 8 ? 8 : min(inner, wanted) <= 16 ? 16 : 32
    let groups = Launch.quotient(reduced.count, 32 * parts)
    let height = min(512 / width, max(1, groups))
    let items = kept.count * Launch.quotient(inner, width) * parts
    let (extent, stride) = (reduced.extents.last ?? 1, reduced.strides.last ?? 0)
    let launch = Launch(
      kernel(total, "columns"), grid: .init(min(items, Self.gridLimit)), block: .init(width, height),
      sharedBytes: 4 * width * height,
      [.count(items), .count(inner), .count(reduced.count), .count(extent), .count(stride), .count(parts)]
        + kept.arguments + reduced.arguments + [
          x.argument(), y.argument(), .scratch(parts > 1 ? 8 * parts * y.count : 0),
        ] + ends)
    return [launch] + (parts > 1 ? finish(total, parts, ends) : [])
  }

  private func kernel(_ total: Total, _ form: String) -> String { "cgad_cuda_\(total.rawValue)_\(form)" }

}

extension Launch {

  /// Returns the size of the chunks that `count` elements are summed by: a multiple of `minimum` that gives at most `limit`.
  static func chunk(of count: Int, minimum: Int, limit: Int = 256) -> Int {
    quotient(count / limit + 1, minimum) * minimum
  }

  /// Returns the number of rows that the processor's kernels take at once.
  static func rowsPerChunk(_ columns: Int) -> Int { columns >= 16_384 ? 1 : 16_384 / (columns + 1) + 1 }

}
