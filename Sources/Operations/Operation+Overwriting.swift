extension Operation {

  /// Returns the positions of the operands whose bytes the one result may take over, where that operand is used for the
  /// last time: element *i* of the result depends on no other element of it, or there is nothing to compute.
  ///
  /// - Requires: the types passed `resultTypes`.
  package func overwritable(_ operands: [TensorType], _ results: [TensorType]) -> [Int] {
    guard results.count == 1 else { return [] }
    switch self {
    case .elementwise, .random: return operands.indices.filter { operands[$0] == results[0] }
    case .layout(.reshape): return [0]
    case .layout, .reduction, .indexing, .linear, .classification, .convolution, .pooling, .attention, .normalization,
      .update, .state:
      return []
    }
  }

}
