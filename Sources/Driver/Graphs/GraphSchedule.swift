import Foundation
package import Rematerialization
import Support

/// What `cgadc schedule-graph` prints of a schedule; keys are added, never renamed.
package struct GraphSchedule: Encodable, Sendable {

  /// The bytes that no step goes beyond.
  package let budgetBytes: Int

  package let peakBytes: Int

  /// The peak of the given order without recomputation.
  package let plainPeakBytes: Int

  /// The cost of the recomputations over that of the plain step.
  package let overheadFlopsFraction: Double

  /// The least overhead of any schedule with this order of first executions.
  package let lowerBoundFraction: Double

  /// Their difference in percentage points.
  package let gapPoints: Double

  package let recomputations: Int

  /// What proves the bound, or a lower one.
  package let certificate: GraphCertificate

  /// What proves more than the `certificate`, or `nil`.
  package let operandCertificate: GraphOperandCertificate?

  package let sequence: [GraphStep]

  private enum CodingKeys: String, CodingKey {
    case budgetBytes = "budget_bytes"
    case peakBytes = "peak_bytes"
    case plainPeakBytes = "plain_peak_bytes"
    case overheadFlopsFraction = "overhead_flops_fraction"
    case lowerBoundFraction = "lower_bound_fraction"
    case gapPoints = "gap_points"
    case recomputations, certificate, sequence
    case operandCertificate = "operand_certificate"
  }

  /// Describes `s`, a solution of `graph`.
  package init(_ s: RematerializationSolution, of graph: ComputationGraph, budget: Int, plainPeak: Int) {
    let cost = Double(max(1, graph.problem.cost))
    budgetBytes = budget
    peakBytes = s.score.peak
    plainPeakBytes = plainPeak
    overheadFlopsFraction = Double(s.score.cost) / cost
    lowerBoundFraction = Double(s.bound) / cost
    gapPoints = 100 * (overheadFlopsFraction - lowerBoundFraction)
    recomputations = s.insertions.count
    certificate = .init(s.certificate, of: graph)
    operandCertificate = s.operandCertificate.map { .init($0, of: graph) }
    sequence = graph.steps(with: s.insertions)
  }

}

/// A lower bound on what any schedule of a graph within a budget recomputes, and the weights that prove it.
package struct GraphCertificate: Encodable, Sendable {

  /// The least cost of the recomputations.
  package let bound: Int

  /// The number of bits behind the point of a weight.
  package let bits: Int

  /// The nodes, by their names, at which a byte beyond the budget costs something at least, and how much, in units of
  /// `2^-bits`.
  package let duals: [Dual]

  package struct Dual: Encodable, Sendable {

    let node: NodeName

    let weight: Int

  }

  init(_ c: BoundCertificate, of graph: ComputationGraph) {
    (bound, bits) = (c.bound, c.bits)
    duals = c.duals.map { .init(node: graph.nodes[graph.nodeOfOperation[$0.step]].name, weight: $0.weight) }
  }

}

/// What `cgadc schedule-graph` prints where nothing fits.
package struct GraphInfeasibility: Encodable, Sendable {

  package let budgetBytes: Int

  package let leastFeasibleBytes: Int

  private enum CodingKeys: String, CodingKey {
    case budgetBytes = "budget_bytes"
    case leastFeasibleBytes = "least_feasible_bytes"
  }

  package init(budget: Int, least: Int) {
    budgetBytes = budget
    leastFeasibleBytes = least
  }

}
