/// Operations that read and write where i32 indices say; an index out of range ends the run.
package enum Indexing: OperationFamily {

  /// The rows of `table[V, D..]` that `indices[I..]` say, giving `[I.., D..]`.
  case gather

  /// The sum of the rows `x[I.., D..]`, each where `indices[I..]` says, in their order, giving `[rows, D..]`.
  case scatterAdd(rows: Int)

  /// 1 where `indices[I..]` say and 0 elsewhere along a new last axis, giving f32 `[I.., classes]`.
  case oneHot(classes: Int)

  /// The elements along the last axis of `x[I.., C]` that `indices[I..]` say, giving `[I..]`.
  case gatherLast

  /// The elements `x[I..]` where `indices[I..]` say and 0 elsewhere along a new last axis, giving `[I.., classes]`.
  case scatterLast(classes: Int)

  package var mnemonic: String {
    switch self {
    case .gather: "gather"
    case .scatterAdd: "scatter_add"
    case .oneHot: "one_hot"
    case .gatherLast: "gather_last"
    case .scatterLast: "scatter_last"
    }
  }

  package var attributes: [Attribute] {
    switch self {
    case .gather, .gatherLast: []
    case .scatterAdd(let rows): [.init("rows", .integer(rows))]
    case .oneHot(let classes), .scatterLast(let classes): [.init("classes", .integer(classes))]
    }
  }

  package init?(mnemonic: String, reader: inout AttributeReader) {
    switch mnemonic {
    case "gather": self = .gather
    case "scatter_add": self = .scatterAdd(rows: reader.integer("rows"))
    case "one_hot": self = .oneHot(classes: reader.integer("classes"))
    case "gather_last": self = .gatherLast
    case "scatter_last": self = .scatterLast(classes: reader.integer("classes"))
    case _: return nil
    }
  }

  package var effect: Effect { .pure }

  package var adjoint: AdjointRule {
    switch self {
    case .gather, .scatterAdd, .gatherLast, .scatterLast: .reads(operands: [1], readsResult: false)
    case .oneHot: .none(reason: "an index has no neighbours")
    }
  }

  /// The position of the operand that holds the indices.
  package var indexOperand: Int {
    switch self {
    case .gather, .scatterAdd, .gatherLast, .scatterLast: 1
    case .oneHot: 0
    }
  }

  /// Returns what the indices must be below.
  ///
  /// - Requires: the types passed `resultTypes`.
  package func indexBound(_ operands: [TensorType]) -> Int {
    switch self {
    case .gather: operands[0].extents[0]
    case .gatherLast: operands[0].extents[operands[0].rank - 1]
    case .scatterAdd(let bound), .oneHot(let bound), .scatterLast(let bound): bound
    }
  }

  package func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try operands.require(indexOperand + 1, for: mnemonic)
    let indices = operands[indexOperand]
    guard indices.element == .i32 else { throw .init("\(mnemonic) takes i32 indices, not \(indices)") }
    let x = operands[0]
    if indexOperand > 0 { try [x].require(.f32, for: mnemonic) }
    switch self {
    case .gather:
      guard let rows = x.extents.first, rows > 0 else { throw .init("gather takes a table with rows, not \(x)") }
      return [try checked(indices.extents + x.extents.dropFirst())]
    case .scatterAdd(let rows):
      guard x.extents.starts(with: indices.extents) else {
        throw .init("scatter_add of \(x) takes indices of its first extents, not \(indices)")
      }
      return [try checked([try positive(rows)] + x.extents.dropFirst(indices.rank))]
    case .oneHot(let classes): return [try checked(indices.extents + [try positive(classes)])]
    case .gatherLast:
      guard let last = x.extents.last, last > 0 else {
        throw .init("gather_last takes a last axis that is not empty, not \(x)")
      }
      try requireExtents(Array(x.extents.dropLast()), indices, x)
      return [.init(.f32, indices.extents)]
    case .scatterLast(let classes):
      try requireExtents(x.extents, indices, x)
      return [try checked(x.extents + [try positive(classes)])]
    }
  }

  private func positive(_ bound: Int) throws(ShapeError) -> Int {
    if bound < 1 { throw .init("\(mnemonic): \(bound) is no number of rows or classes") }
    return bound
  }

  private func checked(_ extents: [Int]) throws(ShapeError) -> TensorType {
    guard TensorType.isValid(.f32, extents) else {
      throw .init("\(mnemonic): the result \(extents) has too many axes or is too large")
    }
    return .init(.f32, extents)
  }

  private func requireExtents(_ extents: [Int], _ indices: TensorType, _ x: TensorType) throws(ShapeError) {
    guard indices.extents == extents else {
      throw .init("\(mnemonic) of \(x) takes indices \(TensorType(.i32, extents)), not \(indices)")
    }
  }

  package func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int {
    switch self {
    case .gather, .oneHot, .gatherLast, .scatterLast: 0
    case .scatterAdd: operands[0].count
    }
  }

}

extension Operation {

  /// Returns the position of the operand whose elements must be in `0 ..< bound`, and the bound, if there is one.
  ///
  /// - Requires: the types passed `resultTypes`.
  package func indices(_ operands: [TensorType]) -> (operand: Int, bound: Int)? {
    switch self {
    case .indexing(let f): (f.indexOperand, f.indexBound(operands))
    case .classification(.entropy(.labels)), .classification(.entropyGradient(.labels)):
      operands[0].extents.last.map { (1, $0) }
    case _: nil
    }
  }

}
