import IR
import Operations

extension FunctionPass {

  /// Removes operations that give their operand.
  ///
  ///     y = dropout x {rate: 0.0, key: "y"} : f32[2,3]     // removed, its uses read x
  ///
  /// These are dropout that drops nothing, reshapes to the same extents and transposes that leave every axis where it is.
  /// What is reported, marked with `checkpoint(…)` or named by a rule stays.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package static let identityElimination = FunctionPass(
    "identities", summary: "Removes operations that give their operand."
  ) { (f, context) in
    let pinned = context.pinned(in: f)
    return f.rebuilt { (id, operands) in
      let i = f[id]
      guard let x = operands.first, let y = i.results.first, i.operation.isIdentity, f[x].type == f[y].type,
        !pinned.contains(y)
      else { return .keep }
      return .alias(x)
    }
  }

}

extension Operation {

  /// `true` iff the result has the bits of the operand in their order, whatever the operand's type.
  fileprivate var isIdentity: Bool {
    switch self {
    case .random(.dropout(let rate, _)), .random(.dropoutGradient(let rate, _)): rate == 0
    case .layout(.reshape): true
    case .layout(.transpose(let axes)): axes == Array(axes.indices)
    case .elementwise, .reduction, .layout, .indexing, .linear, .classification, .convolution, .pooling, .attention,
      .normalization, .update, .state:
      false
    }
  }

}
