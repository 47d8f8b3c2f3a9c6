import Driver
import IR
import Operations
import PlanFormat
import Runtime
import Testing

/// Clipping, micro-batches, frozen parameters and schedules of the rate, compiled and executed.
@Suite struct TermTests {

  private static let steps = 4

  /// A network with dropout, a state, tied values and frozen parameters; `terms` are settings of its training.
  private static func model(_ terms: String, batch: Int = 4, rate: String = "0.1", optimizer: String = "sgd") -> String
  {
    """
    dim B = \(batch), D = 9
    data batches: (f32[B, D], f32[B, D]) = synthetic(count: 48)
    block Dense(x: f32[B, N], M: dim) -> f32[B, M] {
      param weight: f32[N, M] ~ orthogonal(gain: 1.5)
      param bias:   f32[M]    ~ zeros()
      return x @ weight + bias
    }
    model Deep(x: f32[B, D]) -> f32[B, D] {
      state seen: f32[1] = zeros()
      update seen = seen + 1
      var h = x
      repeat 6 as h {
        h += tanh(Dense(h, M: D))
        h = dropout(h, rate: 0.2)
      }
      return h
    }
    train {
      let (x, y) = batch(batches)
      loss      = mse(Deep(x), y)
      optimizer = \(optimizer)(lr: \(rate))
      \(terms.split(separator: ";").joined(separator: "\n  "))
    }
    """
  }

  private static let all = model(
    "clip = 0.5; accumulate = 3; freeze = \"h.{0..1}.**\"", rate: "cosine(peak: 0.02, warmup: 2, total: 4)",
    optimizer: "adamw")

  private static func session(_ text: String, _ policy: PolicyCall = .init(name: "none")) throws -> CountedSession {
    try Laboratory.session(for: Laboratory.compile(text, named: "terms", policy: policy).plan)
  }

  @Test(arguments: [
    all, model("clip = 0.5"), model("accumulate = 2"), model("freeze = \"h.*.dense.bias\""),
    model("", rate: "linear(from: 0.2, to: 0.0, total: 9)", optimizer: "lion"),
  ]) func `no policy changes a bit`(_ text: String) throws {
    var reference: Trace?
    for policy in PolicyCall.all where policy.name != "manual" {
      let plan = try Laboratory.compile(text, named: "terms", policy: policy).plan
      let trace = try Laboratory.session(for: plan).trace(steps: Self.steps)
      #expect(trace == (try Laboratory.session(for: plan, mode: .keepAll).trace(steps: Self.steps)), "\(policy)")
      #expect(trace == reference ?? trace, "\(policy)")
      #expect(Set(trace.parameters).count == Self.steps)
      reference = trace
    }
  }

  @Test(arguments: PolicyCall.all.filter { $0.name != "manual" })
  func `counters add up over micro-batches, and the peak is the one planned`(_ policy: PolicyCall) throws {
    let plan = try Laboratory.compile(Self.all, named: "terms", policy: policy).plan
    let backend = try CountingBackend(threads: Laboratory.threads)
    let session = try Laboratory.session(for: plan, on: backend)
    _ = try session.step()
    let s = session.lastStepStatistics
    let instructions = plan.programs[0].instructions
    let start = try #require(plan.programs[0].applyStart)
    let (repeated, last) = (instructions[..<start], instructions[start...])
    #expect(backend.count == s.executed && s.executed == s.computed + s.recomputed)
    #expect(s.computed == 3 * Self.count(repeated, .computed) + Self.count(last, .computed))
    #expect(s.recomputed == 3 * Self.count(repeated, .recomputed))
    #expect(s.deletes == 3 * Self.count(repeated, .deleted) + Self.count(last, .deleted))
    expectPlannedPeak(session.machine, plan, backend)
  }

  private enum Counted { case computed, recomputed, deleted }

  private static func count(_ instructions: ArraySlice<PlanInstruction>, _ counted: Counted) -> Int {
    instructions.count { (i) in
      switch i.action {
      case .compute, .update: counted == .computed
      case .recompute: counted == .recomputed
      case .delete: counted == .deleted
      case .offload, .fetch: false
      }
    }
  }

  @Test func `micro-batches give what one large batch gives, to rounding`() throws {
    let small = Self.model("accumulate = 3").replacing("rate: 0.2", with: "rate: 0.0")
    let large = Self.model("", batch: 12).replacing("rate: 0.2", with: "rate: 0.0")
    let (a, b) = (try Self.session(small), try Self.session(large))
    #expect(a.stepsPerEpoch == 4 && b.stepsPerEpoch == 4)
    for _ in 0..<6 {
      let (la, lb) = (try a.step()[0].value, try b.step()[0].value)
      #expect(abs(la - lb) < 1e-6 * lb)
    }
    for i in a.machine.verified.parameters {
      let name = a.machine.verified.plan.storage[i].storage.name
      let other = try #require(b.machine.storage(named: name))
      #expect(zip(a.machine.storage[i].floats, other.floats).allSatisfy { abs($0 - $1) < 1e-5 }, "\(name)")
    }
  }

