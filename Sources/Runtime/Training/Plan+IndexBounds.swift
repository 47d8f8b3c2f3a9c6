import Operations
import PlanFormat

extension Plan {

  /// Returns what the elements of component `component` of the data set `data` must be below, or `nil` if nothing in the
  /// plan takes them as labels or indices.
  func indexBound(of data: String, component: Int) -> Int? {
    programs.lazy.compactMap { $0.indexBound(of: data, component: component) }.min()
  }

}

extension PlanProgram {

  /// Returns the least bound of an operation that takes the given component, or a part or another shape of it, as indices.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  fileprivate func indexBound(of data: String, component: Int) -> Int? {
    let inputs = Set(bindings.filter { $0.data == data && $0.component == component }.map(\.input))
    var isMoved = values.map { inputs.contains($0.name) }
    var least: Int?
    for i in instructions {
      guard case .compute(let operation) = i.action else { continue }
      if case .layout = operation, i.operands.contains(where: { isMoved[$0] }) { isMoved[i.results[0]] = true }
      guard let indices = operation.indices(i.operands.map { values[$0].type }), isMoved[i.operands[indices.operand]]
      else { continue }
      least = min(least ?? indices.bound, indices.bound)
    }
    return least
  }

}
