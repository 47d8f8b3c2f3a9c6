import Operations

extension PlanProgram {

  /// Returns the operand in whose place the result of `instruction`, which executes `operation`, is written, or `nil` if
  /// the result has a place of its own.
  ///
  /// - Requires: the types of the operands and results fit the operation.
  func takenOver(by operation: Operation, _ instruction: PlanInstruction) -> PlanValueIndex? {
    guard let r = instruction.results.first, case .arena(let place) = values[r].place else { return nil }
    let positions = operation.overwritable(
      Array(instruction.operands), instruction.operands.map { values[$0].type },
      instruction.results.map { values[$0].type })
    return positions.lazy.map { instruction.operands[$0] }.first {
      values[$0].place == .arena(offset: place) && values[$0].type.size == values[r].type.size
    }
  }

  /// For each instruction the operand whose bytes its result takes over.
  ///
  /// - Requires: the plan is verified.
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package var takeovers: [PlanValueIndex?] {
    instructions.map { (i) in
      switch i.action {
      case .compute(let operation), .recompute(let operation): takenOver(by: operation, i)
      case .update, .delete, .offload, .fetch: nil
      }
    }
  }

}