  @Test func `what the model updates takes place once per micro-batch, what the optimizer updates once a step`() throws
  {
    let session = try Self.session(Self.model("accumulate = 3"))
    var counts: [String: Int] = [:]
    for _ in 0..<2 {
      _ = try session.step { counts[session.machine.verified.plan.storage[$0.parameter].storage.name, default: 0] += 1 }
    }
    #expect(try #require(session.machine.storage(named: "seen")).floats[0] == 6)
    #expect(counts["seen"] == 6 && counts["gradient(h.3.dense.bias)"] == 6 && counts["h.3.dense.bias"] == 2)
  }

  @Test func `random draws differ by micro-batch`() throws {
    let session = try Self.session(Self.model("accumulate = 2"))
    session.fillTrainInputs()
    let machine = session.machine
    func loss(_ microBatch: UInt32) throws -> Float {
      try machine.executeUntilLoss(0, .init(seed: 1, step: 0, microBatch: microBatch))
      return try machine.loss
    }
    #expect(try loss(0) == loss(0))
    #expect(try loss(0) != loss(1))
  }

  @Test func `a frozen parameter keeps its bits and costs nothing`() throws {
    let (free, some) = (try Self.session(Self.model("")), try Self.session(Self.model("freeze = \"h.{0..3}.**\"")))
    let (a, b) = (free.machine.verified.plan, some.machine.verified.plan)
    let frozen = some.machine.verified.storage(of: .frozen)
    #expect(frozen.map { b.storage[$0].storage.name }.filter { $0.hasSuffix("bias") }.count == 4)
    let before = frozen.map { Array(some.machine.storage[$0].bytes) }
    var gradients: [String: [Double]] = [:]
    _ = try some.step { gradients[b.storage[$0.parameter].storage.name] = $0.gradient.floats.map(Double.init) }
    #expect(frozen.map { Array(some.machine.storage[$0].bytes) } == before)
    // the gradients of the others are the same bits, and nothing is computed before the first layer that is trained
    var all: [String: [Double]] = [:]
    _ = try free.step { all[a.storage[$0.parameter].storage.name] = $0.gradient.floats.map(Double.init) }
    #expect(gradients.count == 5 && gradients.allSatisfy { all[$0.key] == $0.value })
    #expect(b.programs[0].values.allSatisfy { v in !(0..<4).contains { v.name.hasPrefix("grad(h.\($0).dense") } })
    #expect(b.totals.stepFlops < a.totals.stepFlops && b.totals.peakBytes < a.totals.peakBytes)
  }

  /// Plain descent at a rate of 1 moves the parameters by exactly what is left of the gradients.
  private static func move(_ terms: String) throws -> (norm: Double, parameters: [Float]) {
    let session = try session(model(terms, rate: "1.0"))
    let machine = session.machine
    func values() -> [Float] { machine.verified.storage(of: .parameter).flatMap { Array(machine.storage[$0].floats) } }
    let before = values()
    _ = try session.step()
    let after = values()
    return (zip(before, after).reduce(0) { $0 + Double($1.1 - $1.0) * Double($1.1 - $1.0) }.squareRoot(), after)
  }

  @Test func `gradients are scaled down to the norm that clip allows, and left alone below it`() throws {
    let free = try Self.move("")
    let clipped = try Self.move("clip = \(free.norm / 4)")
    #expect(abs(clipped.norm - free.norm / 4) < 1e-4 * free.norm)
    #expect(try Self.move("clip = \(free.norm * 1.01)").parameters == free.parameters)
  }

  @Test func `a warm-up, a cosine and a resumed count of steps set the rate of each step`() throws {
    let rate = LearningRate.cosine(peak: 0.5, floor: 0.1, .init(warmup: 2, total: 6))
    let text = Self.model("", rate: "cosine(peak: 0.5, warmup: 2 steps, total: 6, floor: 0.1)")
    let machine = try Laboratory.machine(for: Laboratory.compile(text, named: "terms").plan)
    for step in [0, 1, 2, 4, 5, 6, 100] {
      machine.initialize(seed: 3)
      let bias = try #require(machine.storage(named: "h.5.dense.bias"))
      let gradient = try #require(try machine.gradients(.init(seed: 3, step: UInt32(step)))["h.5.dense.bias"])
      let moved = bias.floats.map { -Double($0) }
      let r = rate.value(atStep: step)
      #expect(zip(moved, gradient).allSatisfy { abs($0 - r * $1) <= 1e-6 * abs($1) }, "step \(step)")
    }
  }

}
