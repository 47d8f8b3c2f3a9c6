package import Operations

/// Cuts a data set into batches, in an order that depends on a seed and the epoch alone.
///
/// The last examples of an epoch that do not fill a batch are left out.
package struct Batcher: Sendable {

  /// The order of the examples.
  package enum Order: Hashable, Sendable {

    /// That of the files, in every epoch.
    case sequential

    /// Another one in each epoch.
    case shuffled(seed: UInt64)

  }

  /// How one component of the data set fills its buffer.
  private struct Component: Sendable {

    let array: DataArray

    let conversion: Conversion

    /// The number of elements of one example.
    let width: Int

  }

  /// The number of examples in a batch.
  package let batchSize: Int

  /// The number of batches in an epoch, at least 1.
  package let batchesPerEpoch: Int

  private let components: [Component]

  private let order: Order

  private let count: Int

  /// The order of the examples in the epoch last asked for.
  private var rows: (epoch: Int, order: [Int64])

  /// Creates an instance for `dataset` that fills buffers of the given `types`, whose first extent is the batch.
  ///
  /// Bytes widen to `f32` or `i32`, `u16` to `i32`, `i64` to `i32` where all values fit. Axes of an example may merge, so
  /// that 28×28 fits 784, and axes of extent 1 do not count. `bounds`, where it is not empty, has for each component
  /// the number of classes that its integers must be below, or `nil`.
  ///
  /// - Requires: `bounds` is empty or has as many elements as `types`.
  /// - Throws: if the data does not fit the types, breaks a bound, or does not fill one batch.
  package init(
    _ dataset: Dataset, types: [TensorType], order: Order, bounds: [Int?] = []
  ) throws(DataError) {
    precondition(bounds.isEmpty || bounds.count == types.count, "wrong number of bounds")
    guard dataset.components.count == types.count else {
      let names = dataset.components.map(\.origin).joined(separator: ", ")
      throw .init(names, .wrongComponentCount(expected: types.count, found: dataset.components.count))
    }
    batchSize = types[0].extents.first ?? 0
    components = try Self.components(dataset.components, types, bounds, batchSize)
    guard dataset.count >= batchSize else {
      throw .init(
        dataset.components[0].origin, .tooFewExamples(batch: batchSize, found: dataset.count))
    }
    batchesPerEpoch = dataset.count / batchSize
    count = dataset.count
    self.order = order
    rows = (0, Self.rows(count, order, epoch: 0))
  }

  /// Fills the buffers at `pointers`, one for each component, with batch number `index` of `epoch`.
  ///
  /// - Requires: `0 ≤ index < batchesPerEpoch`, `0 ≤ epoch`, and each buffer has the size and alignment of its type.
  /// - Complexity: O(*b*) in the bytes of the batch, and O(`count`) for the first batch of an epoch.
  package mutating func batch(_ index: Int, epoch: Int, into pointers: [UnsafeMutableRawPointer]) {
    precondition((0..<batchesPerEpoch).contains(index) && epoch >= 0, "no such batch")
    precondition(pointers.count == components.count, "wrong number of buffers")
    if rows.epoch != epoch, order != .sequential { rows = (epoch, Self.rows(count, order, epoch: epoch)) }
    rows.order.withUnsafeBufferPointer { (all) in
      let rows = UnsafeBufferPointer(rebasing: all[(index * batchSize)..<((index + 1) * batchSize)])
      for (c, target) in zip(components, pointers) { Self.gather(c, rows, into: target) }
    }
  }

  private static func gather(
    _ c: Component, _ rows: UnsafeBufferPointer<Int64>, into target: UnsafeMutableRawPointer
  ) {
    c.array.bytes.withUnsafeBytes { (source) in
      guard let start = source.baseAddress else { return }
      let (p, element) = (start + c.array.first * c.array.element.size, c.array.element)
      c.conversion.gather(p, element, stride: c.array.stride, width: c.width, rows: rows, into: target)
    }
  }

  private static func rows(_ count: Int, _ order: Order, epoch: Int) -> [Int64] {
    switch order {
    case .sequential: Array(0..<Int64(count))
    case .shuffled(let seed): Permutation.shuffled(count, seed: seed, epoch: epoch)
    }
  }

  private static func components(
    _ arrays: [DataArray], _ types: [TensorType], _ bounds: [Int?], _ batchSize: Int
  ) throws(DataError) -> [Component] {
    var result: [Component] = []
    for (i, (array, type)) in zip(arrays, types).enumerated() {
      try checkExtents(array, type, batchSize)
      let conversion = try conversion(array, type)
      if i < bounds.count, let bound = bounds[i] { try checkValues(array, below: bound) }
      result.append(.init(array: array, conversion: conversion, width: type.count / batchSize))
    }
    return result
  }

  /// Returns how the elements of `array` become those of `type`.
  private static func conversion(_ array: DataArray, _ type: TensorType) throws(DataError) -> Conversion {
    guard let result = Conversion(from: array.element, to: type.element) else {
      throw .init(
        array.origin,
        .wrongType(
          expected: "\(type.element.rawValue) for \(type)", found: array.type.description,
          advice: Conversion.advice(from: array.element, to: type.element)))
    }
    let range = Int(Int32.min)...Int(Int32.max)
    if result == .i64ToI32, let (i, v) = array.firstInteger(outside: range) {
      let reason = "which i32 holds"
      throw .init(
        array.origin,
        .valueOutOfRange(value: v, index: i, low: range.lowerBound, high: range.upperBound, reason: reason))
    }
    return result
  }

  /// Checks that an example of `array` has the extents of one of `type`, up to merged axes.
  private static func checkExtents(
    _ array: DataArray, _ type: TensorType, _ batchSize: Int
  ) throws(DataError) {
    guard type.extents.first == batchSize, batchSize > 0 else {
      let found = "the declared type \(type)"
      throw .init(
        array.origin,
        .wrongShape(
          expected: "a batch of \(batchSize) in every component, and at least 1", found: found,
          advice: "declare the same first extent for all"))
    }
    if !merges(array.extents.dropFirst(), into: type.extents.dropFirst()) {
      let expected = TensorType(type.element, Array(type.extents.dropFirst()))
      let found = TensorType(array.element, Array(array.extents.dropFirst()))
      let advice = "declare the file's extents, or their product where axes shall merge"
      throw .init(
        array.origin,
        .wrongShape(
          expected: "\(expected) for each example of \(type)", found: "\(found) in \(array.type)", advice: advice))
    }
  }

  /// `true` iff neighbouring extents of `source` can be multiplied to give `target`, leaving out ones.
  private static func merges(_ source: ArraySlice<Int>, into target: ArraySlice<Int>) -> Bool {
    var rest = source.filter { $0 != 1 }[...]
    for extent in target where extent != 1 {
      guard var product = rest.popFirst() else { return false }
      while product != 0, product < extent, let next = rest.popFirst() { product *= next }
      if product != extent { return false }
    }
    return rest.isEmpty
  }

  private static func checkValues(_ array: DataArray, below bound: Int) throws(DataError) {
    guard let (i, v) = array.firstInteger(outside: 0...max(0, bound - 1)) else { return }
    let reason = "the classes that the plan declares"
    throw .init(
      array.origin, .valueOutOfRange(value: v, index: i, low: 0, high: bound - 1, reason: reason))
  }

}
