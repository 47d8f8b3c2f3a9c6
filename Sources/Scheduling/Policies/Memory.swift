import Glibc
import IR
import Operations

extension Policy {

  /// `memory(ratio:)`: gives up the values that free most until no more than `ratio` of the bytes that backward reads are
  /// kept, a half where no ratio is given.
  ///
  /// A value frees its bytes times the instructions between its last use in the forward part and its first in the
  /// backward part, weighted by how much is computed from it:
  ///
  ///     score = bytes · lifetime · ln(1 + descendants)
  ///
  /// The highest score goes first; of equals the value that is computed first. The order does not depend on the ratio, so
  /// a larger one keeps all that a smaller one does.
  ///
  /// - Complexity: O(*n* log *n*), with the counts of descendants O(min(*n*, 8,192) / 64 · *n*).
  static let memory = Policy(
    "memory", form: "memory(ratio: NUMBER)",
    summary: "Recomputes what frees most bytes for longest; keeps that ratio of the bytes, 0.5 if not given."
  ) { (problem, reader) in
    guard let ratio = reader.ratio() else { return nil }
    let choice = ReleaseChoice(problem)
    let descendants = problem.analysis.forwardDescendants()
    let scores = choice.all.map { (r) in
      Double(r.bytes) * Double(r.lifetime) * log(1 + Double(descendants[r.instruction.index]))
    }
    return choice.saved(keeping: ratio, givingUp: choice.ranked(by: scores))
  }

}
