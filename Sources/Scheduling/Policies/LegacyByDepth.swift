import IR
import Operations

extension Policy {

  /// `legacy_by_depth(n:)`: saves the values of the forward part whose depth is a multiple of `n`, and the root.
  ///
  /// The depth of a value is one more than the largest depth of its operands; that of storage and of constants is 0.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  static let legacyByDepth = Policy(
    "legacy_by_depth", form: "legacy_by_depth(n: INT)",
    summary: "For comparisons: saves the values whose depth is a multiple of n."
  ) { (problem, reader) in
    let n = reader.integer("n")
    if n < 1 { return nil }
    var saved = problem.analysis.leastSaved()
    for (i, depth) in zip(problem.analysis.forward, problem.analysis.forwardDepths()) where depth % n == 0 {
      for r in i.results { saved[r.index] = true }
    }
    return saved
  }

}

extension StepAnalysis {

  /// Returns for each instruction of the forward part the most instructions on a way to it, itself counted.
  fileprivate func forwardDepths() -> [Int] {
    var depths: [Int] = []
    depths.reserveCapacity(forwardCount)
    for i in forward {
      let deepest = i.operands.reduce(0) { (m, o) in max(m, definition(of: o).map { depths[$0.index] } ?? 0) }
      depths.append(i.operands.isEmpty ? 0 : deepest + 1)
    }
    return depths
  }

}
