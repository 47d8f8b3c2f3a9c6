import IR

extension Policy {

  /// `none()`: saves what backward reads and recomputes nothing; lives still end as early as they can.
  ///
  /// The baseline that stands beside every other schedule.
  ///
  /// - Complexity: O(*n*).
  static let none = Policy(
    "none", form: "none()", summary: "Saves all that backward reads; recomputes nothing."
  ) { (problem, _) in
    .init(repeating: true, count: problem.analysis.function.values.count)
  }

}
