import CPUBackend
import Operations
import PlanFormat
import Runtime
import Testing

/// Returns a session of `plan` on two threads.
func session(
  _ plan: VerifiedPlan, mode: ExecutionMode = .planned(poison: false), seed: UInt64 = 1
) throws -> Session<CPUBackend> {
  let machine = try Machine(plan, on: try CPUBackend(threads: 2), mode: mode)
  return try Session(machine, data: .init(plan.plan, path: .init(planPath: "test.cgplan")), seed: seed)
}

/// Returns a machine for the script `text`, uninitialised.
func machine(_ text: String, mode: ExecutionMode = .planned(poison: false)) throws -> Machine<CPUBackend> {
  try Machine(try PlanScript.plan(text), on: try CPUBackend(threads: 2), mode: mode)
}

extension Machine {

  /// Sets the f32 storage called `name`.
  func set(_ name: String, _ values: [Float]) {
    _ = storage(named: name)!.floats.update(fromContentsOf: values)
  }

  /// Sets the i32 storage called `name`.
  func set(_ name: String, integers: [Int32]) {
    storage(named: name)!.bytes.copyBytes(from: integers.withUnsafeBytes(Array.init))
  }

  /// Executes the training program and returns the copies of the gradients by name.
  func gradients(_ keys: StepKeys = .init(seed: 1)) throws -> [String: [Float]] {
    let copies = GradientCopies(verified)
    try execute(verified.train, keys, observer: copies.add)
    return Dictionary(
      uniqueKeysWithValues: copies.buffers.enumerated().compactMap { (i, b) in
        b.map { (verified.plan.storage[i].storage.name, Array($0.floats)) }
      })
  }

}

@Suite struct MachineTests {

  /// Sets the weights and the batch of case A18.
  private func prepare(_ machine: Machine<CPUBackend>) {
    machine.initialize(seed: 1)
    machine.set("w1", [2, 0, -2, 0])
    machine.set("w2", [1, -1, -1, 1])
    machine.set("b2", [0, 1])
    machine.set("x", [1, -1, -1, 1])
    machine.set("y", integers: [0, 1])
  }

  @Test(arguments: [ExecutionMode.planned(poison: false), .planned(poison: true), .keepAll])
  func `A18: the 2-2-2 network gives the published numbers`(_ mode: ExecutionMode) throws {
    let machine = try machine(SampleScripts.small, mode: mode)
    prepare(machine)
    let gradients = try machine.gradients()
    // logits [[4, −3], [0, 1]]: losses log(1 + e^−7) and log(1 + e^−1), their mean 0.157086577.
    #expect(abs(machine.reported(by: 0)[0].value - 0.157086577) < 1e-6)
    #expect(isClose(gradients["w1"]!, [-0.000911051, 0, 0.000911051, 0], 1e-6))
    #expect(isClose(gradients["b1"]!, [-0.000911051, 0], 1e-6))
    #expect(isClose(gradients["w2"]!, [-0.001822102, 0.001822102, 0, 0], 1e-6))
    #expect(isClose(gradients["b2"]!, [0.134015185, -0.134015185], 1e-6))
  }

  @Test func `A18: the logits are those published`() throws {
    let machine = try machine(SampleScripts.small, mode: .keepAll)
    prepare(machine)
    _ = try machine.gradients()
    let logits = machine.verified.plan.programs[0].values.firstIndex { $0.name == "logits" }!
    #expect(Array(machine.buffer(of: logits, in: 0).floats) == [4, -3, 0, 1])
  }

  @Test func `A17: a second step on the same data gives the same gradients and peak`() throws {
    let machine = try machine(SampleScripts.small)
    prepare(machine)
    let first = try machine.gradients()
    let peak = machine.measuredPeakBytes
    #expect(try machine.gradients() == first)
    #expect(machine.measuredPeakBytes == peak)
  }

  @Test func `the measured peak is the planned one once all programs ran`() throws {
    let plan = try PlanScript.plan(SampleScripts.recomputing)
    let session = try session(plan)
    #expect(session.machine.measuredPeakBytes == plan.plan.totals.persistentBytes)
    _ = try session.step()
    #expect(session.machine.measuredPeakBytes == session.machine.plannedPeakBytes)
    _ = try session.evaluate(limit: 1)
    #expect(session.machine.measuredPeakBytes == plan.plan.totals.peakBytes)
    #expect(session.machine.isMemoryIntact)
  }

