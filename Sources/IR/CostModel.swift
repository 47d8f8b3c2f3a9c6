package import Operations

/// What executing an instruction costs, in some unit.
package struct CostModel: Sendable {

  /// The unit's name in machine-readable output.
  package let unit: String

  /// Returns the cost of an operation applied to operands of these types.
  private let costOfOperation: @Sendable (Operation, _ operands: [TensorType], _ results: [TensorType]) -> Int

  package init(
    unit: String, _ cost: @escaping @Sendable (Operation, _ operands: [TensorType], _ results: [TensorType]) -> Int
  ) {
    self.unit = unit
    self.costOfOperation = cost
  }

  /// Floating-point operations by the formulas of the operations' tables.
  package static let flops = CostModel(unit: "flops") { $0.flops($1, $2) }

  /// Returns the cost of instruction `id` of `function`.
  package func cost(of id: InstructionID, in function: Function) -> Int {
    let i = function[id]
    return costOfOperation(i.operation, i.operands.map { function[$0].type }, i.results.map { function[$0].type })
  }

}
