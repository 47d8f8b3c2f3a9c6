/// What executing an operation does besides computing its results.
package enum Effect: Hashable, Sendable {

  /// Nothing: the results depend on the operands alone.
  case pure

  /// Nothing either, but the results also depend on (seed, step, micro-batch, replica, path, element).
  case random

  /// It changes persistent storage, once per step.
  case update

}

/// How an operation is differentiated, and which values that keeps alive.
package enum AdjointRule: Hashable, Sendable {

  /// The adjoint reads these operands, by position, and the results if `readsResult`.
  case reads(operands: [Int], readsResult: Bool)

  /// There is no adjoint, and why.
  case none(reason: String)

}

/// All that is known about the operations of one family: one table, one file.
///
/// A case is an operation, its payload the attributes; the operands belong to the instruction.
package protocol OperationFamily: Hashable, Sendable {

  /// The name of the operation in text.
  var mnemonic: String { get }

  /// The attributes, in the order they are printed.
  var attributes: [Attribute] { get }

  /// Creates the operation called `mnemonic`, taking its attributes from `reader`, or `nil` if it is of another family.
  init?(mnemonic: String, reader: inout AttributeReader)

  /// What it does besides computing its result.
  var effect: Effect { get }

  /// How it is differentiated.
  var adjoint: AdjointRule { get }

  /// Returns the types of the results.
  ///
  /// - Throws: a message that prints what disagrees.
  func resultTypes(_ operands: [TensorType]) throws(ShapeError) -> [TensorType]

  /// Returns the floating-point operations of one execution.
  ///
  /// - Requires: the types passed `resultTypes`.
  func flops(_ operands: [TensorType], _ results: [TensorType]) -> Int

}
