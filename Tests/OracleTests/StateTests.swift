import Driver
import IR
import Operations
import PlanFormat
import Runtime
import Testing

/// State under schedules that recompute what it was computed from.
@Suite struct StateTests {

  /// Three layers with normalisation over the batch; `rules` are those of the schedule.
  private static func normed(_ rules: String) -> String {
    """
    import std.nn (BatchNorm, Conv)
    dim B = 3, C = 2, Y = 4, X = 4
    data batches: (f32[B, C, Y, X], f32[B, C, Y, X]) = synthetic(count: 12)
    model Normed(x: f32[B, C, Y, X]) -> f32[B, C, Y, X] {
      var h = x
      repeat 3 as layers {
        h += relu(BatchNorm(Conv(checkpoint(tanh(h)), Out: C) as conv) as norm)
      }
      return h
    }
    train {
      let (x, y) = batch(batches)
      loss = mse(Normed(x), y)
      optimizer = sgd(lr: 0.1)
      steps = 4
    }
    schedule {
      \(rules)
    }
    """
  }

  /// Policies, and rules that have the whole block recomputed.
  private static let schedules =
    ["none()", "every(k: 1)", "every(k: 3)", "sqrt()", "manual()"].map { "checkpoint = \($0)" }
    + [
      "checkpoint = none()\n  recompute layers.*.norm.**",
      "checkpoint = sqrt()\n  recompute layers.*.conv.y, layers.*.norm.**",
    ]

  @Test(arguments: schedules)
  func `counters of BatchNorm advance once a step, whatever is recomputed`(_ rules: String) throws {
    let plan = try Laboratory.compile(Self.normed(rules), named: "normed").plan
    let backend = try CountingBackend(threads: Laboratory.threads)
    let session = try Laboratory.session(for: plan, on: backend)
    let kept = try Laboratory.session(for: plan, mode: .keepAll)
    #expect(try session.trace(steps: 4) == kept.trace(steps: 4))
    // three layers of mean, variance and steps
    #expect(backend.executions[.assign] == 4 * 3 * 3)
    for layer in 0..<3 {
      let counter = try #require(session.machine.storage(named: "layers.\(layer).norm.steps"))
      #expect(Array(counter.floats) == [4])
      for part in ["mean", "variance"] {
        let name = "layers.\(layer).norm.\(part)"
        let (a, b) = (
          try #require(session.machine.storage(named: name)), try #require(kept.machine.storage(named: name))
        )
        #expect(Array(a.floats) == Array(b.floats))
        #expect(Array(a.floats) != Array(repeating: part == "mean" ? 0 : 1, count: 2))
      }
    }
  }

  @Test func `the rules that force it have the block recomputed, and no update among it`() throws {
    for (rules, least) in [(Self.schedules[5], 3), (Self.schedules[6], 6)] {
      let plan = try Laboratory.compile(Self.normed(rules), named: "normed").plan
      let recomputed = plan.programs[0].instructions.compactMap { (i) -> Operation? in
        if case .recompute(let o) = i.action { return o }
        return nil
      }
      #expect(recomputed.count >= least)
      #expect(recomputed.allSatisfy { $0.effect != .update })
    }
  }

  /// Two states that change places each step; the gradient of `w` is the old `a`, which backward reads.
  private static let swapping = """
    dim B = 3
    data batches: f32[B] = synthetic(count: 3)
    model Swapping(x: f32[B]) -> f32[B] {
      param w: f32[B] ~ ones()
      state a: f32[B] = zeros()
      state b: f32[B] = ones()
      let old = a
      update a = b
      update b = old
      return tanh(tanh(x)) * 0 + old * w
    }
    train {
      let x = batch(batches)
      loss = sum(Swapping(x))
      optimizer = sgd(lr: 0)
      steps = 4
    }
    """

  @Test(arguments: PolicyCall.all.filter { $0.name != "manual" })
  func `A22: backward reads the state as it was before the update`(_ policy: PolicyCall) throws {
    let plan = try Laboratory.compile(Self.swapping, named: "swapping", policy: policy).plan
    let session = try Laboratory.session(for: plan)
    session.fillTrainInputs()
    for step in 0..<4 {
      let old = Double(step % 2)
      let gradients = try session.machine.gradients(.init(seed: 1, step: UInt32(step)))
      #expect(gradients == ["w": [old, old, old]])
      #expect(try session.machine.loss == Float(3 * old))
      let (a, b) = (session.machine.storage(named: "a"), session.machine.storage(named: "b"))
      #expect(a.map { Array($0.floats) } == Array(repeating: Float(1 - old), count: 3))
      #expect(b.map { Array($0.floats) } == Array(repeating: Float(old), count: 3))
    }
    expectMemory(session.machine, plan)
  }

  private func expectMemory(_ machine: Machine<CountingBackend>, _ plan: Plan) {
    #expect(machine.measuredPeakBytes == plan.totals.peakBytes)
    #expect(machine.isMemoryIntact)
  }

  /// `x` is changed twice after its square was taken, whose derivative is 2x of the first `x`.
  @Test(arguments: PolicyCall.all.filter { $0.name != "manual" })
  func `A22: a value that is changed is a new one, and backward sees the old`(_ policy: PolicyCall) throws {
    let text = """
      dim B = 2
      data batches: f32[B] = synthetic(count: 2)
      model Changed(start: f32[B]) -> f32[B] {
        param w: f32[B] ~ ones()
        var x = w + start * 0
        let first = square(x)
        x += first
        x *= x
        return x
      }
      train {
        let start = batch(batches)
        loss = sum(Changed(start))
        optimizer = sgd(lr: 0)
      }
      """
    let plan = try Laboratory.compile(text, named: "changed", policy: policy).plan
    let session = try Laboratory.session(for: plan)
    session.fillTrainInputs()
    try session.machine.set("w", to: [2, -3])
    // (w + w²)² has the derivative 2·(w + w²)·(1 + 2w): 2·6·5 and 2·6·(−5)
    #expect(try session.machine.gradients(.init(seed: 1)) == ["w": [60, -60]])
    #expect(try session.machine.loss == 72)
  }

}
