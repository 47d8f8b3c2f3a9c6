import CPUBackend
import Operations
import PlanFormat
import Runtime
import Testing

/// Steps of several micro-batches.
@Suite struct MicroBatchTests {

  /// The mean of `w · x` over 2 elements; with two micro-batches its gradient is x / 4.
  static let script = """
    training 4 steps seed 1 micro_batches 2
    data d : f32[2] = synthetic(count: 22)
    param w : f32[2] ~ ones()
    frozen k : f32[2] ~ constant(value: 2.0)
    state s : f32[2] ~ zeros()
    gradient gradient(w) : f32[2] ~ zeros()
    input x : f32[2]
    program train
    bind x = d.0
    y = mul w, x
    cost = mean y {axes: [0]}
    next = add s, k
    update s = assign next
    backward
    g = constant {value: 0.25}
    wide = broadcast g {extents: [2]}
    grad(w) = mul wide, x
    update gradient(w) = accumulate grad(w)
    apply
    f = constant {value: 0.5}
    update w = sgd gradient(w), f {lr: step(initial: 2.0, every: 1, factor: 0.5), momentum: 0.0, decay: 0.0}
    loss = cost
    """

  @Test(arguments: [ExecutionMode.planned(poison: false), .planned(poison: true), .keepAll])
  func `gradients add up, and the last micro-batch updates`(_ mode: ExecutionMode) throws {
    let machine = try machine(Self.script, mode: mode)
    machine.initialize(seed: 1)
    func floats(_ name: String) throws -> [Float] { Array(try #require(machine.storage(named: name)).floats) }
    machine.set("x", [1, 2])
    try machine.execute(0, .init(seed: 1, step: 0, microBatch: 0))
    #expect(machine.lastStatistics.updates == 2)
    #expect(try floats("w") == [1, 1] && floats("gradient(w)") == [0.25, 0.5] && floats("s") == [2, 2])
    machine.set("x", [3, 4])
    try machine.execute(0, .init(seed: 1, step: 0, microBatch: 1))
    #expect(machine.lastStatistics.updates == 3)
    // the sum is (1, 2)/4 + (3, 4)/4; half of it is taken at a rate of 2
    #expect(try floats("gradient(w)") == [1, 1.5] && floats("w") == [0, -0.5] && floats("s") == [4, 4])
    try machine.execute(0, .init(seed: 1, step: 1, microBatch: 0))
    #expect(try floats("gradient(w)") == [0.75, 1] && floats("w") == [0, -0.5])
    try machine.execute(0, .init(seed: 1, step: 1, microBatch: 1))
    #expect(try floats("w") == [0 - 0.5 * 1.5, -0.5 - 0.5 * 2] && floats("k") == [2, 2])
  }

  @Test func `a step reports the mean over its micro-batches and counts them all`() throws {
    let session = try session(try PlanScript.plan(Self.script))
    var losses: [Double] = []
    let reported = try session.step(finished: { (_) in losses.append(session.machine.reported(by: 0)[0].value) })
    #expect(losses.count == 2 && losses[0] != losses[1])
    #expect(reported[0].value == (losses[0] + losses[1]) / 2)
    #expect(session.stepCount == 1 && session.lastStepStatistics.updates == 5)
  }

  @Test func `an epoch has whole steps, and every batch of a step is another one`() throws {
    let session = try session(try PlanScript.plan(Self.script))
    // 22 examples are 11 batches of 2, so 5 steps of 2 micro-batches
    #expect(session.stepsPerEpoch == 5)
    var seen: Set<[Float]> = []
    for _ in 0..<5 {
      _ = try session.step(finished: { (_) in seen.insert(Array(session.machine.storage(named: "x")!.floats)) })
    }
    #expect(seen.count == 10)
  }

  @Test func `data that is too small for a step is read again within it`() throws {
    let text = Self.script.replacing("count: 22", with: "count: 6").replacing("batches 2", with: "batches 5")
    let session = try session(try PlanScript.plan(text))
    #expect(session.stepsPerEpoch == 1)
    var seen: [[Float]] = []
    _ = try session.step(finished: { (_) in seen.append(Array(session.machine.storage(named: "x")!.floats)) })
    #expect(seen.count == 5 && Set(seen[..<3]).count == 3)
  }

  private func report(_ text: String) throws -> VerificationReport {
    let plan = try PlanScript.plan(text)
    let catalog = DataCatalog(plan.plan, path: .init(planPath: "test.cgplan"))
    let backend = try CPUBackend(threads: 2)
    return try PlanComparison(plan, on: backend, data: catalog, seed: 7).run(steps: 3, elements: 8)
  }

  @Test func `a right plan passes verification`() throws {
    let report = try report(Self.script)
    #expect(report.isGood && report.microBatches == 2, "\(report)")
    // twice the state and the sum of gradients, once the parameter
    #expect(report.updatesPerStep == 5)
    #expect(report.finiteDifferences.checked == 8)
  }

  @Test func `gradients that are not those of the mean over the micro-batches are found`() throws {
    let report = try report(Self.script.replacing("g = constant {value: 0.25}", with: "g = constant {value: 0.5}"))
    #expect(report.isBitwiseEqual && !report.finiteDifferences.isGood)
  }

}
