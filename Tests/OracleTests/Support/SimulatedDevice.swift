import CUDABackend
import Glibc
import Operations
import Runtime

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

  /// Opens the simulator, which is built beside the tests.
  private init() throws {
    var program = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &program, program.count - 1)
    let path = String(decoding: program.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let library = path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/libCUDASimulator.so"
    setenv("CGAD_LIBCUDA", library, 1)
    setenv("CGAD_LIBNVRTC", library, 1)
    backend = try CUDABackend()
  }

  /// Executes `operation` on operands with these values, all tensors being `shift` bytes behind multiples of 256.
  func outcome(
    of operation: Operation, _ values: [(TensorType, ReferenceTensor)], _ keys: StepKeys, shift: Int = 0,
    precision: MatrixPrecision = .f32
  ) throws -> Outcome {
    let operands = values.map { GuardedTensor($0, $1) }
    let results = try operation.resultTypes(values.map(\.0)).map { GuardedTensor($0) }
    do {
      let isIntact = try execute(operation, operands, results, keys, shift: shift, precision)
      return .init(tensors: (operands + results).map(\.values), isIntact: isIntact, failure: nil)
    } catch let failure as KernelFailure {
      return .init(tensors: (operands + results).map(\.values), isIntact: true, failure: failure)
    }
  }

  /// Executes `operation` on the device, all values being `shift` bytes behind multiples of 256, and copies back what the
  /// tensors hold then.
  ///
  /// - Returns: `true` iff nothing was written beside the tensors.
  /// - Throws: what the kernel found wrong.
  private func execute(
    _ operation: Operation, _ operands: [GuardedTensor], _ results: [GuardedTensor], _ keys: StepKeys, shift: Int,
    _ precision: MatrixPrecision
  ) throws -> Bool {
    let tensors = operands + results
    let starts = tensors.reduce(into: [shift]) { (all, t) in
      all.append((all[all.count - 1] + t.buffer.byteCount + 2 * Self.gap) / Self.gap * Self.gap + shift)
    }
    let total = starts[tensors.count]
    let work = WorkspaceModel.cuda.bytes(of: operation, operands.map(\.buffer.type))
    let memory = try backend.allocate(persistent: work, arena: total, host: 0)
    let whole = Buffer(address: memory.arena, type: .init(.u8, [total]))
    let image = HostMemory(whole.type)
    image.buffer.fill(with: Self.guardByte)
    for (t, start) in zip(tensors, starts) {
      (image.buffer.address + start).copyMemory(from: t.buffer.address, byteCount: t.buffer.byteCount)
    }
    backend.upload(image, to: whole)
    let buffers = zip(tensors, starts).map { Buffer(address: memory.arena + $1, type: $0.buffer.type) }
    let kernel = try backend.kernel(
      of: operation, operands: Array(buffers.prefix(operands.count)), results: Array(buffers.dropFirst(operands.count)),
      workspace: .init(start: memory.persistent, count: work), precision: precision)
    let outcome = Result { () throws(KernelFailure) in try kernel(keys) }
    let after = backend.download(whole)
    if let failure = backend.failure { throw failure }
    for (t, start) in zip(tensors, starts) {
      t.buffer.address.copyMemory(from: after.buffer.address + start, byteCount: t.buffer.byteCount)
      (after.buffer.address + start).initializeMemory(
        as: UInt8.self, repeating: Self.guardByte, count: t.buffer.byteCount)
    }
    try outcome.get()
    return after.buffer.bytes.allSatisfy { $0 == Self.guardByte } && memory.isIntact
  }

}
