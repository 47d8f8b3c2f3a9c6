import IR
import Operations

extension FunctionPass {

  /// Computes equal expressions once.
  ///
  ///     x = relu a : f32[2,3]
  ///     y = relu a : f32[2,3]      // removed, its uses read x
  ///
  /// Two instructions are equal iff operation, attributes and operands are; random operations have their path as an
  /// attribute, so two dropouts are never merged. Effects are not touched, and a value marked with `checkpoint(…)` is not
  /// removed. Runs before scheduling only: after it, it would undo the recomputation.
  ///
  /// - Complexity: O(*n*) expected, where *n* is the number of operands.
  package static let commonSubexpressionElimination = FunctionPass(
    "cse", summary: "Computes equal expressions once."
  ) { (f, _) in
    struct Key: Hashable {
      let operation: Operation
      let operands: [ValueID]

      /// Which attributes are −0: −0 and 0 are equal numbers and different values.
      let negativeZeros: [Bool]
    }
    var known: [Key: InstructionID] = [:]
    let marked = Set(f.checkpoints)
    return f.rebuilt { (id, operands) in
      let i = f[id]
      if i.operation.effect == .update || i.results.contains(where: marked.contains) { return .keep }
      let key = Key(operation: i.operation, operands: operands, negativeZeros: i.operation.negativeZeros)
      if let first = known[key] { return .replace(with: first) }
      known[key] = id
      return .keep
    }
  }

}

extension Operation {

  /// For each attribute, whether it is the number −0.
  fileprivate var negativeZeros: [Bool] {
    attributes.map { (a) in
      if case .number(let value) = a.value { return value == 0 && value.sign == .minus }
      return false
    }
  }

}
