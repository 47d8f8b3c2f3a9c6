import Operations
import PlanFormat

/// Something that happened while training.
package enum TrainingEvent: Hashable, Sendable {

  /// A step was done; steps and epochs count from 1, `rate` is the learning rate that it used, `duration` is in seconds.
  case step(Int, epoch: Int, [ReportedValue], rate: Double?, duration: Double)

  /// An epoch of more than one step was done: the means over its steps, or over those from `since` on where the run was
  /// resumed within it; `rate` is the learning rate of the last of them.
  case epoch(Int, since: Int?, step: Int, [ReportedValue], rate: Double?)

  /// The evaluation program was executed after `step` steps.
  case evaluation(step: Int, epoch: Int, [ReportedValue])

  /// The plan wants a checkpoint after `step` steps.
  case checkpoint(step: Int)

}

/// How training ended.
package enum TrainingEnd: Hashable, Sendable {

  /// All steps were done.
  case finished

  /// `isInterrupted` said to stop.
  case interrupted

  /// The loss of `step` (counted from 1) is not a finite number.
  case notFinite(step: Int, loss: Double)

}

/// Trains: steps, epochs, and evaluations in between.
package struct Trainer<B: Backend> {

  private let session: Session<B>

  private let settings: TrainingSettings

  /// The number of steps to do, those included that a resumed session has done.
  package let stepCount: Int

  /// Creates a trainer that follows the plan's settings, or does `steps` steps where that is given.
  package init(_ session: Session<B>, steps: Int? = nil) {
    self.session = session
    self.settings = session.machine.verified.plan.training
    self.stepCount = steps ?? Self.steps(settings.length, session.stepsPerEpoch)
  }

  private static func steps(_ period: TrainingSettings.Period, _ stepsPerEpoch: Int) -> Int {
    switch period.unit {
    case .steps: period.count
    case .epochs: period.count.multipliedSaturating(by: stepsPerEpoch)
    }
  }

  /// Trains, reporting to `report`, until all is done, `isInterrupted` is true after a step, or the loss is not finite.
  ///
  /// - Parameter observer: told of the updates of the last step.
  package func run(
    observer: ((UpdateObservation) -> Void)? = nil, isInterrupted: () -> Bool = { false },
    report: (TrainingEvent) -> Void
  ) throws(ExecutionFailure) -> TrainingEnd {
    var means = RunningMeans()
    let start = session.stepCount
    for step in session.stepCount..<max(session.stepCount, stepCount) {
      if isInterrupted() { return .interrupted }
      let values = try timedStep(step, observer: step == stepCount - 1 ? observer : nil, report)
      if let loss = values.first(where: { $0.role == .loss }), !loss.value.isFinite {
        return .notFinite(step: step + 1, loss: loss.value)
      }
      means.add(values)
      try finish(step, from: start, &means, isInterrupted, report)
    }
    return .finished
  }

  /// Does one step and reports it, unless its loss is not finite.
  private func timedStep(
    _ step: Int, observer: ((UpdateObservation) -> Void)?, _ report: (TrainingEvent) -> Void
  ) throws(ExecutionFailure) -> [ReportedValue] {
    let start = ContinuousClock.now
    let rate = session.learningRate
    let values = try session.step(observer: observer)
    let duration = (ContinuousClock.now - start) / .seconds(1)
    let isFinite = values.allSatisfy { $0.role != .loss || $0.value.isFinite }
    if isFinite { report(.step(step + 1, epoch: epoch(of: step), values, rate: rate, duration: duration)) }
    return values
  }

  /// Reports the end of an epoch and evaluates where one of them is due after `step` of a run that began with step `start`.
  private func finish(
    _ step: Int, from start: Int, _ means: inout RunningMeans, _ isInterrupted: () -> Bool,
    _ report: (TrainingEvent) -> Void
  ) throws(ExecutionFailure) {
    let done = step + 1
    if done % session.stepsPerEpoch == 0 {
      let since = start > done - session.stepsPerEpoch ? start + 1 : nil
      if session.stepsPerEpoch > 1 {
        report(
          .epoch(epoch(of: step), since: since, step: done, means.values, rate: session.learningRate(ofStep: step)))
      }
      means = .init()
    }
    if isDue(settings.evaluation, after: done),
      let values = try session.evaluate(limit: settings.evaluationBatches, isInterrupted: isInterrupted)
    {
      report(.evaluation(step: done, epoch: epoch(of: step), values))
    }
    if isDue(settings.saving?.period, after: done) { report(.checkpoint(step: done)) }
  }

  /// `true` iff what takes place every `period` does so after `step` steps.
  private func isDue(_ period: TrainingSettings.Period?, after step: Int) -> Bool {
    guard let length = period.map({ Self.steps($0, session.stepsPerEpoch) }), length > 0 else { return false }
    return step % length == 0
  }

  private func epoch(of step: Int) -> Int { step / session.stepsPerEpoch + 1 }

}
