/// Operations that move elements and compute nothing; they take elements of any type.
package enum Layout: OperationFamily {

  /// The same elements in the same order, row by row, with other extents.
  case reshape(extents: [Int])

  /// The axes in another order: axis `i` of the result is axis `axes[i]` of the operand.
  case transpose(axes: [Int])

  /// The part of `extents` that begins at `starts`.
  case slice(starts: [Int], extents: [Int])

  /// The operand with `low[i]` zeros before and `high[i]` zeros behind it along each axis `i`.
  case pad(low: [Int], high: [Int])

  /// Two operands or more, one behind the other along `axis`; their other extents are equal.
  case concat(axis: Int)

  /// The most operands of one `concat`, which is the most that text allows.
  package static let operandLimit = 64

  package var mnemonic: String {
    switch self {
    case .reshape: "reshape"
    case .transpose: "transpose"
    case .slice: "slice"
    case .pad: "pad"
    case .concat: "concat"
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .reshape(let extents): [.init("extents", .integers(extents))]
    case .transpose(let axes): [.init("axes", .integers(axes))]
    case .slice(let starts, let extents):
      [.init("starts", .integers(starts)), .init("extents", .integers(extents))]
    case .pad(let low, let high): [.init("low", .integers(low)), .init("high", .integers(high))]
    case .concat(let axis): [.init("axis", .integer(axis))]
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    switch mnemonic {
    case "reshape": self = .reshape(extents: reader.integers("extents"))
    case "transpose": self = .transpose(axes: reader.integers("axes"))
    case "slice":
      let starts = reader.integers("starts")
      self = .slice(starts: starts, extents: reader.integers("extents"))
    case "pad":
      let low = reader.integers("low")
      self = .pad(low: low, high: reader.integers("high"))
    case "concat": self = .concat(axis: reader.integer("axis"))
    case _: return nil
    }
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule { .reads(operands: [], readsResult: false) }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    if case .concat(let axis) = self { return [try Self.concatenated(operands, axis)] }
    try operands.require(1, for: mnemonic)
    let x = operands[0]
    switch self {
    case .reshape(let extents):
      let y = try checked(x.element, extents)
      guard y.count == x.count else {
        throw .init("reshape of \(x), which has \(x.count) elements, to \(extents), which has \(y.count)")
      }
      return [y]
    case .transpose(let axes):
      guard axes.sorted() == Array(x.extents.indices) else {
        throw .init("transpose: \(axes) is not an order of the \(x.rank) axes of \(x)")
      }
      return [.init(x.element, axes.map { x.extents[$0] })]
    case .slice(let starts, let extents): return [try slice(x, starts, extents)]
    case .pad(let low, let high): return [try padded(x, low, high)]
    case .concat: preconditionFailure("it has been handled above")
    }
  }

  private func checked(_ element: ElementType, _ extents: [Int]) throws(ShapeError) -> TensorType {
    guard TensorType.isValid(element, extents) else {
      throw .init("\(mnemonic): \(extents) are negative, too many or too large")
    }
    return .init(element, extents)
  }

  private func slice(_ x: TensorType, _ starts: [Int], _ extents: [Int]) throws(ShapeError) -> TensorType {
    guard starts.count == x.rank, extents.count == x.rank else {
      throw .init("slice of \(x) takes \(x.rank) starts and extents, not \(starts) and \(extents)")
    }
    for (i, whole) in x.extents.enumerated() {
      guard extents[i] >= 0, extents[i] <= whole, starts[i] >= 0, starts[i] <= whole - extents[i] else {
        throw .init("slice of \(x): \(extents[i]) from \(starts[i]) on is outside axis \(i), which has \(whole)")
      }
    }
    return .init(x.element, extents)
  }

  private func padded(_ x: TensorType, _ low: [Int], _ high: [Int]) throws(ShapeError) -> TensorType {
    guard low.count == x.rank, high.count == x.rank, (low + high).allSatisfy({ $0 >= 0 }) else {
      throw .init("pad of \(x) takes \(x.rank) counts on both sides, none negative, not \(low) and \(high)")
    }
    let extents = x.extents.indices.map { x.extents[$0].addedSaturating(to: low[$0]).addedSaturating(to: high[$0]) }
    return try checked(x.element, extents)
  }

  private static func concatenated(_ operands: [TensorType], _ axis: Int) throws(ShapeError) -> TensorType {
    guard (2...operandLimit).contains(operands.count) else {
      throw .init("concat takes 2 to \(operandLimit) operands, not \(operands.count)")
    }
    let first = operands[0]
    guard first.extents.indices.contains(axis) else { throw .init("concat: \(axis) is not an axis of \(first)") }
    var extents = first.extents
    for t in operands.dropFirst() {
      var others = t.extents
      if others.indices.contains(axis) { others[axis] = first.extents[axis] }
      guard t.element == first.element, others == first.extents else {
        throw .init("concat along axis \(axis) takes types that are equal but for it, not \(first) and \(t)")
      }
      extents[axis] += t.extents[axis]
    }
    return try Self.concat(axis: axis).checked(first.element, extents)
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int { 0 }

}

extension Layout {

  /// Returns the order of axes that undoes `axes`.
  ///
  /// - Requires: `axes` is an order of all axes.
  package static func inverse(_ axes: [Int]) -> [Int] {
    var inverse = axes
    for (i, a) in axes.enumerated() { inverse[a] = i }
    return inverse
  }

  /// `true` iff this exchanges the last two axes and leaves the others where they are.
  package var isMatrixTranspose: Bool {
    guard case .transpose(let axes) = self, axes.count >= 2 else { return false }
    let n = axes.count
    return axes == Array(0..<n - 2) + [n - 1, n - 2]
  }

}
