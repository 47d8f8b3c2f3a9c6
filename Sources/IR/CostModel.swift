package import Operations

/// What executing an instruction costs, in some unit.
package struct CostModel: Sendable {

  /// The unit's name in machine-readable output.
  package let unit: String

  /// Returns the cost of an operation applied to operands of these types.
  private let costOfOperation: @Sendable (Operation, _ operands: [TensorType], _ results: [TensorType]) -> Int

  /// Returns what a function of single elements costs at most whose result has so many bytes.
  private let costOfFunction: @Sendable (_ bytes: Int) -> Int

  /// What copying a byte between the device and the host costs, if nobody says otherwise.
  package let costPerByte: Double

  /// Creates a model.
  ///
  /// - Parameters:
  ///   - costPerByte: what copying a byte between the device and the host costs.
  ///   - cost: what an operation costs, in whole units.
  ///   - functionCost: what the dearest function of single elements costs whose result has so many bytes.
  package init(
    unit: String, costPerByte: Double, functionCost: @escaping @Sendable (_ bytes: Int) -> Int,
    _ cost: @escaping @Sendable (Operation, _ operands: [TensorType], _ results: [TensorType]) -> Int
  ) {
    self.unit = unit
    self.costPerByte = costPerByte
    self.costOfFunction = functionCost
    self.costOfOperation = cost
  }

  /// The FLOPs for a byte of the dearest function of the tables: erf, 64 for the 4 bytes of an f32.
  private static let functionFlopsPerByte = 16

  /// The FLOPs in the time of copying a byte: an estimate, between that of a processor with a few cores and that of a GPU.
  private static let copyFlopsPerByte = 256.0

  /// Floating-point operations by the formulas of the operations' tables.
  package static let flops = CostModel(
    unit: "flops", costPerByte: copyFlopsPerByte, functionCost: { $0.multipliedSaturating(by: functionFlopsPerByte) },
    { $0.flops($1, $2) })

  /// Returns the cost of instruction `id` of `function`.
  package func cost(of id: InstructionID, in function: Function) -> Int {
    let i = function[id]
    return costOfOperation(i.operation, i.operands.map { function[$0].type }, i.results.map { function[$0].type })
  }

  /// Returns what a function of single elements costs at most whose result has so many bytes.
  package func functionCost(ofBytes bytes: Int) -> Int { costOfFunction(bytes) }

}