  @Test func `A23: the statistics of a step add up`() throws {
    let session = try session(try PlanScript.plan(SampleScripts.recomputing))
    _ = try session.step()
    let s = session.lastStepStatistics
    #expect(s.computed == 8 + 7 + 2)  // forward, backward, updates
    #expect(s.updates == 2)
    #expect(s.recomputed == 3)
    #expect(s.executed == s.computed + s.recomputed)
    #expect(s.deletes == 6 + 10)  // all but the two results
    // Nine of 16×16 f32; three of 256 B and one of 512 B; labels and hits; the loss's gradient.
    #expect(s.freedBytes == 9 * 1024 + 3 * 256 + 512 + 16 * 4 + 16 + 4)
    _ = try session.step()
    #expect(session.lastStepStatistics == s)
  }

  @Test func `a machine that keeps all executes neither deletions nor recomputations`() throws {
    let session = try session(try PlanScript.plan(SampleScripts.recomputing), mode: .keepAll)
    _ = try session.step()
    let s = session.lastStepStatistics
    #expect(s.recomputed == 0 && s.deletes == 0 && s.freedBytes == 0)
    #expect(s.computed == 17)
  }

  @Test(arguments: [ExecutionMode.planned(poison: true), .keepAll])
  func `neither poison nor keeping all changes a bit`(_ mode: ExecutionMode) throws {
    let plan = try PlanScript.plan(SampleScripts.recomputing)
    let (a, b) = (try session(plan), try session(plan, mode: mode))
    for _ in 0..<5 { #expect(try a.step() == b.step()) }
    #expect(a.machine.parametersDigest == b.machine.parametersDigest)
    #expect(a.machine.snapshot() == b.machine.snapshot())
  }

  @Test func `another seed gives other parameters`() throws {
    let plan = try PlanScript.plan(SampleScripts.recomputing)
    let (a, b) = (try session(plan), try session(plan, seed: 2))
    #expect(a.machine.parametersDigest != b.machine.parametersDigest)
  }

  @Test func `the gradients' digest does not depend on the order of the updates`() throws {
    let lines = SampleScripts.small.split(separator: "\n").map(String.init)
    let updates = lines.indices.filter { lines[$0].hasPrefix("update") }
    var reversed = lines
    for (i, j) in zip(updates, updates.reversed()) { reversed[i] = lines[j] }
    let digests = try [lines, reversed].map { (l) in
      let machine = try machine(l.joined(separator: "\n"))
      prepare(machine)
      var digest = GradientDigest(machine.verified)
      try machine.execute(0, .init(seed: 1)) { digest.add($0) }
      return digest.value
    }
    #expect(digests[0] == digests[1] && digests[0]?.count == 16)
  }

  @Test func `a plan for another device is refused`() throws {
    let plan = try PlanScript.plan(SampleScripts.small)
    #expect(throws: MachineError.wrongTarget(plan: "cpu", machine: "none")) {
      _ = try Machine(plan, on: NoBackend())
    }
  }

  @Test func `memory that is not there is an error`() {
    #expect(throws: MachineError.outOfMemory(byteCount: 1 << 60)) { _ = try Arena(byteCount: 1 << 60) }
  }

  @Test func `a write past the arena is found`() throws {
    let arena = try Arena(byteCount: 100)
    let before = arena.isGuardIntact
    arena.base.storeBytes(of: 0, toByteOffset: 100, as: UInt8.self)
    let after = arena.isGuardIntact
    #expect(before && !after)
  }

  @Test func `keeping all is refused where it takes too much`() throws {
    // Nine values of 2 GiB, 18 GiB in all: the plan itself deletes each after its use and takes 4 GiB.
    let steps = (1..<9).map { "v\($0) = neg v\($0 - 1)" }.joined(separator: "\n")
    let text = """
      param w : f32[] ~ zeros()
      program train
      v0 = broadcast w {extents: [536870912], inserted: [0]}
      \(steps)
      cost = mean v8 {axes: [0]}
      backward
      grad(w) = constant {value: 1.0}
      update w = sgd grad(w) {lr: 0.0, momentum: 0.0, decay: 0.0}
      loss = cost
      """
    let error = #expect(throws: MachineError.self) { _ = try machine(text, mode: .keepAll) }
    #expect(error?.description.contains("18 GiB") ?? false)
  }

  @Test(arguments: [0, 257]) func `a backend has between 1 and 256 threads`(_ threads: Int) {
    #expect(throws: CPUBackend.Unavailable.self) { _ = try CPUBackend(threads: threads) }
  }

}

/// A device that executes nothing.
private struct NoBackend: Backend {

  let target = "none"

  func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer
  ) -> Kernel { { (_) in } }

  func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String) {}

}
