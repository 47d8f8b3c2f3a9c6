import CUDABackend
import Dispatch
import Glibc
import Operations
import PlanFormat
import Runtime
import Support

/// A CUDA device that the simulator stands in for, on which operations are executed one by one.
///
/// It is an actor so that tests wait for it together: as a serialized suite they would be executed after all others, on
/// one processor.
actor SimulatedDevice {

  /// What an execution left: the operands and the results, whether nothing was written beside them, and what the kernel
  /// found wrong.
  struct Outcome: Sendable {

    let tensors: [ReferenceTensor]

    let isIntact: Bool

    let failure: KernelFailure?

  }

  /// The device of this process.
  static let shared = Result { try SimulatedDevice() }

  private static let gap = 256

  private static let guardByte: UInt8 = 0xa5

  private let backend: CUDABackend

  private let thread = QueueExecutor(label: "simulated device")

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// Opens the simulator, which is built beside the tests.
  private init() throws {
    var program = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &program, program.count - 1)
    let path = String(decoding: program.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let library = path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/libCUDASimulator.so"
    setenv("CGAD_LIBCUDA", library, 1)
    setenv("CGAD_LIBNVRTC", library, 1)
    setenv("CGAD_LIBCUBLASLT", library, 1)
    backend = try CUDABackend()
  }

  /// The number of algorithms that the simulated cuBLASLt chose so far.
  var algorithmCount: Int { backend.productAlgorithmCount }

  /// Executes `operation` on operands with these values, all tensors being `shift` bytes behind multiples of 256, and the result
  /// in the place of the last operand where asked for.
  func outcome(
    of operation: Operation, _ values: [(TensorType, ReferenceTensor)], _ keys: StepKeys, shift: Int = 0,
    products: ProductMethod = .init(), isInPlace: Bool = false
  ) throws -> Outcome {
    let operands = values.map { GuardedTensor($0, $1) }
    let results = try operation.resultTypes(values.map(\.0)).map { GuardedTensor($0) }
    do {
      let isIntact = try execute(operation, operands, results, keys, shift: shift, products, isInPlace)
      return .init(tensors: (operands + results).map(\.values), isIntact: isIntact, failure: nil)
    } catch let failure as KernelFailure {
      return .init(tensors: (operands + results).map(\.values), isIntact: true, failure: failure)
    }
  }

  /// Takes `steps` training steps of `plan` as graphs, or by single launches, and returns the bits of what they report and of
  /// the parameters after each.
  func training(of plan: Plan, _ mode: ExecutionMode, steps: Int, asGraph: Bool) throws -> [[UInt64]] {
    let machine = try Machine(VerifiedPlan(plan), on: backend, mode: mode)
    let catalog = DataCatalog(plan, path: SearchPath(planPath: "none.cgplan"), isSynthetic: true)
    let session = try Session(machine, data: catalog, seed: 11)
    return try (0..<steps).map { (_) in
      // operations that are observed are launched one by one
      let reported = asGraph ? try session.step() : try session.step { (_) in }
      return reported.map(\.value.bitPattern) + [StableHash.fnv1a(machine.parametersDigest)]
    }
  }

  /// Returns the launches of a training step of `plan`, of its operations by themselves and as a graph; nothing is executed.
  func launches(of plan: Plan) throws -> (single: LaunchCounts, joined: LaunchCounts) {
    let counting = UnexecutedBackend(backend)
    let machine = try Machine(VerifiedPlan(plan), on: counting)
    try machine.execute(machine.verified.train, .init(seed: 1, microBatch: UInt32(plan.training.microBatches - 1)))
    return counting.counts[0]
  }

  /// Makes `operation` ready to be measured and returns how long an execution takes, in nanoseconds.
  func nanoseconds(of operation: Operation, _ operands: [TensorType]) throws -> Int {
    try timer(operation, operands).nanoseconds()
  }

  /// Returns how long copying so many bytes takes, in nanoseconds.
  func nanoseconds(ofCopying bytes: Int, _ direction: HostCopy.Direction) throws -> Int {
    try KernelTimer(copying: bytes, direction, on: backend).nanoseconds()
  }

  /// Makes `operation` ready to be measured.
  func prepareTimer(of operation: Operation, _ operands: [TensorType]) throws { _ = try timer(operation, operands) }

  private func timer(_ operation: Operation, _ operands: [TensorType]) throws -> KernelTimer<CUDABackend> {
    try .init(
      operation, operands, results: operation.resultTypes(operands),
      workspaceBytes: WorkspaceModel.cuda.bytes(of: operation, operands), on: backend)
  }

  /// What the execution of a sequence left, and how many launches it took by themselves and as a graph.
  struct SequenceOutcome: Sendable {

    /// The bytes of each value that is there at the end.
    let live: [[UInt8]]

    let launches: (single: LaunchCounts, joined: LaunchCounts)

  }

  /// Executes the instructions of `s` in memory that holds `image` before, as one graph or one by one.
  func outcome(
    of s: PlacedSequence, image: [UInt8], _ keys: StepKeys, asGraph: Bool
  ) throws -> SequenceOutcome {
    let work = s.workspaceBytes
    let memory = try backend.allocate(persistent: work, arena: s.byteCount, host: 0)
    let whole = Buffer(address: memory.arena, type: .init(.u8, [s.byteCount]))
    let host = HostMemory(whole.type)
    host.buffer.bytes.copyBytes(from: image)
    backend.upload(host, to: whole)
    func buffer(_ v: PlacedSequence.Value) -> Buffer { .init(address: memory.arena + v.offset, type: v.type) }
    var (kernels, released): ([Kernel], [Buffer?]) = ([], [])
    for i in s.instructions {
      switch i {
      case .compute(let f, let operands, let results):
        kernels.append(
          try backend.kernel(
            of: f, operands: operands.map(buffer), results: results.map(buffer),
            workspace: .init(start: memory.persistent, count: work)))
        released.append(nil)
      case .delete(let v, let poison):
        let dead = buffer(v)
        kernels.append { [backend] (_) in if poison { backend.fill(dead, with: 0xff) } }
        released.append(dead)
      }
    }
    let sequence = KernelSequence(kernels, released: released)
    if asGraph {
      try backend.execute(sequence, keys)
    } else {
      for k in kernels { try k(keys) }
    }
    let copies = s.live.map { backend.download(buffer($0)) }
    let live = copies.map { (c) in withExtendedLifetime(c) { Array(c.buffer.bytes) } }
    if let failure = backend.failure { throw failure }
    return .init(live: live, launches: backend.launches(of: sequence))
  }

  /// Executes `operation` on the device, all values being `shift` bytes behind multiples of 256, and copies back what the
  /// tensors hold then.
  ///
  /// - Returns: `true` iff nothing was written beside the tensors.
  /// - Throws: what the kernel found wrong.
  private func execute(
    _ operation: Operation, _ operands: [GuardedTensor], _ results: [GuardedTensor], _ keys: StepKeys, shift: Int,
    _ products: ProductMethod, _ isInPlace: Bool
  ) throws -> Bool {
    let tensors = operands + results
    var starts = tensors.reduce(into: [shift]) { (all, t) in
      all.append((all[all.count - 1] + t.buffer.byteCount + 2 * Self.gap) / Self.gap * Self.gap + shift)
    }
    let total = starts[tensors.count]
    if isInPlace { starts[operands.count] = starts[operands.count - 1] }
    let work = WorkspaceModel.cuda.bytes(of: operation, operands.map(\.buffer.type))
    let memory = try backend.allocate(persistent: work, arena: total, host: 0)
    let whole = Buffer(address: memory.arena, type: .init(.u8, [total]))
    let image = HostMemory(whole.type)
    image.buffer.fill(with: Self.guardByte)
    for (t, start) in zip(isInPlace ? operands : tensors, starts) {
      (image.buffer.address + start).copyMemory(from: t.buffer.address, byteCount: t.buffer.byteCount)
    }
    backend.upload(image, to: whole)
    let buffers = zip(tensors, starts).map { Buffer(address: memory.arena + $1, type: $0.buffer.type) }
    let kernel = try backend.kernel(
      of: operation, operands: Array(buffers.prefix(operands.count)), results: Array(buffers.dropFirst(operands.count)),
      workspace: .init(start: memory.persistent, count: work), products: products)
    let outcome = Result { () throws(KernelFailure) in try kernel(keys) }
    let after = backend.download(whole)
    if let failure = backend.failure { throw failure }
    for (t, start) in zip(tensors, starts) {
      t.buffer.address.copyMemory(from: after.buffer.address + start, byteCount: t.buffer.byteCount)
    }
    for (t, start) in zip(tensors, starts) {
      (after.buffer.address + start).initializeMemory(
        as: UInt8.self, repeating: Self.guardByte, count: t.buffer.byteCount)
    }
    try outcome.get()
    return after.buffer.bytes.allSatisfy { $0 == Self.guardByte } && memory.isIntact
  }

}
