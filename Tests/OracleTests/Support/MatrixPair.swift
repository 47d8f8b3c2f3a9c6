/// The extents of two operands of a product, before either is transposed.
struct MatrixPair: Sendable {

  let left: [Int]

  let right: [Int]

  /// Batches of matrices: equal ones, one matrix against many on either side, both stretched, more axes on one side.
  static let batches: [MatrixPair] = [
    .init([2], 3, 4, 5, [2]), .init([2, 3], 2, 5, 3, [2, 3]), .init([3], 2, 4, 5, []), .init([2, 3], 2, 4, 3, []),
    .init([], 2, 3, 4, [5]), .init([], 3, 1, 2, [2, 3]), .init([2, 1], 2, 3, 4, [1, 3]), .init([3], 2, 3, 1, [2, 3]),
    .init([1], 3, 4, 2, []), .init([], 3, 4, 2, [1, 1]), .init([1], 1, 1, 1, [4]), .init([4, 1], 1, 5, 1, [4, 3]),
    .init([2], 3, 4, 2, [1]),
  ]

  /// Batches without elements, without matrices, or whose sums have no terms.
  static let empty: [MatrixPair] = [
    .init([0], 2, 3, 4, [0]), .init([0], 2, 3, 4, []), .init([2], 0, 3, 4, []), .init([2], 2, 0, 4, [2]),
    .init([2], 2, 0, 4, []), .init([2], 2, 3, 0, [1]), .init([1], 2, 3, 4, [0]),
  ]

  /// Products that are shared among threads: few great ones, many small ones, one of many rows.
  static let large: [MatrixPair] = [
    .init([3], 90, 91, 92, [3]), .init([257], 9, 11, 10, [257]), .init([5, 7], 31, 33, 34, []),
    .init([2, 6], 40, 24, 41, [6]),
  ]

  init(_ outerLeft: [Int], _ m: Int, _ k: Int, _ n: Int, _ outerRight: [Int]) {
    left = outerLeft + [m, k]
    right = outerRight + [k, n]
  }

  /// Returns the operands that give the same product where they are read transposed.
  func stored(transposedLeft: Bool, transposedRight: Bool) -> (left: [Int], right: [Int]) {
    (Self.exchanged(left, transposedLeft), Self.exchanged(right, transposedRight))
  }

  private static func exchanged(_ extents: [Int], _ isExchanged: Bool) -> [Int] {
    isExchanged ? extents.dropLast(2) + extents.suffix(2).reversed() : extents
  }

}
