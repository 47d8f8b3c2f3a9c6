/// The greatest of numbers in a row, for any range of them.
struct RangeMaximum {

  /// At level *k* the greatest of each 2^*k* numbers in a row.
  private var levels: [[Int]]

  /// - Complexity: O(*n* log *n*).
  init(_ numbers: [Int]) {
    levels = [numbers]
    var width = 1
    while 2 * width <= numbers.count {
      let last = levels[levels.count - 1]
      levels.append((0...(numbers.count - 2 * width)).map { max(last[$0], last[$0 + width]) })
      width *= 2
    }
  }

  /// Returns the greatest number in `range`, or 0 if it is empty.
  ///
  /// - Requires: no number is negative, and `range` is within them.
  /// - Complexity: O(1).
  func callAsFunction(in range: Range<Int>) -> Int {
    if range.isEmpty { return 0 }
    let k = Int.bitWidth - 1 - range.count.leadingZeroBitCount
    return max(levels[k][range.lowerBound], levels[k][range.upperBound - (1 << k)])
  }

}
