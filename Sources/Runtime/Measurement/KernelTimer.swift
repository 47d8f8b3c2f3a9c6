package import Operations
import PlanFormat
import Support

/// An operation, or a copy, in memory of its own on a device, executed again and again.
package struct KernelTimer<B: Backend> {

  private let backend: B

  private let kernel: Kernel

  /// What the kernel accesses.
  private let memory: any PlanMemory

  /// The least number of executions that are measured, and the time after which there are no more than these.
  private static var least: (count: Int, time: Duration) { (5, .milliseconds(3)) }

  private static var mostExecutions: Int { 1000 }

  /// Allocates operands of the given types, filled with numbers that every operation takes, results, and `workspaceBytes`
  /// bytes to work in.
  ///
  /// - Requires: `operation` gives `results` of `operands`.
  /// - Throws: if the device does not have the memory or no kernel.
  package init(
    _ operation: Operation, _ operands: [TensorType], results: [TensorType], workspaceBytes: Int, on backend: B
  ) throws(MachineError) {
    let alignment = PlanTarget(rawValue: backend.target)?.alignment ?? Arena.alignment
    var (offsets, end) = ([Int](), 0)
    for bytes in (operands + results).map(\.size.value) + [workspaceBytes] {
      offsets.append(end)
      end = ByteCount(end + bytes).rounded(upTo: alignment).value
    }
    let memory = try backend.allocate(persistent: 0, arena: end, host: 0)
    let buffers = zip(operands + results, offsets).map { Buffer(address: memory.arena + $1, type: $0) }
    for b in buffers { Self.fill(b, on: backend) }
    kernel = try backend.kernel(
      of: operation, operands: Array(buffers.prefix(operands.count)), results: Array(buffers.suffix(results.count)),
      workspace: .init(start: memory.arena + offsets[offsets.count - 1], count: workspaceBytes), products: .init())
    self.backend = backend
    self.memory = memory
  }

  /// Allocates `byteCount` bytes of the device and of the host, which are copied in `direction`.
  ///
  /// - Requires: `byteCount` is positive.
  /// - Throws: if the memory is not there.
  package init(copying byteCount: Int, _ direction: HostCopy.Direction, on backend: B) throws(MachineError) {
    let memory = try backend.allocate(persistent: 0, arena: byteCount, host: byteCount)
    guard let host = memory.host else { preconditionFailure("no memory of the host was allocated") }
    let buffer = Buffer(address: memory.arena, type: .init(.u8, [byteCount]))
    memory.fillArena(with: 0)
    kernel = try backend.copy(direction, of: buffer, at: host).begin
    self.backend = backend
    self.memory = memory
  }

  private static func fill(_ buffer: Buffer, on backend: B) {
    backend.write(buffer) { (b) in
      b.fill(with: 0)
      if b.type.element == .f32 { for i in b.floats.indices { b.floats[i] = 0.5 } }
    }
  }

  /// Returns the median time of one execution in nanoseconds: of at least 5 executions, and as many as 3 ms have.
  ///
  /// - Throws: what the kernel found wrong, or that the device failed.
  package func nanoseconds() throws(KernelFailure) -> Int {
    let keys = StepKeys(seed: 1)
    for _ in 0..<2 { try kernel(keys) }
    var times: [Double] = []
    let begin = ContinuousClock.now
    while times.count < Self.least.count
      || (times.count < Self.mostExecutions && ContinuousClock.now - begin < Self.least.time)
    {
      let start = ContinuousClock.now
      let measured = try backend.timed(kernel, keys)
      times.append((measured ?? ContinuousClock.now - start) / .nanoseconds(1))
    }
    if let failure = backend.failure { throw failure }
    return Int(times.sorted()[times.count / 2])
  }

}
