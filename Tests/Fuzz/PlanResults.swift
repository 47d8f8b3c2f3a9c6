import CPUBackend
import Operations
import PlanFormat
import Runtime
import Support

/// What executing a plan gives, to the bit, whatever the order and the places.
struct PlanResults: Hashable {

  /// The names and bits of all that was reported.
  private var reported: [String] = []

  /// The digest of the last step's gradients.
  private var gradients: String?

  /// The names and digests of all storage, in order of names.
  private var storage: [String] = []

  /// Executes two steps and an evaluation of one batch of `plan` on seeded data, in memory filled with NaN.
  ///
  /// - Throws: what ended the execution, or a `Violation` if it went beyond its memory or its peak.
  init(of plan: VerifiedPlan) throws {
    let backend = try CPUBackend(threads: plan.plan.header.threads)
    let machine = try Machine(plan, on: backend, mode: .planned(poison: true))
    let catalog = DataCatalog(plan.plan, path: .init(planPath: "none.cgplan"), isSynthetic: true)
    let session = try Session(machine, data: catalog, seed: UInt64(plan.plan.training.seed))
    for _ in 0..<2 {
      var digest = GradientDigest(plan)
      append(try session.step { digest.add($0) })
      gradients = digest.value
    }
    append(try session.evaluate(limit: 1) ?? [])
    if !machine.isMemoryIntact { throw Violation(description: "a kernel wrote outside the plan's memory") }
    if machine.measuredPeakBytes != machine.plannedPeakBytes {
      throw Violation(
        description: "a peak of \(machine.measuredPeakBytes), but \(machine.plannedPeakBytes) were planned")
    }
    for (placed, buffer) in zip(plan.plan.storage, machine.storage) where placed.storage.kind != .input {
      storage.append("\(placed.storage.name) \(buffer.digest(from: 0))")
    }
    storage.sort()
  }

  private mutating func append(_ values: [ReportedValue]) {
    reported += values.map { "\($0.role) \($0.label) \($0.value.bitPattern)" }.sorted()
  }

}
