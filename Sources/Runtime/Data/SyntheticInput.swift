import CKernels
import Operations
import Support

/// The keys of the sequences that one component is drawn from.
struct SyntheticKeys {

  /// For numbers that are drawn directly, and for noise.
  let values: UInt64

  /// For the weights of the map, the same for every data set of one seed.
  let weights: UInt64

  init(seed: UInt64, name: String, component: Int) {
    let base = cgad_split_mix(seed, 0)
    values = cgad_split_mix(base ^ StableHash.fnv1a(name), UInt64(component))
    weights = cgad_split_mix(~base, UInt64(component))
  }

}

/// The examples that the other components of a synthetic data set depend on.
struct SyntheticInput {

  /// The most weights of a map; of a wider input, only its first numbers count.
  private static let weightLimit = 1 << 20

  private let count: Int

  /// The numbers of all examples, as `f32`.
  private let values: [UInt8]

  init(count: Int, values: [UInt8]) {
    self.count = count
    self.values = values
  }

  /// Returns the elements of a floating-point component: normal, or the map of `input` plus noise where there is one.
  static func floats(_ type: TensorType, from input: SyntheticInput?, count: Int, _ keys: SyntheticKeys) -> [UInt8] {
    bytes(of: Float.self, count: type.count) { (target) in
      cgad_keyed_normal(target, Int64(type.count), keys.values, 0)
      guard let input, count > 0 else { return }
      let width = type.count / count
      input.forEachImage(outputs: width, keys) { (example, image) in
        let row = target + example * width
        for j in 0..<width { row[j] *= 0.05 }
        cgad_add_scaled(row, image, Int64(width), 1)
      }
    }
  }

  /// Returns the elements of an integer component: uniform, or the greatest of `bound` outputs where there is an input.
  static func integers(
    _ type: TensorType, bound: Int, from input: SyntheticInput?, count: Int, _ keys: SyntheticKeys
  ) -> [UInt8] {
    let numbers = bytes(of: Int32.self, count: type.count) { (target) in
      cgad_random_below(target, Int64(type.count), keys.values, Int32(bound))
      guard let input, count > 0 else { return }
      let width = type.count / count
      let (outputs, overflow) = width.multipliedReportingOverflow(by: bound)
      if overflow || outputs > weightLimit { return }
      input.forEachImage(outputs: outputs, keys) { (example, image) in
        cgad_argmax_groups(target + example * width, image, Int64(width), Int64(bound))
      }
    }
    return stored(numbers, type)
  }

  /// Calls `action` with the number of each example and its image under the map to `outputs` numbers.
  private func forEachImage(
    outputs: Int, _ keys: SyntheticKeys, _ action: (Int, UnsafePointer<Float>) -> Void
  ) {
    let width = count > 0 ? values.count / 4 / count : 0
    let inputs = min(width, max(1, Self.weightLimit / max(1, outputs)))
    if inputs == 0 || outputs == 0 { return }
    let weights = Self.bytes(of: Float.self, count: inputs * outputs) { (target) in
      cgad_keyed_normal(target, Int64(inputs * outputs), keys.weights, 0)
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: outputs) { (image) in
      for example in 0..<count {
        values.withUnsafeBytes { (v) in
          let row = v.baseAddress!.assumingMemoryBound(to: Float.self) + example * width
          weights.withUnsafeBytes { (w) in
            cgad_linear_map(
              image.baseAddress, row, w.baseAddress!.assumingMemoryBound(to: Float.self), Int64(inputs), Int64(outputs),
              1 / Float(inputs).squareRoot())
          }
        }
        action(example, image.baseAddress!)
      }
    }
  }

  /// Returns `numbers`, which are `Int32`, with the width of the elements of `type`.
  private static func stored(_ numbers: [UInt8], _ type: TensorType) -> [UInt8] {
    numbers.withUnsafeBytes { (source) in
      .init(unsafeUninitializedCapacity: type.size.value) { (target, initialized) in
        cgad_store_i32(
          target.baseAddress, source.baseAddress?.assumingMemoryBound(to: Int32.self), Int64(type.count),
          Int64(type.element.size))
        initialized = type.size.value
      }
    }
  }

  /// Returns the bytes of `count` elements that `fill` writes.
  private static func bytes<T: BitwiseCopyable>(
    of _: T.Type, count: Int, _ fill: (UnsafeMutablePointer<T>) -> Void
  ) -> [UInt8] {
    let size = count * MemoryLayout<T>.size
    return .init(unsafeUninitializedCapacity: size) { (target, initialized) in
      if size > 0 { fill(UnsafeMutableRawPointer(target.baseAddress!).assumingMemoryBound(to: T.self)) }
      initialized = size
    }
  }

}
