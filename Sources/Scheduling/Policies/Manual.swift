import IR

extension Policy {

  /// `manual()`: saves what the source marks with `checkpoint(…)` and recomputes the rest.
  ///
  /// The policy of a model with marks whose schedule names none.
  ///
  /// - Complexity: O(*n*).
  static let manual = Policy(
    "manual", form: "manual()", summary: "Saves what the source marks with checkpoint(…); recomputes the others."
  ) { (problem, _) in
    var saved = problem.analysis.leastSaved()
    for v in problem.analysis.function.checkpoints { saved[v.index] = true }
    return saved
  }

}
