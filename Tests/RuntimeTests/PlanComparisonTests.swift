import CPUBackend
import Operations
import PlanFormat
import Runtime
import Testing

@Suite struct PlanComparisonTests {

  private func report<B: Backend>(
    _ text: String, on backend: B, steps: Int = 3, elements: Int = 24
  ) throws -> VerificationReport {
    let plan = try PlanScript.plan(text)
    let catalog = DataCatalog(plan.plan, path: .init(planPath: "test.cgplan"))
    let comparison = try PlanComparison(plan, on: backend, data: catalog, seed: 7)
    return try comparison.run(steps: steps, elements: elements)
  }

  @Test func `a right plan passes`() throws {
    let report = try report(SampleScripts.recomputing, on: try CPUBackend(threads: 2))
    #expect(report.isGood, "\(report)")
    #expect(report.maximalDifference == 0 && report.isBitwiseEqual)
    // A step: loss and accuracy, 2 gradients, 2 parameters, 4 slots; then loss and accuracy of an evaluation.
    #expect(report.comparisons == 3 * 10 + 2)
    #expect(report.updatesPerStep == 2)
    #expect(report.finiteDifferences.checked == 24)
    #expect(report.measuredPeakBytes < report.referencePeakBytes)
  }

  @Test func `a recomputation that gives other bits is found`() throws {
    let backend = try FaultyBackend(mnemonic: "dropout", isFaulty: { $0 % 2 == 1 })
    let report = try report(SampleScripts.recomputing, on: backend, elements: 0)
    #expect(!report.isBitwiseEqual && !report.isGood)
    #expect(report.firstDifference == "gradient of w2, step 1")
    #expect(report.maximalDifference > 0)
  }

  @Test func `a device that joins kernels executes the steps once more`() throws {
    let alone = try report(SampleScripts.recomputing, on: try CPUBackend(threads: 2), elements: 0)
    #expect(alone.isJoinedEqual == nil)
    let backend = try FaultyBackend(mnemonic: "dropout", isFaulty: { _ in false }, joinsKernels: true)
    let report = try report(SampleScripts.recomputing, on: backend)
    #expect(report.isJoinedEqual == true && report.isGood, "\(report)")
    // Loss and accuracy of 3 steps, then 2 parameters and 4 slots.
    #expect(report.joinedComparisons == 3 * 2 + 2 + 4)
  }

  @Test func `joined kernels that give other bits are found`() throws {
    // In each of 3 steps the plan executes it twice and the reference once.
    let backend = try FaultyBackend(mnemonic: "dropout", isFaulty: { $0 == 3 * 3 }, joinsKernels: true)
    let report = try report(SampleScripts.recomputing, on: backend, elements: 0)
    #expect(report.isBitwiseEqual && report.isJoinedEqual == false && !report.isGood, "\(report)")
    #expect(report.firstJoinedDifference == "loss, step 1")
  }

  @Test func `a write past the plan's memory is found`() throws {
    // In the arena: cost at 0, g at 64, grad(w) at 128 + 16 bytes, where it ends.
    let text = """
      param w : f32[4] ~ ones()
      program train
      cost = mean w {axes: [0]}
      backward
      g = constant {value: 0.25}
      grad(w) = broadcast g {extents: [4]}
      update w = sgd grad(w) {lr: 0.1, momentum: 0.0, decay: 0.0}
      loss = cost
      """
    #expect(try report(text, on: try CPUBackend(threads: 2)).isGood)
    let backend = try FaultyBackend(mnemonic: "broadcast", isFaulty: { _ in false }, isOverrunning: true)
    let report = try report(text, on: backend)
    #expect(!report.isMemoryIntact && !report.isPeakRight && !report.isGood)
  }

  @Test(arguments: [
    ("grad(pre) = relu_grad h'2, grad(h)", "grad(pre) = relu_grad grad(h), h'2"),
    ("grad(cost) = constant {value: 1.0}", "grad(cost) = constant {value: 1.25}"),
    ("grad(w1) = matmul train.x, grad(pre) {transpose_left: true}", "grad(w1) = neg w1"),
  ]) func `a wrong gradient is found by differences of the loss`(_ right: String, _ wrong: String) throws {
    let text = SampleScripts.recomputing.replacing(right, with: wrong)
    #expect(text != SampleScripts.recomputing)
    let report = try report(text, on: try CPUBackend(threads: 2))
    #expect(report.isBitwiseEqual)
    #expect(!report.finiteDifferences.isGood, "\(report.finiteDifferences)")
  }

  @Test func `no elements asked for, none checked`() throws {
    let report = try report(SampleScripts.recomputing, on: try CPUBackend(threads: 2), elements: 0)
    #expect(report.finiteDifferences.checked == 0 && report.isGood)
  }

  @Test func `checking leaves the state of training as it was`() throws {
    let plan = try PlanScript.plan(SampleScripts.recomputing)
    let (a, b) = (try session(plan), try session(plan))
    _ = (try a.step(), try b.step())
    try a.machine.executeUntilLoss(0, a.keys)
    #expect(a.machine.snapshot() == b.machine.snapshot())
  }

}

/// A CPU backend whose kernels of one operation are wrong at some of their executions.
private struct FaultyBackend: Backend {

  let target = "cpu"

  let joinsKernels: Bool

  private let backend: CPUBackend

  private let mnemonic: String

  private let isFaulty: (Int) -> Bool

  private let isOverrunning: Bool

  private let counter = Counter()

  private final class Counter {
    var value = 0
  }

  /// - Parameters:
  ///   - isFaulty: whether execution number *n* of the operation, counted from 0, adds 1 to its first element.
  ///   - isOverrunning: `true` iff each execution overwrites the byte behind its result.
  ///   - joinsKernels: what the backend says of itself.
  init(
    mnemonic: String, isFaulty: @escaping (Int) -> Bool, isOverrunning: Bool = false, joinsKernels: Bool = false
  ) throws {
    self.backend = try CPUBackend(threads: 2)
    self.mnemonic = mnemonic
    self.isFaulty = isFaulty
    self.isOverrunning = isOverrunning
    self.joinsKernels = joinsKernels
  }

  func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer
  ) -> Kernel {
    let kernel = backend.kernel(of: operation, operands: operands, results: results, workspace: workspace)
    if operation.mnemonic != mnemonic { return kernel }
    let (counter, isFaulty, isOverrunning) = (counter, isFaulty, isOverrunning)
    return { (keys) throws(KernelFailure) in
      try kernel(keys)
      if isFaulty(counter.value) { results[0].floats[0] += 1 }
      if isOverrunning { (results[0].address + results[0].byteCount).storeBytes(of: 0, as: UInt8.self) }
      counter.value += 1
    }
  }

  func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String) {
    backend.initialize(buffer, as: initializer, seed: seed, path: path)
  }

}
