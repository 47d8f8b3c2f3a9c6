import IR
import Operations

extension FunctionPass {

  /// Removes instructions that no result and no effect depends on.
  ///
  ///     x = relu a : f32[2,3]
  ///     y = tanh a : f32[2,3]      // removed
  ///     loss loss = x
  ///
  /// Updates are kept: they are what the step is for. Values marked with `checkpoint(…)` are not kept for the mark alone.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package static let deadCodeElimination = FunctionPass(
    "dce", summary: "Removes instructions that no result and no effect depends on."
  ) { (f, _) in
    var isLive = [Bool](repeating: false, count: f.values.count)
    for r in f.results { isLive[r.value.index] = true }
    var isKept = [Bool](repeating: false, count: f.instructions.count)
    for id in f.instructionIDs.reversed() {
      let i = f[id]
      guard i.operation.effect == .update || i.results.contains(where: { isLive[$0.index] }) else { continue }
      isKept[id.index] = true
      for o in i.operands { isLive[o.index] = true }
    }
    return f.rebuilt { (id, _) in isKept[id.index] ? .keep : .drop }
  }

}
