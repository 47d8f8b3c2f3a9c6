import CKernels
package import Operations
import Support

/// Makes data sets out of a seed, so that every plan runs with no file at all.
///
/// Every number is a function of the seed, the data set's name, the component and the element's index, drawn from a
/// SplitMix64 sequence by its counter. The first `f32` component, the input, is standard normal. What can be learned
/// from it depends on it by a linear map that the seed alone fixes, so that two data sets of one seed, as for training
/// and for testing, ask for the same map:
/// - integers and booleans are the greatest of `bound` outputs of the map;
/// - further `f32` components are outputs of the map plus noise of a twentieth of their deviation.
///
/// Without an input, integers are uniform below `bound`.
package struct SyntheticData {

  /// What to make of one component.
  package struct Component: Hashable, Sendable {

    package let element: ElementType

    /// The extents of one example.
    package let extents: [Int]

    /// The number of different integers; 2 is taken for `bool`, and floating-point numbers ignore it.
    package let bound: Int

    package init(_ element: ElementType, _ extents: [Int], bound: Int = 10) {
      self.element = element
      self.extents = extents
      self.bound = bound
    }

    /// Creates the component that fills batches of `type`, whose first extent is the batch.
    ///
    /// - Requires: `type` has an axis.
    package init(batchOf type: TensorType, bound: Int = 10) {
      self.init(type.element, Array(type.extents.dropFirst()), bound: bound)
    }

  }

  /// The most bytes of a data set.
  package static let byteLimit = 1 << 32

  /// Returns a data set of `count` examples.
  ///
  /// - Throws: if a component has elements that are not made, a bound that they do not hold, or too many bytes.
  /// - Complexity: O(*n* + *e* · *w*) for *n* elements, *e* examples and *w* ≤ 2^20 weights of the map.
  package static func dataset(
    _ components: [Component], count: Int, seed: UInt64, name: String
  ) throws(DataError) -> Dataset {
    var types: [TensorType] = []
    for c in components { types.append(try checked(c, count, name)) }
    if types.reduce(0, { $0 + $1.size.value }) > byteLimit { throw tooLarge(name, "\(count) examples") }
    let input = components.firstIndex { $0.element == .f32 }
    var examples: SyntheticInput?
    var arrays: [DataArray?] = .init(repeating: nil, count: components.count)
    // The input comes first, wherever it stands, since the others depend on it.
    for i in [input].compactMap({ $0 }) + components.indices.filter({ $0 != input }) {
      let keys = SyntheticKeys(seed: seed, name: name, component: i)
      let bytes =
        if types[i].element == .f32 {
          SyntheticInput.floats(types[i], from: examples, count: count, keys)
        } else {
          SyntheticInput.integers(types[i], bound: bound(of: components[i]), from: examples, count: count, keys)
        }
      if i == input { examples = .init(count: count, values: bytes) }
      arrays[i] = .init(origin: "synthetic data '\(name)'", type: types[i], bytes: bytes)
    }
    return try .init(arrays.compactMap { $0 })
  }

  private static func bound(of c: Component) -> Int { c.element == .bool ? 2 : c.bound }

  /// Returns the type of `count` examples of `c`.
  private static func checked(_ c: Component, _ count: Int, _ name: String) throws(DataError) -> TensorType {
    let largest: Int
    switch c.element {
    case .f32, .bool: largest = .max
    case .u8: largest = 1 << 8
    case .u16: largest = 1 << 16
    case .i32, .i64: largest = Int(Int32.max)
    case .f64, .f16, .bf16:
      let advice = "declare the component as f32"
      throw .init(
        "synthetic data '\(name)'", .unsupported(feature: "the element type \(c.element.rawValue)", advice: advice))
    }
    guard (1...largest).contains(c.bound) else {
      let found = "\(c.bound) different values of \(c.element.rawValue)"
      let advice = "ask for as many as the type holds"
      throw .init(
        "synthetic data '\(name)'", .wrongShape(expected: "1 to \(largest)", found: found, advice: advice))
    }
    guard TensorType.isValid(c.element, [count] + c.extents) else { throw tooLarge(name, "\(count) × \(c.extents)") }
    return .init(c.element, [count] + c.extents)
  }

  private static func tooLarge(_ name: String, _ found: String) -> DataError {
    let expected = "no more than \(ByteCount(byteLimit))"
    return .init(
      "synthetic data '\(name)'", .wrongShape(expected: expected, found: found, advice: "ask for fewer examples"))
  }

}
