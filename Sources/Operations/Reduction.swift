/// How elements are combined.
package enum ReductionFunction: String, Hashable, Sendable, CaseIterable {

  case sum
  case mean

  /// The greatest element, NaN if one is; those that are equal to it share the gradient evenly.
  case max

  /// As `max`.
  case min

  /// The mean of the squared differences from the mean, in two passes.
  case variance

  /// `log Σ exp(x)`, which does not overflow.
  case logsumexp

  /// What the adjoint reads.
  var adjoint: AdjointRule {
    switch self {
    case .sum, .mean: .reads(operands: [], readsResult: false)
    case .variance: .reads(operands: [0], readsResult: false)
    case .max, .min, .logsumexp: .reads(operands: [0], readsResult: true)
    }
  }

  /// Floating-point operations for one element.
  var flopsPerElement: Int {
    switch self {
    case .sum, .mean, .max, .min: 1
    case .variance: 4
    case .logsumexp: 15
    }
  }

}

/// Operations that change the number of elements: reductions and their adjoint, the broadcast.
package enum Reduction: OperationFamily {

  /// Combines the elements along `axes` (ascending), which are dropped, or stay as 1 if `keep`.
  ///
  /// f32, or bool for `mean` (giving the fraction that is true).
  case reduce(ReductionFunction, axes: [Int], keep: Bool)

  /// Sums over the axes that NumPy's broadcasting stretches to get from `extents` to the operand's.
  case sumTo(extents: [Int])

  /// The sum of the squares of all elements; f32[].
  case sumSquares

  /// Gives the operand new axes of extent 1 at the positions `inserted` (ascending, of the result) and stretches it to
  /// `extents`.
  case broadcast(extents: [Int], inserted: [Int])

  /// The position of the largest element along the last axis, which is dropped; i32, the first of equals.
  case argmax

  package var mnemonic: String {
    switch self {
    case .reduce(let f, _, _): f.rawValue
    case .sumTo: "sum_to"
    case .sumSquares: "sum_squares"
    case .broadcast: "broadcast"
    case .argmax: "argmax"
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .reduce(_, let axes, let keep):
      [.init("axes", .integers(axes))] + (keep ? [.init("keep", .boolean(true))] : [])
    case .sumTo(let extents): [.init("extents", .integers(extents))]
    case .broadcast(let extents, let inserted):
      [.init("extents", .integers(extents))] + (inserted.isEmpty ? [] : [.init("inserted", .integers(inserted))])
    case .argmax, .sumSquares: []
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    if let f = ReductionFunction(rawValue: mnemonic) {
      self = .reduce(f, axes: reader.integers("axes"), keep: reader.flag("keep"))
    } else if mnemonic == "sum_to" {
      self = .sumTo(extents: reader.integers("extents"))
    } else if mnemonic == "sum_squares" {
      self = .sumSquares
    } else if mnemonic == "broadcast" {
      self = .broadcast(extents: reader.integers("extents"), inserted: reader.optionalIntegers("inserted"))
    } else if mnemonic == "argmax" {
      self = .argmax
    } else {
      return nil
    }
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .reduce(let f, _, _): f.adjoint
    case .sumTo, .broadcast: .reads(operands: [], readsResult: false)
    case .sumSquares: .none(reason: "it is of gradients, whose derivatives are not taken")
    case .argmax: .none(reason: "a position is constant almost everywhere")
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try operands.require(1, for: mnemonic)
    let x = operands[0]
    switch self {
    case .reduce(let f, let axes, let keep):
      if !(f == .mean && x.element == .bool) { try operands.require(.f32, for: mnemonic) }
      let result = try Self.checked(.f32, try Self.reduced(x, axes, keep: keep))
      if f == .max || f == .min, x.count == 0, result.count > 0 {
        throw .init("\(mnemonic) of no elements: axes \(axes) of \(x)")
      }
      return [result]
    case .sumTo(let extents):
      try operands.require(.f32, for: mnemonic)
      guard try Broadcasting.extents(extents, x.extents) == x.extents else {
        throw .init("sum_to: \(extents) does not broadcast to \(x)")
      }
      return [try Self.checked(.f32, extents)]
    case .sumSquares:
      try operands.require(.f32, for: mnemonic)
      return [.init(.f32)]
    case .broadcast(let extents, let inserted):
      return [try Self.broadcast(x, to: extents, inserted: inserted)]
    case .argmax:
      try operands.require(.f32, for: mnemonic)
      guard let last = x.extents.last, last > 0 else {
        throw .init("argmax takes a last axis that is not empty, not \(x)")
      }
      return [.init(.i32, Array(x.extents.dropLast()))]
    }
  }

  private static func checked(_ element: ElementType, _ extents: [Int]) throws(ShapeError) -> TensorType {
    guard TensorType.isValid(element, extents) else { throw .init("the result \(extents) is too large") }
    return .init(element, extents)
  }

  private static func reduced(_ x: TensorType, _ axes: [Int], keep: Bool) throws(ShapeError) -> [Int] {
    guard zip(axes, axes.dropFirst()).allSatisfy({ $0 < $1 }), axes.allSatisfy({ x.extents.indices.contains($0) })
    else { throw .init("axes \(axes) are not ascending axes of \(x)") }
    if keep { return x.extents.enumerated().map { axes.contains($0.offset) ? 1 : $0.element } }
    return x.extents.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
  }

  private static func broadcast(
    _ x: TensorType, to extents: [Int], inserted: [Int]
  ) throws(ShapeError) -> TensorType {
    guard let expanded = expand(x.extents, rank: extents.count, inserted: inserted) else {
      throw .init("broadcast: \(inserted) are not the axes that \(x) lacks of \(extents)")
    }
    guard try Broadcasting.extents(expanded, extents) == extents else {
      throw .init("broadcast: \(x) does not stretch to \(extents)")
    }
    return try checked(x.element, extents)
  }

  /// Returns `extents` with 1 inserted at the positions `inserted` of the result, or `nil` if that does not give `rank`.
  package static func expand(_ extents: [Int], rank: Int, inserted: [Int]) -> [Int]? {
    if inserted.isEmpty, extents.count <= rank { return extents }
    guard extents.count + inserted.count == rank, Set(inserted).count == inserted.count,
      inserted.allSatisfy({ $0 < rank })
    else { return nil }
    var rest = extents[...]
    return (0..<rank).map { inserted.contains($0) ? 1 : rest.removeFirst() }
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .reduce(let f, _, _): f.flopsPerElement.multipliedSaturating(by: operands[0].count)
    case .sumTo, .argmax: operands[0].count
    case .sumSquares: 2.multipliedSaturating(by: operands[0].count)
    case .broadcast: 0
    }
  }

}
