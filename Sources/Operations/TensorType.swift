package import Support

/// The type of a tensor's elements, named as in `.cgm`.
package enum ElementType: String, Hashable, Sendable, CaseIterable {

  case f64
  case f32
  case f16
  case bf16
  case i64
  case i32
  case u16
  case u8
  case bool

  /// The size of one element in bytes; a `bool` takes one.
  package var size: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32: 4
    case .f16, .bf16, .u16: 2
    case .u8, .bool: 1
    }
  }

  /// `true` iff the elements are floating-point numbers.
  package var isFloatingPoint: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    case .i64, .i32, .u16, .u8, .bool: false
    }
  }

}

/// The type of a value: its extents, outermost first, and its element type.
///
/// A scalar has no extents.
package struct TensorType: Hashable, Sendable {

  /// The most bytes a value may have: 2^48, so that sums over a plan cannot overflow.
  package static let byteLimit = 1 << 48

  /// The most axes a value may have.
  package static let rankLimit = 8

  package let element: ElementType

  package let extents: [Int]

  /// Creates the type of a tensor.
  ///
  /// - Requires: `extents` pass `isValid`.
  package init(_ element: ElementType, _ extents: [Int] = []) {
    precondition(Self.isValid(element, extents), "extents out of bounds")
    self.element = element
    self.extents = extents
  }

  /// `true` iff no extent is negative, and rank and bytes are within the limits.
  package static func isValid(_ element: ElementType, _ extents: [Int]) -> Bool {
    if extents.count > rankLimit { return false }
    var bytes = element.size
    for e in extents {
      if e < 0 { return false }
      let (product, overflow) = bytes.multipliedReportingOverflow(by: max(e, 1))
      if overflow || product > byteLimit { return false }
      bytes = product
    }
    return true
  }

  package var rank: Int { extents.count }

  /// The number of elements: the product of the extents, 1 for a scalar.
  package var count: Int { extents.reduce(1, *) }

  /// The number of bytes of a dense value: `count` times the size of an element.
  package var size: ByteCount { .init(count * element.size) }

}

extension TensorType: CustomStringConvertible {

  /// The type as plans print it: `f32[16,128]`, `f32[]` for a scalar.
  package var description: String { "\(element.rawValue)[\(extents.map(String.init).joined(separator: ","))]" }

}
