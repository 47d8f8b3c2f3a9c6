import CPUBackend
import Glibc
import Operations
import PlanFormat
import Runtime
import Testing

@Suite struct TrainerTests {

  /// The events of training and its end.
  private func train(
    _ text: String, steps: Int? = nil, isInterrupted: () -> Bool = { false }
  ) throws -> ([TrainingEvent], TrainingEnd) {
    let session = try session(try PlanScript.plan(text))
    var events: [TrainingEvent] = []
    let end = try Trainer(session, steps: steps).run(isInterrupted: isInterrupted) { events.append($0) }
    return (events, end)
  }

  private func kinds(_ events: [TrainingEvent]) -> [String] {
    events.map { (e) in
      switch e {
      case .step(let step, let epoch, _, _, _): "\(step) in \(epoch)"
      case .epoch(let epoch, let since, let step, _, _):
        "epoch \(epoch) after \(step)" + (since.map { " since \($0)" } ?? "")
      case .evaluation(let step, let epoch, _): "evaluation after \(step) in \(epoch)"
      case .checkpoint(let step): "checkpoint after \(step)"
      }
    }
  }

  private func losses(_ events: [TrainingEvent]) -> [Double] {
    events.compactMap { (e) in
      guard case .step(_, _, let values, _, _) = e else { return nil }
      return values.first { $0.role == .loss }?.value
    }
  }

  @Test func `epochs have the whole batches of the data and are followed by evaluations`() throws {
    // 100 examples in batches of 16: 6 steps an epoch, 2 epochs.
    let (events, end) = try train(SampleScripts.recomputing)
    let epochs = (1...2).flatMap { (e) in
      (1...6).map { "\($0 + 6 * (e - 1)) in \(e)" } + [
        "epoch \(e) after \(6 * e)", "evaluation after \(6 * e) in \(e)",
      ]
    }
    #expect(kinds(events) == epochs)
    #expect(end == .finished)
  }

  @Test func `steps tell the rate they used, and epochs that of their last step`() throws {
    // the rates of steps 0 to 11: 0.8 halved every 5 steps
    let rate = "step(initial: 0.8, every: 5, factor: 0.5)"
    let text = SampleScripts.recomputing.replacing("{lr: 0.01,", with: "{lr: \(rate),")
    let (events, _) = try train(text)
    var (steps, epochs) = ([Double?](), [Double?]())
    for e in events {
      switch e {
      case .step(_, _, _, let rate, _): steps.append(rate)
      case .epoch(_, _, _, _, let rate): epochs.append(rate)
      case .evaluation, .checkpoint: continue
      }
    }
    #expect(steps == [0.8, 0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.4, 0.4, 0.2, 0.2])
    #expect(epochs == [0.4, 0.2], "those of steps 5 and 11")
  }

  @Test func `a number of steps overrides the plan's length`() throws {
    let (events, end) = try train(SampleScripts.recomputing, steps: 4)
    #expect(kinds(events) == ["1 in 1", "2 in 1", "3 in 1", "4 in 1"])
    #expect(end == .finished)
  }

  @Test func `evaluation may come every few steps`() throws {
    let text = SampleScripts.recomputing.replacing("evaluation 1 epochs", with: "evaluation 2 steps")
    #expect(
      kinds(try train(text, steps: 4).0).filter { $0.hasPrefix("e") }
        == [2, 4].map {
          "evaluation after \($0) in 1"
        })
  }

  @Test func `training is the same every time`() throws {
    #expect(losses(try train(SampleScripts.recomputing).0) == losses(try train(SampleScripts.recomputing).0))
  }

  @Test func `A21: the loss falls`() throws {
    let losses = losses(try train(SampleScripts.recomputing, steps: 60).0)
    let (first, last) = (losses.prefix(6).reduce(0, +), losses.suffix(6).reduce(0, +))
    #expect(last < 0.8 * first)
  }

  @Test func `a loss that overflows stops training and names the step`() throws {
    let (events, end) = try train(SampleScripts.diverging)
    guard case .notFinite(let step, let loss) = end else {
      Issue.record("ended with \(end)")
      return
    }
    #expect(!loss.isFinite)
    #expect(step > 1 && events.filter { if case .step = $0 { true } else { false } }.count == step - 1)
    #expect(losses(events).allSatisfy { $0.isFinite })
  }

  @Test func `an interruption ends after the current step`() throws {
    var asked = 0
    let (events, end) = try train(
      SampleScripts.recomputing,
      isInterrupted: {
        asked += 1
        return asked > 3
      })
    #expect(kinds(events) == ["1 in 1", "2 in 1", "3 in 1"])
    #expect(end == .interrupted)
  }

  @Test func `the evaluation is the mean over its batches`() throws {
    let session = try session(try PlanScript.plan(SampleScripts.recomputing))
    let all = try session.evaluate(limit: nil)!.map(\.value)  // 6 batches
    let halves = try [0..<3, 3..<6].map { (batches) in
      try batches.map { (b) in
        session.fillEvaluationInputs(batch: b)
        try session.machine.execute(1, session.keys)
        return session.machine.reported(by: 1).map(\.value)
      }
    }
    let expected = (0..<2).map { (k) in halves.flatMap { $0.map { $0[k] } }.reduce(0, +) / 6 }
    #expect(zip(all, expected).allSatisfy { abs($0 - $1) < 1e-9 })
    let first = (0..<2).map { (k) in halves[0].map { $0[k] }.reduce(0, +) / 3 }
    #expect(zip(try session.evaluate(limit: 3)!.map(\.value), first).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func `evaluating changes nothing`() throws {
    let session = try session(try PlanScript.plan(SampleScripts.recomputing))
    let before = session.machine.snapshot()
    _ = try session.evaluate(limit: nil)
    #expect(session.machine.snapshot() == before)
    #expect(session.stepCount == 0)
  }

  @Test func `a plan without an evaluation program has none`() throws {
    #expect(try session(try PlanScript.plan(SampleScripts.small)).evaluate(limit: nil) == nil)
  }

}
