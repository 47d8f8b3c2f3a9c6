import CPUBackend
import Operations
import Runtime
import Testing

/// What `cgad calibrate` measures.
@Suite struct KernelTimerTests {

  private static let relu = (operation: Operation.elementwise(.unary(.relu)), type: TensorType(.f32, [64]))

  private func timer<B: Backend>(on backend: B) throws -> KernelTimer<B> {
    let (operation, type) = Self.relu
    return try .init(operation, [type], results: [type], workspaceBytes: 0, on: backend)
  }

  @Test func `the host's clock tells what a processor takes`() throws {
    #expect(try timer(on: try CPUBackend(threads: 1)).nanoseconds() > 0)
  }

  @Test func `a device's own clock is asked, not the host's`() throws {
    let device = try ClockBackend()
    // Of 42, 1 and 100 in turns the median is 42, however many executions go into the time.
    #expect(try timer(on: device).nanoseconds() == 42)
    #expect(device.count >= 5 && device.operands == [Float](repeating: 0.5, count: 64))
  }

  @Test(arguments: [HostCopy.Direction.offload, .fetch])
  func `copies to the host and back are timed`(_ direction: HostCopy.Direction) throws {
    #expect(try KernelTimer(copying: 1 << 16, direction, on: try CPUBackend(threads: 1)).nanoseconds() > 0)
  }

  @Test func `what a kernel finds wrong is not timed`() throws {
    let device = try ClockBackend(failure: KernelFailure("it is broken"))
    #expect(throws: KernelFailure("it is broken")) { try timer(on: device).nanoseconds() }
  }

}

/// A processor with a clock that goes by a script.
private final class ClockBackend: Backend {

  let target = "cpu"

  private let backend: CPUBackend

  private let problem: KernelFailure?

  /// The number of executions that were timed.
  private(set) var count = 0

  /// What the last kernel has to read.
  private(set) var operands: [Float] = []

  init(failure: KernelFailure? = nil) throws {
    backend = try CPUBackend(threads: 1)
    problem = failure
  }

  func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer
  ) -> Kernel {
    self.operands = Array(operands[0].floats)
    let kernel = backend.kernel(of: operation, operands: operands, results: results, workspace: workspace)
    return { [problem] (keys) throws(KernelFailure) in
      try kernel(keys)
      if let problem { throw problem }
    }
  }

  func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String) {
    backend.initialize(buffer, as: initializer, seed: seed, path: path)
  }

  func timed(_ kernel: Kernel, _ keys: StepKeys) throws(KernelFailure) -> Duration? {
    try kernel(keys)
    count += 1
    return .nanoseconds([42, 1, 100][count % 3])
  }

}
