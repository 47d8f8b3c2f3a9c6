extension Operation {

  /// Returns the positions of `values`, the operands, whose bytes the one result may take over, where they are used for the
  /// last time: those that `overwritable(_:_:)` names, but for an addend of a product that is one of its factors, too.
  ///
  /// - Parameter types: those of the operands.
  /// - Requires: the types passed `resultTypes`.
  package func overwritable<Value: Equatable>(
    _ values: [Value], _ types: [TensorType], _ results: [TensorType]
  ) -> [Int] {
    let positions = overwritable(types, results)
    guard case .linear = self else { return positions }
    return positions.filter { (p) in !values.indices.contains { $0 != p && values[$0] == values[p] } }
  }

  /// Returns the positions of the operands whose bytes the one result may take over, where that operand is used for the
  /// last time and lies apart from the others: element *i* of the result depends on no other element of it, or there is
  /// nothing to compute.
  ///
  /// - Requires: the types passed `resultTypes`.
  package func overwritable(_ operands: [TensorType], _ results: [TensorType]) -> [Int] {
    guard results.count == 1 else { return [] }
    switch self {
    case .elementwise, .random: return operands.indices.filter { operands[$0] == results[0] }
    case .layout(.reshape): return [0]
    case .linear: return operands.count == 3 ? [2] : []
    case .layout, .reduction, .indexing, .classification, .convolution, .pooling, .attention, .normalization,
      .update, .state:
      return []
    }
  }

}
