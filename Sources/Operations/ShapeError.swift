/// Why an operation does not apply to its operands.
package struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {

  /// What disagrees; it prints both sides.
  package let description: String

  package init(_ description: String) { self.description = description }

}

extension [TensorType] {

  /// Throws unless there are `count` operands.
  package func require(_ count: Int, for mnemonic: String) throws(ShapeError) {
    if self.count != count { throw .init("\(mnemonic) takes \(count) operands, not \(self.count)") }
  }

  /// Throws unless every operand has elements of type `element`.
  package func require(_ element: ElementType, for mnemonic: String) throws(ShapeError) {
    for t in self where t.element != element { throw .init("\(mnemonic) takes \(element.rawValue), not \(t)") }
  }

  /// Throws unless all operands have the same type.
  package func requireSame(for mnemonic: String) throws(ShapeError) {
    for t in self where t != self[0] { throw .init("\(mnemonic) takes operands of one type, not \(self[0]) and \(t)") }
  }

}

/// NumPy's broadcasting: extents are aligned at the end, an extent of 1 stretches.
package enum Broadcasting {

  /// Returns the extents of the result.
  ///
  /// - Throws: if two aligned extents differ and neither is 1.
  package static func extents(_ a: [Int], _ b: [Int]) throws(ShapeError) -> [Int] {
    let rank = Swift.max(a.count, b.count)
    var result: [Int] = []
    for i in 0..<rank {
      let (x, y) = (extent(a, i, of: rank), extent(b, i, of: rank))
      guard x == y || x == 1 || y == 1 else { throw .init("cannot broadcast \(a) with \(b): extents \(x) and \(y)") }
      result.append(x == 1 ? y : x)
    }
    return result
  }

  /// Returns the extent of `a` at axis `i` of `rank` axes, 1 where `a` has none.
  private static func extent(_ a: [Int], _ i: Int, of rank: Int) -> Int {
    let j = i - (rank - a.count)
    return j < 0 ? 1 : a[j]
  }

  /// Returns the strides in elements to read a dense tensor of extents `a` as one of extents `result`, 0 where it stretches.
  ///
  /// - Requires: `a` broadcasts to `result`.
  package static func strides(of a: [Int], as result: [Int]) -> [Int] {
    var strides = [Int](repeating: 0, count: result.count)
    var step = 1
    for j in a.indices.reversed() {
      let i = j + result.count - a.count
      if a[j] != 1 { strides[i] = step }
      step *= a[j]
    }
    return strides
  }

}
