import CPUBackend
import Operations
import PlanFormat
import Runtime
import Testing

/// Batches that are drawn while a device with memory of its own computes.
@Suite struct DrawingAheadTests {

  private func session<B: Backend>(on backend: B, _ text: String = MicroBatchTests.script) throws -> Session<B> {
    let plan = try PlanScript.plan(text)
    let catalog = DataCatalog(plan.plan, path: .init(planPath: "test.cgplan"))
    return try Session(try Machine(plan, on: backend), data: catalog, seed: 3)
  }

  @Test func `steps are those of a device that draws its batches when it needs them`() throws {
    let device = try DistantBackend()
    let (here, there) = (try session(on: try CPUBackend(threads: 1)), try session(on: device))
    for _ in 0..<7 {
      #expect(try here.step() == there.step())
      #expect(here.machine.snapshot() == there.machine.snapshot())
    }
    // Two sequences a step, each with the next batch drawn behind it, another one each time; 5 steps are an epoch.
    #expect(device.drawn.count == 14 && device.drawn.allSatisfy { $0.before != $0.after })
    #expect(device.drawn.dropFirst().map(\.before) == device.drawn.dropLast().map(\.after))
  }

  @Test func `an observed step draws nothing ahead, and the next one has its batch`() throws {
    let device = try DistantBackend()
    let (here, there) = (try session(on: try CPUBackend(threads: 1)), try session(on: device))
    for i in 0..<4 {
      #expect(try here.step() == there.step(observer: i % 2 == 0 ? { (_) in } : nil))
      #expect(here.machine.snapshot() == there.machine.snapshot())
    }
    #expect(device.drawn.count == 4)
  }

  @Test func `evaluations are the same, in between steps`() throws {
    let text = SampleScripts.recomputing
    let device = try DistantBackend()
    let (here, there) = (try session(on: try CPUBackend(threads: 1), text), try session(on: device, text))
    for limit in [nil, 2, nil] {
      #expect(try here.step() == there.step())
      #expect(try here.evaluate(limit: limit) == there.evaluate(limit: limit))
    }
    #expect(device.drawn.count == 3 + 6 + 2 + 6)
  }

}

/// A processor that takes inputs from memory of their own, as a device does, and has the host work before its kernels.
private final class DistantBackend: Backend {

  let target = "cpu"

  private let backend: CPUBackend

  /// The memory that inputs are copied from.
  private var stagings: [HostMemory] = []

  /// What that held before and after the host's work, for each sequence.
  private(set) var drawn: [(before: [[UInt8]], after: [[UInt8]])] = []

  init() throws { backend = try CPUBackend(threads: 1) }

  func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer
  ) -> Kernel {
    backend.kernel(of: operation, operands: operands, results: results, workspace: workspace)
  }

  func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String) {
    backend.initialize(buffer, as: initializer, seed: seed, path: path)
  }

  func staging(for buffer: Buffer) -> HostMemory {
    let new = HostMemory(buffer.type)
    new.buffer.fill(with: 0)
    stagings.append(new)
    return new
  }

  func upload(_ memory: HostMemory, to buffer: Buffer) { buffer.copy(from: memory.buffer) }

  func execute(
    _ sequence: KernelSequence, _ keys: StepKeys, meanwhile: () -> Void
  ) throws(SequenceFailure) {
    let before = stagings.map { Array($0.buffer.bytes) }
    meanwhile()
    drawn.append((before, stagings.map { Array($0.buffer.bytes) }))
    try backend.execute(sequence, keys)
  }

}
