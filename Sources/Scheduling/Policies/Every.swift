import IR
import Operations

extension Policy {

  /// `every(k:)`: numbers the recomputable values of the forward part 1…n in order and saves those whose number is a
  /// multiple of `k`, and the root.
  ///
  /// Storage, constants and broadcasts are not numbered.
  ///
  ///     x @ w   1
  ///     + b     2 saved by every(k: 2)
  ///     relu    3
  ///     mean    4 saved
  ///
  /// - Complexity: O(*n*).
  static let every = Policy(
    "every", form: "every(k: INT)", summary: "Saves every k-th value of the forward part; recomputes the others."
  ) { (problem, reader) in
    let k = reader.integer("k")
    return k >= 1 ? problem.analysis.saved(every: k) : nil
  }

}

extension StepAnalysis {

  /// Returns the decision that saves the numbered values whose number, counted from 1, is a multiple of `k`.
  package func saved(every k: Int) -> [Bool] {
    var saved = leastSaved()
    for (i, v) in numbered.enumerated() where (i + 1) % k == 0 { saved[v.index] = true }
    return saved
  }

}
