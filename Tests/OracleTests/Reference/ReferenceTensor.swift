/// A tensor of the reference interpreter: every element type is a `Double`.
struct ReferenceTensor: Hashable, Sendable {

  let extents: [Int]

  /// The elements, row by row.
  var elements: [Double]

  init(_ extents: [Int], _ elements: [Double]) {
    precondition(extents.reduce(1, *) == elements.count, "\(elements.count) elements do not fill \(extents)")
    self.extents = extents
    self.elements = elements
  }

  /// Creates a scalar.
  init(_ value: Double) { self.init([], [value]) }

  /// Creates a tensor whose element at each index is `element` of it.
  init(_ extents: [Int], _ element: ([Int]) -> Double) {
    self.init(extents, Self.indices(of: extents).map(element))
  }

  /// The element at `index`.
  subscript(index: [Int]) -> Double { elements[position(of: index)] }

  /// Returns the position in `elements` of `index`.
  func position(of index: [Int]) -> Int {
    precondition(index.count == extents.count, "an index of another rank")
    return zip(index, extents).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// Returns the element that NumPy's broadcasting puts at `index` of a tensor of at least this rank.
  func broadcastElement(at index: [Int]) -> Double {
    let own = index.suffix(extents.count)
    return self[zip(own, extents).map { $1 == 1 ? 0 : $0 }]
  }

  /// Returns all indices of a tensor of the given extents, the last axis fastest.
  static func indices(of extents: [Int]) -> [[Int]] {
    extents.reduce([[]]) { (prefixes, n) in prefixes.flatMap { (p) in (0..<n).map { p + [$0] } } }
  }

  /// The tensor cut into its rows along the last axis, one row for a scalar.
  var rows: [[Double]] {
    let width = extents.last ?? 1
    return (0..<(width == 0 ? 0 : elements.count / width)).map { Array(elements[$0 * width..<($0 + 1) * width]) }
  }

  func map(_ f: (Double) -> Double) -> ReferenceTensor { .init(extents, elements.map(f)) }

  /// Returns `f` of the elements of two tensors of the same extents.
  func combined(_ other: ReferenceTensor, _ f: (Double, Double) -> Double) -> ReferenceTensor {
    precondition(extents == other.extents, "\(extents) and \(other.extents) differ")
    return .init(extents, zip(elements, other.elements).map(f))
  }

}
