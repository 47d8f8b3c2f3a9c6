package import Operations
import Support

/// An operation applied to operands of certain types, to be measured.
package struct OperationSample: Hashable, Sendable {

  package let operation: Operation

  package let operands: [TensorType]

  init(_ operation: Operation, _ operands: [TensorType]) {
    self.operation = operation
    self.operands = operands
  }

  /// What the time of an operation is taken to depend on.
  package enum Measure: Hashable, Sendable { case flops, bytes }

  /// The same operation on more and more elements.
  package struct Ladder: Hashable, Sendable {

    package let mnemonic: String

    package let measure: Measure

    /// At least one, of ascending work.
    package let samples: [OperationSample]

    init(_ measure: Measure, _ samples: [OperationSample]) {
      mnemonic = samples[0].operation.mnemonic
      self.measure = measure
      self.samples = samples
    }

  }

  /// One ladder for each mnemonic, and a second one for products of matrices: of large ones for FLOPs, of thin ones for bytes.
  package static let ladders: [Ladder] = [
    unary, parametric, binary, otherElementwise, random, reductions, rows, losses, layouts, indexing, products,
    attention,
    convolutions, poolings, updates,
  ].flatMap(\.self)

  /// Every mnemonic that there is.
  package static let mnemonics = Set(ladders.map(\.mnemonic))

  /// Returns the FLOPs and the bytes of operands and results.
  ///
  /// - Throws: never for the `ladders`.
  package func work() throws(ShapeError) -> (flops: Int, bytes: Int) {
    let results = try operation.resultTypes(operands)
    return (operation.flops(operands, results), (operands + results).reduce(0) { $0 + $1.size.value })
  }

}
