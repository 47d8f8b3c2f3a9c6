package import IR
import Operations
package import Rematerialization

/// A policy with its arguments and what its schedule needs and costs.
package struct Candidate: Hashable, Sendable {

  package let policy: PolicyCall

  /// The peak of live bytes, and the cost of the recomputations.
  package let score: SequenceScore

}

extension SchedulingProblem {

  /// Returns every policy that `--budget` chooses among, cheapest first; of equals the one with the lower peak.
  ///
  /// `every(k:)` is tried for all k up to 64 and a geometric choice of larger ones; above 4,000 values for powers of two.
  ///
  /// - Complexity: O(*n* log *n*) for each of at most about 100 candidates, and `sqrt()`.
  package func candidates() throws(DiagnosticError) -> [Candidate] {
    var all: [Candidate] = []
    for call in candidateCalls() {
      all.append(.init(policy: call, score: try Policy.sequence(call, of: self).score))
    }
    return all.enumerated().sorted { (l, r) in
      let (a, b) = (l.element.score, r.element.score)
      return (a.cost, a.peak, l.offset) < (b.cost, b.peak, r.offset)
    }.map(\.element)
  }

  func candidateCalls() -> [PolicyCall] {
    var calls = [PolicyCall(name: "none"), PolicyCall(name: "sqrt")]
    if !analysis.function.checkpoints.isEmpty { calls.append(.init(name: "manual")) }
    var k = 2
    while k <= analysis.numbered.count {
      calls.append(.init(name: "every", arguments: [.init("k", .integer(k))]))
      k += analysis.numbered.count > 4000 ? k : max(1, k / 64 * 8)
    }
    return calls
  }

}
