import IR
import Operations

extension Policy {

  /// `legacy_every_n(n:)`: numbers all results of the forward part from 0, constants and broadcasts too, and saves those
  /// whose number is a multiple of `n`, and the root.
  ///
  /// For comparisons with libraries that count so; `every(k:)` counts what can be recomputed.
  ///
  /// - Complexity: O(*n*).
  static let legacyEveryN = Policy(
    "legacy_every_n", form: "legacy_every_n(n: INT)",
    summary: "For comparisons: as every, counting from 0 and all results of the forward part."
  ) { (problem, reader) in
    let n = reader.integer("n")
    if n < 1 { return nil }
    var saved = problem.analysis.leastSaved()
    for (t, i) in problem.analysis.forward.enumerated() where t % n == 0 {
      for r in i.results { saved[r.index] = true }
    }
    return saved
  }

}
