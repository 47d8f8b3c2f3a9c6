import Operations
import Runtime

extension Argument {

  /// A `long long`.
  static func count(_ n: Int) -> Argument { .integer(Int64(n)) }

  static func flag(_ b: Bool) -> Argument { .integer(b ? 1 : 0) }

  /// The bits of a double, as a `long long`.
  static func bits(_ x: Double) -> Argument { .integer(Int64(bitPattern: x.bitPattern)) }

}

extension Buffer {

  /// The address of the first byte, and that of the byte `offset` bytes behind it.
  func argument(at offset: Int = 0) -> Argument { .address(UInt64(UInt(bitPattern: address)) + UInt64(offset)) }

  /// `true` iff the address is a multiple of the size of four elements.
  var isPacked: Bool { UInt(bitPattern: address) % UInt(4 * type.element.size) == 0 }

  /// The number of elements.
  var count: Int { type.count }

  /// The extent of the last axis.
  var columns: Int { type.extents.last ?? 1 }

  /// The product of all extents but the last.
  var rows: Int { type.extents.dropLast().reduce(1, *) }

  /// The product of all extents but the last two.
  var planes: Int { type.extents.dropLast(2).reduce(1, *) }

}

extension Launch {

  /// The multiprocessors that launches are cut for, about those of the greatest devices: results must not depend on the device.
  static let multiprocessors = 132

  /// The most blocks of a loop over elements: enough for the greatest devices to be busy, whose threads then take several.
  static let blockLimit = 4096

  /// The threads of a block of a loop.
  private static let loopThreads = 256

  /// The launch of a kernel whose threads take every so many of `count` elements, about `each` of them; none if there are
  /// no elements.
  static func loop(_ kernel: String, over count: Int, each: Int = 4, _ arguments: [Argument]) -> [Launch] {
    if count == 0 { return [] }
    let threads = quotient(count, each)
    let block = min(loopThreads, quotient(threads, 32) * 32)
    let grid = min(blockLimit, quotient(threads, block))
    return [.init(kernel, grid: .init(grid), block: .init(block), arguments)]
  }

  /// Returns `a / b`, rounded up.
  static func quotient(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }

}
