import IR
import Operations

extension Policy {

  /// `balanced(ratio:)`: gives up the values that free much and cost little until no more than `ratio` of the bytes that
  /// backward reads are kept, a half where no ratio is given.
  ///
  ///     score = √(bytes · lifetime) · √(bytes / cost of the chain)
  ///
  /// with the lifetime of `memory` and the cost of `speed`. The highest score goes first; of equals the value that is
  /// computed first.
  ///
  /// - Complexity: O(*n* log *n*).
  static let balanced = Policy(
    "balanced", form: "balanced(ratio: NUMBER)",
    summary: "Recomputes what frees much and costs little; keeps that ratio of the bytes, 0.5 if not given."
  ) { (problem, reader) in
    guard let ratio = reader.ratio() else { return nil }
    let choice = ReleaseChoice(problem)
    let scores = zip(choice.all, choice.costs()).map { (r, cost) in
      (Double(r.bytes) * Double(r.lifetime)).squareRoot() * (Double(r.bytes) / Double(cost)).squareRoot()
    }
    return choice.saved(keeping: ratio, givingUp: choice.ranked(by: scores))
  }

}
