package import Operations
package import PlanFormat
import Support

/// A plan that the static verifier accepted, the only kind that is executed.
package struct VerifiedPlan: Sendable {

  package let plan: Plan

  /// Creates an instance after verifying `plan`.
  ///
  /// - Throws: what the verifier found.
  package init(_ plan: Plan) throws(PlanViolation) {
    try plan.verify()
    self.plan = plan
  }

}

extension VerifiedPlan {

  /// Returns the position of the program called `name`, or `nil` if there is none.
  package func program(named name: String) -> Int? { plan.programs.firstIndex { $0.name == name } }

  /// The position of the training program.
  package var train: Int { 0 }

  /// The position of the evaluation program.
  package var evaluation: Int? { program(named: "eval") }

  /// The positions in `storage` of the storage of `kind`, in order.
  package func storage(of kind: Storage.Kind) -> [Int] {
    plan.storage.indices.filter { plan.storage[$0].storage.kind == kind }
  }

  /// The positions in `storage` of the parameters, trained and frozen, in order.
  package var parameters: [Int] {
    plan.storage.indices.filter { [.parameter, .frozen].contains(plan.storage[$0].storage.kind) }
  }

  /// The highest offset + size of a value in the arena, over the programs at the given positions.
  package func arenaBytes(of programs: [Int]) -> Int {
    programs.map { Placement.planned(plan.programs[$0]).byteCount }.max() ?? 0
  }

  /// The highest offset + size of a copy on the host, over the programs at the given positions.
  package func hostBytes(of programs: [Int]) -> Int {
    if plan.totals.hostBytes == 0 { return 0 }
    let ends = programs.flatMap { (p) in
      plan.programs[p].instructions.map { (i) in
        guard case .offload(let host) = i.action else { return 0 }
        return host + plan.programs[p].values[i.operands[0]].type.size.value
      }
    }
    return ends.max() ?? 0
  }

}
