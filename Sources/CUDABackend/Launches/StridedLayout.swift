import Operations
import Runtime

/// The extents of an output and the strides in elements with which its operands are read, neighbouring axes being joined
/// where all operands allow it.
struct StridedLayout {

  private(set) var extents: [Int] = []

  /// Those of each operand.
  private(set) var strides: [[Int]]

  /// Joins the axes of operands whose `strides` have one element for each of `extents`.
  init(_ extents: [Int], _ strides: [[Int]]) {
    self.strides = strides.map { (_) in [] }
    for (i, extent) in extents.enumerated() where extent != 1 { append(extent, strides.map { $0[i] }) }
    if self.extents.isEmpty { append(1, strides.map { (_) in 0 }) }
  }

  /// The layout of operands that NumPy's broadcasting stretches to `result`.
  init(_ operands: [Buffer], to result: [Int]) {
    self.init(result, operands.map { Broadcasting.strides(of: $0.type.extents, as: result) })
  }

  /// Adds an axis, to the last one if stepping in that is walking the whole of this one.
  private mutating func append(_ extent: Int, _ steps: [Int]) {
    let last = extents.count - 1
    if last >= 0, zip(strides, steps).allSatisfy({ $0[last] == $1 * extent }) {
      extents[last] *= extent
      for (k, step) in steps.enumerated() { strides[k][last] = step }
    } else {
      extents.append(extent)
      for (k, step) in steps.enumerated() { strides[k].append(step) }
    }
  }

  var count: Int { extents.reduce(1, *) }

  /// `true` iff elements may be read by fours: the innermost extent and the outer strides are multiples of four, and the
  /// innermost strides 1, or 0 unless `isDense`.
  ///
  /// Addresses must be multiples of four elements, too: see `Buffer.isPacked`.
  func isPacked(isDense: Bool = false) -> Bool {
    guard extents[extents.count - 1] % 4 == 0 else { return false }
    return strides.allSatisfy { (s) in
      let inner = s[s.count - 1]
      return (inner == 1 || (inner == 0 && !isDense)) && (inner == 0 || s.dropLast().allSatisfy { $0 % 4 == 0 })
    }
  }

  /// Rank, extents and strides as kernels take them: eight numbers each.
  var arguments: [Argument] {
    ([extents] + strides).reduce([.count(extents.count)]) { (all, numbers) in
      all + (0..<TensorType.rankLimit).map { .count($0 < numbers.count ? numbers[$0] : 0) }
    }
  }

}
