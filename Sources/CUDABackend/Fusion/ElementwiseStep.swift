import Operations

/// An operation of which each element of the f32 result depends on one element of each operand, as runs compute it.
package struct ElementwiseStep: Sendable {

  /// Where the elements of an operand lie.
  package struct Operand: Hashable, Sendable {

    /// The address of the element that the first one of the result is made of.
    package let address: UInt64

    /// All bytes that may be read.
    package let range: MemoryRange

    /// How elements are found; `nil` if they lie as those of the result, one behind the other.
    package let layout: OperandLayout?

    package init(address: UInt64, range: MemoryRange, layout: OperandLayout?) {
      (self.address, self.range, self.layout) = (address, range, layout)
    }

    /// An operand whose `count` elements lie as those of the result.
    package static func dense(_ address: UInt64, count: Int) -> Operand {
      .init(address: address, range: .init(start: address, byteCount: 4 * count), layout: nil)
    }

    /// The bytes of the elements that a result of `count` elements is made of, each counted once.
    package func byteCount(for count: Int) -> Int {
      guard let layout else { return 4 * count }
      return zip(layout.extents, layout.strides).reduce(4) { $1.1 == 0 ? $0 : $0 * $1.0 }
    }

    /// `true` iff elements can be read by fours.
    package var isPacked: Bool { address % 16 == 0 && layout?.isPacked ?? true }

  }

  package let function: RunFunction

  /// Up to two numbers that the function needs besides its operands.
  package let constants: [Float]

  /// The hash of the path of random numbers, 0 where there are none.
  package let path: UInt64

  /// At most two operands.
  package let operands: [Operand]

  /// The address of the result, whose elements lie one behind the other.
  package let result: UInt64

  /// The number of elements.
  package let count: Int

  package init(
    _ function: RunFunction, _ operands: [Operand], result: UInt64, count: Int, constants: [Float] = [],
    path: UInt64 = 0
  ) {
    (self.function, self.operands, self.result, self.count) = (function, operands, result, count)
    (self.constants, self.path) = (constants, path)
  }

  /// The bytes of the result.
  package var resultRange: MemoryRange { .init(start: result, byteCount: 4 * count) }

}

/// How the elements of a result find theirs in an operand: the position in each axis times the stride, in elements.
package struct OperandLayout: Hashable, Sendable {

  /// The most axes that runs know.
  package static let axisLimit = 4

  /// From the outermost axis on.
  package let extents: [Int]

  package let strides: [Int]

  package init(_ extents: [Int], _ strides: [Int]) { (self.extents, self.strides) = (extents, strides) }

  /// `true` iff four neighbours of the result, the first one at a multiple of four, find four neighbours at a multiple of
  /// four, or one element.
  package var isPacked: Bool {
    guard let inner = extents.last, inner % 4 == 0, let step = strides.last else { return false }
    return step == 0 || (step == 1 && strides.dropLast().allSatisfy { $0 % 4 == 0 })
  }

}
