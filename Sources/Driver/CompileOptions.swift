package import CostProfiles
package import IR
package import Operations
package import PlanFormat
package import Rematerialization
package import Semantics

/// What the command line says of a compilation.
package struct CompileOptions: Sendable {

  /// Sizes of dims.
  package var dims: [LoweringOptions.DimOverride] = []

  /// The name of the `train` block to compile; where `nil`, the one without a name, or else the first.
  package var train: String?

  /// The policy that overrides the schedule block's.
  package var policy: PolicyCall?

  /// The most bytes that the peak may have.
  package var budget: Int?

  /// The name of the schedule block to follow; the one without a name where `nil`.
  package var schedule: String?

  /// The device that the plan is for.
  package var target = PlanTarget.cpu

  /// How products of matrices are computed; f32 where the target is not cuda.
  package var precision = MatrixPrecision.f32

  /// Who computes products of matrices; cgad where the target is not cuda.
  package var library = MatrixLibrary.cgad

  /// The number of threads that the plan pins.
  package var threads = PlanHeader.defaultThreads

  /// The times by which schedules are compared; FLOPs where `nil`.
  package var costs: CostProfile?

  /// How the working memory of operations is counted.
  package var workspaceModel: WorkspaceModel { target.workspaceModel(threads: threads) }

  /// What schedules are compared by.
  package var cost: CostModel { costs.map { .time($0) } ?? .flops }

  /// How long `optimal` may search.
  package var effort: SolverEffort?

  /// What notes the phases; `nil` where nobody asks.
  package var phases: PhaseLog?

  package init() {}

}
