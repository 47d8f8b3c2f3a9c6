package import Operations
import PlanFormat

/// A number that a program reported.
package struct ReportedValue: Hashable, Sendable {

  package let role: ProgramResult.Role

  /// `loss`, or the metric's name.
  package let label: String

  package let value: Double

  package init(role: ProgramResult.Role, label: String, value: Double) {
    self.role = role
    self.label = label
    self.value = value
  }

}

/// Why a session ended early.
package enum SessionFailure: Error, Hashable, Sendable, CustomStringConvertible {

  case data(DataFailure)

  case execution(ExecutionFailure)

  package var description: String {
    switch self {
    case .data(let failure): failure.description
    case .execution(let failure): failure.description
    }
  }

}

/// A machine with its data: executes training steps one after the other and evaluations in between.
package final class Session<B: Backend> {

  package let machine: Machine<B>

  package let seed: UInt64

  /// The number of training steps done.
  package private(set) var stepCount = 0

  /// What the last training step did.
  package private(set) var lastStepStatistics = ExecutionStatistics()

  /// The number of steps of an epoch.
  package var stepsPerEpoch: Int { trainFeed?.stepsPerEpoch(microBatches: microBatches) ?? 1 }

  /// The number of micro-batches of a step.
  package var microBatches: Int { plan.training.microBatches }

  private let plan: Plan

  private let train: Int

  private let evaluation: Int?

  /// The rate of the plan's updates, which all have the same.
  private let rate: LearningRate?

  private var trainFeed: ProgramFeed<B>?

  private var evaluationFeed: ProgramFeed<B>?

  /// Opens the data of the plan and initialises its storage.
  ///
  /// - Throws: if the plan's data is missing or does not fit.
  package init(_ machine: Machine<B>, data catalog: DataCatalog, seed: UInt64) throws(DataFailure) {
    let verified = machine.verified
    self.machine = machine
    self.seed = seed
    self.plan = verified.plan
    self.train = verified.train
    self.rate = verified.plan.programs[verified.train].learningRate
    self.evaluation = verified.evaluation
    machine.initialize(seed: seed)
    trainFeed = try .init(
      plan.programs[train], of: machine, from: catalog, seed: seed, isShuffled: true)
    guard let evaluation else { return }
    evaluationFeed = try .init(
      plan.programs[evaluation], of: machine, from: catalog, seed: seed, isShuffled: false)
  }

  /// Goes back to the start: the next step is the first one again, with the same bits.
  func restart() {
    machine.initialize(seed: seed)
    stepCount = 0
  }

  /// Goes on as after `step` steps.
  ///
  /// - Requires: the storage holds what it held then.
  func continueAfter(step: Int) { stepCount = step }

  /// What random operations and rates depend on in the next step.
  package var keys: StepKeys { keys(microBatch: 0) }

  /// The learning rate of the next step, `nil` if the plan updates no parameter.
  package var learningRate: Double? { learningRate(ofStep: stepCount) }

  /// Returns the learning rate of step `step`, counted from 0.
  func learningRate(ofStep step: Int) -> Double? { rate?.value(atStep: step) }

  private func keys(microBatch: Int) -> StepKeys {
    .init(seed: seed, step: UInt32(truncatingIfNeeded: stepCount), microBatch: UInt32(truncatingIfNeeded: microBatch))
  }

  /// Fills the inputs of the training program with micro-batch number `microBatch` of the next step.
  package func fillTrainInputs(microBatch: Int = 0) {
    trainFeed?.fill(step: stepCount, microBatch: microBatch, of: microBatches)
  }

  /// Draws what follows micro-batch number `microBatch` of the next step, on the host.
  private func drawInputs(after microBatch: Int) {
    let isLast = microBatch + 1 == microBatches
    trainFeed?.draw(
      step: isLast ? stepCount + 1 : stepCount, microBatch: isLast ? 0 : microBatch + 1, of: microBatches)
  }

  /// Fills the inputs of the evaluation program with batch number `batch`.
  package func fillEvaluationInputs(batch: Int) { evaluationFeed?.fill(step: batch) }

  /// Executes the next training step and returns what it reports: the means over its micro-batches.
  ///
  /// - Parameter finished: told of each micro-batch that was executed, with its keys, before its inputs are overwritten.
  package func step(
    observer: ((UpdateObservation) -> Void)? = nil,
    finished: (StepKeys) throws(ExecutionFailure) -> Void = { (_) in }
  ) throws(ExecutionFailure) -> [ReportedValue] {
    var (means, statistics) = (RunningMeans(), ExecutionStatistics())
    for m in 0..<microBatches {
      fillTrainInputs(microBatch: m)
      try machine.execute(train, keys(microBatch: m), observer: observer, meanwhile: { drawInputs(after: m) })
      means.add(machine.reported(by: train))
      try machine.checkAccess(of: train)
      statistics.add(machine.lastStatistics)
      try finished(keys(microBatch: m))
    }
    lastStepStatistics = statistics
    stepCount += 1
    return means.values
  }

  /// Executes the evaluation program over its data and returns the means over the batches.
  ///
  /// Returns `nil` iff there is no such program or `isInterrupted` said to stop.
  ///
  /// - Parameter limit: the most batches.
  package func evaluate(
    limit: Int?, isInterrupted: () -> Bool = { false }
  ) throws(ExecutionFailure) -> [ReportedValue]? {
    guard let evaluation, let feed = evaluationFeed else { return nil }
    var means = RunningMeans()
    for batch in 0..<min(limit ?? .max, feed.batchesPerEpoch) {
      if isInterrupted() { return nil }
      fillEvaluationInputs(batch: batch)
      try machine.execute(evaluation, keys, meanwhile: { evaluationFeed?.draw(step: batch + 1) })
      means.add(machine.reported(by: evaluation))
      try machine.checkAccess(of: evaluation)
    }
    return means.values
  }

}

extension Machine {

  /// Returns what the program at position `program` reported last.
  package func reported(by program: Int) -> [ReportedValue] {
    verified.plan.programs[program].results.map { (r) in
      .init(role: r.result.role, label: r.result.label, value: Double(value(of: r, in: program)))
    }
  }

}

extension PlanProgram {

  /// The rate of the first update of a parameter, `nil` if there is none.
  fileprivate var learningRate: LearningRate? {
    for i in instructions { if case .update(.update(let optimizer)) = i.action { return optimizer.rate } }
    return nil
  }

}

/// The means of reported values.
struct RunningMeans {

  private var sums: [ReportedValue] = []

  private var count = 0

  mutating func add(_ values: [ReportedValue]) {
    count += 1
    if sums.isEmpty {
      sums = values
    } else {
      sums = zip(sums, values).map { .init(role: $0.role, label: $0.label, value: $0.value + $1.value) }
    }
  }

  var values: [ReportedValue] {
    sums.map { .init(role: $0.role, label: $0.label, value: $0.value / Double(count)) }
  }

}
