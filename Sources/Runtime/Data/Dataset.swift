package import Operations
import Support

/// An array read from a file: its type and its elements, little-endian and in row-major order.
package struct DataArray: Hashable, Sendable {

  /// The file it was read from, with its name there in brackets where the file holds several.
  package let origin: String

  package let type: TensorType

  /// The stored elements, of which examples may share some.
  package let bytes: [UInt8]

  /// The place of the first example among the stored elements.
  let first: Int

  /// The number of elements from the start of one example to that of the next.
  let stride: Int

  /// Creates an array whose examples stand one behind the other.
  ///
  /// - Requires: `bytes` has the size of `type`.
  package init(origin: String, type: TensorType, bytes: [UInt8]) {
    precondition(bytes.count == type.size.value, "wrong number of bytes")
    self.origin = origin
    self.type = type
    self.bytes = bytes
    self.first = 0
    self.stride = type.extents.dropFirst().reduce(1, *)
  }

  /// Creates an array of windows into `bytes`: example `i` is what stands from element `first + i * stride` on.
  ///
  /// - Requires: `type` has an axis, all windows lie in `bytes`, and neither number is negative.
  package init(origin: String, type: TensorType, windowsOf bytes: [UInt8], first: Int, stride: Int) {
    self.origin = origin
    self.type = type
    self.bytes = bytes
    self.first = first
    self.stride = stride
    precondition(first >= 0 && stride >= 0 && !type.extents.isEmpty, "no windows")
    precondition((first + span) * type.element.size <= bytes.count, "a window beyond the bytes")
  }

  package var element: ElementType { type.element }

  package var extents: [Int] { type.extents }

  /// The number of elements from the start of the first example to the end of the last.
  var span: Int {
    guard let count = extents.first else { return 1 }
    return count == 0 ? 0 : (count - 1) * stride + type.count / count
  }

}

/// Arrays whose first axis counts the same examples.
package struct Dataset: Hashable, Sendable {

  package let components: [DataArray]

  /// The number of examples.
  package let count: Int

  /// Creates a data set.
  ///
  /// - Throws: if an array has no axis, or the first extents differ, or there is no array.
  package init(_ components: [DataArray]) throws(DataError) {
    guard let first = components.first else { throw .init("data", .wrongComponentCount(expected: 1, found: 0)) }
    for c in components where c.extents.isEmpty {
      throw .init(
        c.origin,
        .wrongShape(
          expected: "an axis of examples", found: c.type.description, advice: "its first axis must count the examples"))
    }
    for c in components where c.extents[0] != first.extents[0] {
      throw .init(
        c.origin, .differentCounts(other: first.origin, expected: first.extents[0], found: c.extents[0]))
    }
    self.components = components
    self.count = first.extents[0]
  }

}
