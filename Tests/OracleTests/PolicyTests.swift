import Driver
import IR
import Operations
import PlanFormat
import Runtime
import Scheduling
import Support
import Testing

/// A4 and A5: no policy changes a bit. A23 and A15b: the counters add up and the peak is the plan's.
@Suite struct PolicyTests {

  private static let steps = 3

  @Test(arguments: SmallModel.all)
  func `no policy changes a bit of losses, gradients or parameters`(_ model: SmallModel) throws {
    var reference: Trace?
    var recomputed: [Int] = []
    for policy in PolicyCall.all {
      let compiled = try Laboratory.compile(model.text, named: model.name, policy: policy)
      let session = try Laboratory.session(for: compiled.plan)
      let trace = try session.trace(steps: Self.steps)
      let kept = try Laboratory.session(for: compiled.plan, mode: .keepAll).trace(steps: Self.steps)
      #expect(trace == kept, "\(policy) and its reference")
      #expect(trace == reference ?? trace, "\(policy) and \(PolicyCall.all[0])")
      #expect(trace.gradients.allSatisfy { $0 != nil } && Set(trace.parameters).count == Self.steps)
      #expect(session.lastStepStatistics.recomputed == compiled.plan.recomputations, "\(policy)")
      reference = trace
      recomputed.append(compiled.plan.recomputations)
    }
    #expect(recomputed[0] == 0 && recomputed[1] == 0, "none and every(k: 1) recompute nothing")
    #expect(recomputed.dropFirst(2).allSatisfy { $0 > 0 }, "the other policies recompute: \(recomputed)")
    Figures.report("recomputed \(model.name)", "\(recomputed)")
  }

  @Test(arguments: SmallModel.all, PolicyCall.all)
  func `counters add up and the peak is the one planned`(_ model: SmallModel, _ policy: PolicyCall) throws {
    let compiled = try Laboratory.compile(model.text, named: model.name, policy: policy)
    let backend = try CountingBackend(threads: Laboratory.threads)
    let session = try Laboratory.session(for: compiled.plan, on: backend)
    for step in 1...2 {
      _ = try session.step()
      let s = session.lastStepStatistics
      #expect(s.executed == s.computed + s.recomputed)
      #expect(backend.count == step * s.executed)
      #expect(s.computed == compiled.plan.computations && s.recomputed == compiled.plan.recomputations)
      #expect(s.freedBytes == compiled.plan.bytesThatLeaveTheArena)
    }
    #expect(compiled.metrics.recomputedCount == compiled.plan.recomputations)
    _ = try session.evaluate(limit: 1)
    expectPlannedPeak(session.machine, compiled.plan, backend)
  }

  @Test func `A17: two steps in a row on the same data give the same gradients and the same peak`() throws {
    let text = SmallModel.all[0].text.replacing("lr: 0.01", with: "lr: 0")
    for policy in PolicyCall.all {
      let plan = try Laboratory.compile(text, named: "residual", policy: policy).plan
      let session = try Laboratory.session(for: plan)
      session.fillTrainInputs()
      let machine = session.machine
      var seen: [(gradients: [String: [Double]], loss: Float, peak: Int, parameters: String)] = []
      for _ in 0..<3 {
        let gradients = try machine.gradients(.init(seed: 11, step: 5))
        seen.append((gradients, try machine.loss, machine.measuredPeakBytes, machine.parametersDigest))
      }
      let isRepeated = seen.allSatisfy { $0 == seen[0] }
      #expect(isRepeated, "\(policy)")
      let isSame = try machine.gradients(.init(seed: 11, step: 6)) == seen[0].gradients
      #expect(!isSame, "dropout draws anew in another step")
    }
  }

}

/// Checks that `machine`, which executed all programs of `plan`, took the memory that the plan says.
func expectPlannedPeak(_ machine: Machine<CountingBackend>, _ plan: Plan, _ backend: CountingBackend) {
  #expect(machine.measuredPeakBytes == machine.plannedPeakBytes)
  #expect(machine.plannedPeakBytes == plan.totals.peakBytes)
  #expect(backend.writtenBytes == plan.totals.arenaBytes)
  #expect(machine.isMemoryIntact)
}

extension Plan {

  private func count(_ isCounted: (PlanInstruction.Action) -> Bool) -> Int {
    programs[0].instructions.count { isCounted($0.action) }
  }

  /// The instructions of the training program that are executed for the first time, updates included.
  var computations: Int {
    count { (a) in
      switch a {
      case .compute, .update: true
      case .recompute, .delete, .offload, .fetch: false
      }
    }
  }

  /// The instructions of the training program that are executed again.
  var recomputations: Int {
    count { (a) in
      switch a {
      case .recompute: true
      case .compute, .update, .delete, .offload, .fetch: false
      }
    }
  }

  /// The bytes of all values that the training program puts into the arena, without those that are there at its end.
  var bytesThatLeaveTheArena: Int {
    let program = programs[0]
    let defined = program.instructions.flatMap(\.results)
    let staying = Set(program.results.map(\.value))
    return defined.filter { !staying.contains($0) }.reduce(0) { $0 + program.values[$1].type.size.value }
  }

}
