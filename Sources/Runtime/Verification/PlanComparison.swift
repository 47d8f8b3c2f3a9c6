import CKernels
import Operations
import PlanFormat

/// Executes a plan and its keep-all reference side by side, from the same start and on the same batches.
///
/// The reference is the same list of instructions without deletions and recomputations, every value in a place of its own.
/// The plan itself runs with deleted values and the whole arena poisoned with NaN, so that a value that is read too late or
/// was never written shows. Updates are observed, so that kernels are executed one by one; a device that joins them otherwise
/// executes all steps once more, joined.
package final class PlanComparison<B: Backend> {

  private let planned: Session<B>

  private let reference: Machine<B>

  private let verified: VerifiedPlan

  /// For each storage of the plan, `true` iff the training program updates it.
  private let isUpdated: [Bool]

  private var report = VerificationReport()

  /// What each step reported.
  private var reported: [[ReportedValue]] = []

  /// Allocates both machines and opens the data.
  ///
  /// - Throws: if the memory is not there, or the data is missing or does not fit.
  package init(
    _ plan: VerifiedPlan, on backend: B, data: DataCatalog, seed: UInt64
  ) throws(VerificationFailure) {
    verified = plan
    isUpdated = plan.updatedParameters
    let machine: Machine<B>
    do throws(MachineError) {
      machine = try Machine(plan, on: backend, mode: .planned(poison: true))
      reference = try Machine(plan, on: backend, mode: .keepAll)
    } catch { throw .machine(error) }
    do throws(DataFailure) { planned = try Session(machine, data: data, seed: seed) } catch { throw .data(error) }
    reference.initialize(seed: seed)
  }

  /// Compares `steps` training steps and one evaluation batch, then checks `elements` gradients by finite differences.
  ///
  /// - Throws: what a kernel found wrong with its operands, or that the device's memory cannot be read.
  package func run(steps: Int, elements: Int) throws(ExecutionFailure) -> VerificationReport {
    for step in 0..<steps { try compareStep(elements: step == steps - 1 ? elements : 0) }
    try compareEvaluation()
    if planned.machine.backend.joinsKernels { try compareJoined() }
    report.microBatches = planned.microBatches
    report.plannedPeakBytes = planned.machine.plannedPeakBytes
    report.measuredPeakBytes = planned.machine.measuredPeakBytes
    report.plannedHostBytes = planned.machine.plannedHostBytes
    report.measuredHostBytes = planned.machine.measuredHostBytes
    report.isMemoryIntact = planned.machine.isMemoryIntact && reference.isMemoryIntact
    report.referencePeakBytes = reference.measuredPeakBytes
    if let failure = planned.machine.failure ?? reference.failure {
      throw .init(place: "reading what was computed", failure: failure)
    }
    return report
  }

  private func compareStep(elements: Int) throws(ExecutionFailure) {
    let start = reference.snapshot()
    let (ours, theirs) = (GradientCopies(verified), GradientCopies(verified))
    var batches: [MicroBatch] = []
    report.steps += 1
    let values = try planned.step(
      observer: ours.add,
      finished: { (keys) throws(ExecutionFailure) in
        copyInputs(of: verified.train)
        if elements > 0 { batches.append(.init(keys: keys, inputs: reference.snapshot(of: .input))) }
        try reference.execute(verified.train, keys, observer: theirs.add)
        compareReported(verified.train)
      })
    reported.append(values)
    compareGradients(ours, theirs)
    compareStorage()
    if elements > 0 {
      let end = reference.snapshot()
      reference.restore(start)
      report.finiteDifferences = try FiniteDifferences(reference, theirs, batches).report(elements: elements)
      reference.restore(end)
    }
  }

  /// Executes the steps again from the start, unobserved, and compares what they report and leave.
  private func compareJoined() throws(ExecutionFailure) {
    planned.restart()
    for (i, expected) in reported.enumerated() {
      for (a, b) in zip(try planned.step(), expected) {
        noteJoined(a.value.bitPattern == b.value.bitPattern, "\(a.label), step \(i + 1)")
      }
    }
    for i in comparedStorage {
      let name = verified.plan.storage[i].storage.name
      planned.machine.read(planned.machine.storage[i]) { (ours) in
        reference.read(reference.storage[i]) { (theirs) in noteJoined(ours.isIdentical(to: theirs), name) }
      }
    }
  }

  private func noteJoined(_ isSame: Bool, _ name: String) {
    report.joinedComparisons += 1
    if !isSame { report.firstJoinedDifference = report.firstJoinedDifference ?? name }
  }

  private func compareEvaluation() throws(ExecutionFailure) {
    guard let program = verified.evaluation else { return }
    planned.fillEvaluationInputs(batch: 0)
    copyInputs(of: program)
    try planned.machine.execute(program, planned.keys)
    try reference.execute(program, planned.keys)
    compareReported(program)
  }

  /// Gives the reference the inputs of the program at position `program`.
  private func copyInputs(of program: Int) {
    for i in verified.storage(of: .input) {
      planned.machine.backend.copy(from: planned.machine.storage[i], to: reference.storage[i])
    }
  }

  private func compareReported(_ program: Int) {
    let p = verified.plan.programs[program]
    for r in p.results {
      let name = "\(p.name): \(r.result.label)"
      compareOnDevice(
        planned.machine.buffer(of: r.value, in: program), reference.buffer(of: r.value, in: program), name)
    }
  }

  private func compareGradients(_ ours: GradientCopies, _ theirs: GradientCopies) {
    report.updatesPerStep = ours.updateCounts.reduce(0, +)
    for (i, placed) in verified.plan.storage.enumerated() {
      let count = ours.updateCounts[i]
      let expected = !isUpdated[i] ? 0 : placed.storage.kind.isWrittenInEachMicroBatch ? planned.microBatches : 1
      if count != theirs.updateCounts[i] || count != expected {
        report.wrongUpdate = report.wrongUpdate ?? "\(placed.storage.name) was updated \(count) times"
      }
      if let a = ours.buffers[i], let b = theirs.buffers[i] { compare(a, b, "gradient of \(placed.storage.name)") }
    }
  }

  private func compareStorage() {
    for i in comparedStorage {
      compareOnDevice(planned.machine.storage[i], reference.storage[i], verified.plan.storage[i].storage.name)
    }
  }

  /// The positions of the storage that outlives a step.
  private var comparedStorage: [Int] {
    verified.plan.storage.indices.filter { verified.plan.storage[$0].storage.kind != .input }
  }

  private func compareOnDevice(_ a: Buffer, _ b: Buffer, _ name: String) {
    planned.machine.backend.read(a) { (ours) in
      reference.backend.read(b) { (theirs) in compare(ours, theirs, name) }
    }
  }

  private func compare(_ a: Buffer, _ b: Buffer, _ name: String) {
    report.comparisons += 1
    if a.isIdentical(to: b) { return }
    report.firstDifference = report.firstDifference ?? "\(name), step \(report.steps)"
    let d = a.maximalDifference(from: b)
    if d.isNaN || d > report.maximalDifference { report.maximalDifference = d }
  }

}

/// Why a plan cannot be compared with its reference.
package enum VerificationFailure: Error, Hashable, Sendable {

  case machine(MachineError)

  case data(DataFailure)

}

extension Storage.Kind {

  /// `true` iff what updates it does so once per micro-batch, not once a step.
  fileprivate var isWrittenInEachMicroBatch: Bool {
    switch self {
    case .state, .gradient: true
    case .parameter, .frozen, .slot, .input: false
    }
  }

}

extension VerifiedPlan {

  /// For each storage, `true` iff the training program updates it.
  fileprivate var updatedParameters: [Bool] {
    let program = plan.programs[train]
    var result = plan.storage.map { _ in false }
    for i in program.instructions {
      guard case .update = i.action, case .storage(let target) = program.values[i.operands[0]].place else { continue }
      result[target] = true
    }
    return result
  }

}
