import Operations
import Runtime

/// A kind of tiles that products of matrices are made of; see CUDAKernels/kernels/tiles.cuh.
enum ProductTile: String {

  case huge

  case large

  case medium

  case small

  /// As large ones, by more threads.
  case square

  /// As small ones, by fewer threads.
  case narrow

  var rows: Int {
    switch self {
    case .huge, .large, .square: 128
    case .medium, .small, .narrow: 64
    }
  }

  var columns: Int {
    switch self {
    case .huge: 256
    case .large, .square, .medium: 128
    case .small, .narrow: 64
    }
  }

  /// The threads of a block.
  var threads: Int {
    switch self {
    case .huge, .small, .square: 256
    case .large, .medium, .narrow: 128
    }
  }

  /// The blocks that a multiprocessor works on at a time.
  fileprivate var residents: Int {
    switch self {
    case .huge, .square: 1
    case .large, .small: 2
    case .medium, .narrow: 3
    }
  }

  /// How much longer multiplications take than in huge tiles: as products of 4096 by 2048 did on an H100, but for square and
  /// narrow tiles, which are put in between.
  fileprivate var effort: Double {
    switch self {
    case .huge: 1
    case .large: 1.03
    case .square: 1.15
    case .medium: 1.3
    case .small, .narrow: 1.35
    }
  }

  /// The inner indices that are multiplied at a time; those of parts are multiples of the greatest.
  static let greatestDepth = 32

  /// Returns how many tiles make a matrix.
  func tiles(_ m: Int, _ n: Int) -> Int {
    Launch.quotient(m, rows).multipliedSaturating(by: Launch.quotient(n, columns))
  }

}

/// The tiles of products, and the parts that their inner index is cut into; results depend on both.
///
/// They are chosen by an estimate of the time, from the extents alone, of a device with as many multiprocessors as the greatest
/// ones have, so that all devices give the same results.
struct ProductTiling {

  private(set) var tile: ProductTile

  /// The inner indices of a part, and the number of parts; all but the last are of the same size.
  private(set) var part: Int

  private(set) var parts: Int

  /// Returns about how many multiplications a multiprocessor adds up in a cycle, by the instructions of these kernels.
  private static func rate(_ precision: MatrixPrecision) -> Int {
    switch precision {
    case .f32: 128
    case .tf32: 512
    case .bf16: 1024
    }
  }

  /// The bytes that the device moves in a cycle, and the cycles that a launch takes.
  private static let (bandwidth, launch) = (1200, 4000)

  /// The least inner extent of a part.
  private static let leastPart = 256

  /// - Parameters:
  ///   - tiles: the kinds to choose from, at least one.
  ///   - precision: that of the products.
  ///   - m: rows of a product, `n` its columns, `k` its inner extent; none is 0.
  ///   - count: the number of products that blocks take one by one.
  ///   - partLimit: the most parts, at least 1.
  init(
    from tiles: [ProductTile], _ precision: MatrixPrecision = .f32, m: Int, n: Int, k: Int, count: Int, partLimit: Int
  ) {
    let limit = max(1, min(partLimit, k / Self.leastPart, Launch.multiprocessors))
    (tile, part, parts) = (tiles[0], k, 1)
    var least = Int.max
    for candidate in tiles {
      for wanted in 1...limit {
        let part =
          wanted == 1
          ? k : Launch.quotient(Launch.quotient(k, wanted), ProductTile.greatestDepth) * ProductTile.greatestDepth
        let parts = Launch.quotient(k, part)
        if parts < wanted { continue }  // was tried
        let cycles = Self.cycles(candidate, Self.rate(precision), m: m, n: n, part: part, parts: parts, count: count)
        if cycles < least {
          least = cycles
          (tile, self.part, self.parts) = (candidate, part, parts)
        }
      }
    }
  }

  /// Returns about how many cycles all blocks take, and the addition of parts.
  ///
  /// A multiprocessor takes as long as its blocks do, and longer where there are fewer than it could work on at a time.
  private static func cycles(_ tile: ProductTile, _ rate: Int, m: Int, n: Int, part: Int, parts: Int, count: Int) -> Int
  {
    let blocks = tile.tiles(m, n).multipliedSaturating(by: parts).multipliedSaturating(by: count)
    let each = Launch.quotient(blocks, Launch.multiprocessors)
    let work = each.multipliedSaturating(by: tile.rows * tile.columns).multipliedSaturating(by: part) / rate
    let idle = 0.4 + 0.6 * Double(tile.residents) / Double(min(each, tile.residents))
    let cycles = Double(work) * tile.effort * idle
    let sum = parts == 1 ? 0 : Double(launch) + Double(m) * Double(n) * Double(4 * (parts + 1)) / Double(bandwidth)
    return cycles + sum < 1e18 ? Int(cycles + sum) : .max
  }

  // MARK: Launches

  /// Returns the launch that writes products to `result`, or where there are several parts, the one that writes these to the
  /// workspace and the one that adds them up; `product` makes it from where it writes and whether it adds to what is there.
  ///
  /// - Parameter adds: `true` iff products are added to what `result` holds.
  func launches(to result: Buffer, adding adds: Bool = false, _ product: (Argument, Bool) -> Launch) -> [Launch] {
    if parts == 1 { return [product(result.argument(), adds)] }
    let scratch = Argument.scratch(parts * ElementType.f32.size * result.count)
    return [product(scratch, false)]
      + Launch.loop(
        "cgad_cuda_sum_in_order", over: result.count, each: 1,
        [.count(result.count), .count(parts), scratch, result.argument(), .flag(adds)])
  }

}
