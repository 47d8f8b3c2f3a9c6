import CCUDA
import CPUBackend
import CUDAKernels
package import Operations
package import Runtime

/// Executes operations on a CUDA device, all in the order of one stream; copies of plans to the host and back are made in
/// another one.
///
/// A sequence of kernels is recorded as a graph when it is first executed, and is one launch from then on. In eager mode,
/// and where a kernel is called by itself, each operation is waited for, so that an error names it.
package final class CUDABackend: Backend {

  package let target = "cuda"

  package let device: Device

  let module: KernelModule

  /// The numbers of the step, as kernels read them.
  let keys: Words

  let scalars: WordPool

  let failures: WordPool

  /// Computes initial values, which are copied to the device.
  private let processor: CPUBackend

  private let usesGraphs: Bool

  package var joinsKernels: Bool { usesGraphs }

  package private(set) var failure: KernelFailure?

  /// What the kernels that are called have to do, while a sequence is collected.
  private var collected: [RecordedAction]?

  /// cuBLASLt, opened for the first plan that asks for it.
  private var products: ProductLibrary?

  /// What measures, made for the first measurement.
  private var stopwatch: Stopwatch?

  /// The same while a kernel is measured.
  private(set) var timing: Stopwatch?

  /// The stream of copies, made for the first one.
  private var copies: CopyStream?

  /// The position in the sequence that is collected.
  private var position = 0

  /// Opens the device and loads its kernels.
  ///
  /// - Parameter usesGraphs: `false` iff every operation is to be launched and waited for by itself.
  /// - Throws: if there is no driver, no device, or no way to get kernels for it.
  package init(usesGraphs: Bool = true) throws(CUDAError) {
    device = try Device()
    module = try KernelModule(.builtIn, on: device)
    keys = try Words(count: 2, on: device)
    (scalars, failures) = (WordPool(device), WordPool(device))
    self.usesGraphs = usesGraphs
    do throws(CPUBackend.Unavailable) { processor = try CPUBackend(threads: 1) } catch {
      throw .compilation(options: [], log: error.description)
    }
  }

  /// Where the kernels came from, for people.
  package var kernelOrigin: String { module.origin }

  package func allocate(persistent: Int, arena: Int, host: Int) throws(MachineError) -> any PlanMemory {
    let pinned = host == 0 ? nil : try PinnedMemory(byteCount: host, on: device)
    do throws(CUDAError) {
      return try CUDAPlanMemory(persistent: persistent, arena: arena, pinned: pinned, on: self)
    } catch {
      guard case .call(let e) = error, Int(e.code) == CGAD_CU_OUT_OF_MEMORY else { throw .device(error.description) }
      let free = (try? device.memoryInformation())?.free ?? 0
      throw .deviceOutOfMemory(byteCount: persistent + arena, free: free, device: device.name)
    }
  }

  package func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer
  ) throws(MachineError) -> Kernel {
    try kernel(of: operation, operands: operands, results: results, workspace: workspace, products: .init())
  }

  package func require(_ products: ProductMethod) throws(MachineError) {
    if products.library == .cublaslt {
      do throws(CUDAError) { _ = try productLibrary() } catch { throw .device(error.description) }
    }
    let precision = products.precision
    if precision == .f32 || device.capability >= Device.leastTensorCapability { return }
    let (least, name) = (Device.text(of: Device.leastTensorCapability), device.name)
    throw .precision(
      precision,
      reason: "that takes tensor cores of compute capability \(least), and \(name) has \(device.capabilityText)")
  }

  package func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer,
    products: ProductMethod
  ) throws(MachineError) -> Kernel {
    let bytes = (operands + results).reduce(0) { $0 + $1.byteCount }
    let types = operands.map(\.type.description).joined(separator: ", ")
    let name = "\(operation.mnemonic) of \(types) (\(bytes) bytes)"
    let bound: BoundWork
    do throws(CUDAError) {
      try device.enter()
      bound = try BoundWork(
        work(for: operation, operands: operands, results: results, products), name: name, workspace: workspace,
        memory: Footprint(of: operation, operands, results, workspace),
        step: ElementwiseStep(operation, operands, results), on: self)
    } catch {
      if case .missingKernel(let kernel) = error {
        throw .unsupported(operation: "\(name): there is no '\(kernel)'", place: nil)
      }
      if case .product(let problem) = error { throw .product("\(problem)", place: nil) }
      throw .device("\(name): \(error)")
    }
    return { (keys) throws(KernelFailure) in try self.execute(bound, keys) }
  }

  /// Returns cuBLASLt, opened now if it was not.
  ///
  /// - Throws: what was looked for in vain, or what the library says.
  func productLibrary() throws(CUDAError) -> ProductLibrary {
    if let products { return products }
    let new = try ProductLibrary(on: device)
    products = new
    return new
  }

  /// The version of cuBLASLt.
  ///
  /// - Throws: why there is none.
  package func productLibraryVersion() throws(CUDAError) -> String { try productLibrary().version }

  /// The number of algorithms that cuBLASLt chose so far.
  package var productAlgorithmCount: Int { products?.algorithmCount ?? 0 }

  /// Returns the stream of copies.
  func copyStream() throws(CUDAError) -> CopyStream {
    if let copies { return copies }
    let new = try CopyStream(on: device)
    copies = new
    return new
  }

  /// Notes `action` if a sequence is collected; `false` iff none is.
  @discardableResult
  func collect(_ action: RecordedAction) -> Bool {
    if collected == nil { return false }
    collected?.append(action)
    return true
  }

  /// Executes `work` and waits for it, or notes it while a sequence is collected.
  private func execute(_ work: BoundWork, _ keys: StepKeys) throws(KernelFailure) {
    if collect(.work(work, position: position)) { return }
    if let failure { throw failure }
    let found: KernelFailure?
    do throws(CUDAError) { found = try launch(work, keys) } catch { throw note(error) }
    if let found { throw found }
  }

  /// Returns the time between events around what `kernel` has the device do.
  package func timed(_ kernel: Kernel, _ keys: StepKeys) throws(KernelFailure) -> Duration? {
    let watch: Stopwatch
    do throws(CUDAError) { watch = try timer() } catch { throw note(error) }
    timing = watch
    defer { timing = nil }
    watch.reset()
    try kernel(keys)
    return watch.elapsed
  }

  /// Returns what measures.
  private func timer() throws(CUDAError) -> Stopwatch {
    if let stopwatch { return stopwatch }
    try device.enter()
    let new = try Stopwatch(on: device)
    stopwatch = new
    return new
  }

  /// Executes `work`, waits for it, and returns what its kernels found wrong.
  private func launch(_ work: BoundWork, _ keys: StepKeys) throws(CUDAError) -> KernelFailure? {
    try device.enter()
    setNumbers(of: [work], keys)
    try uploadNumbers(of: [work])
    try timing?.begin(in: device.stream, work.name)
    try work.enqueue(on: device)
    try timing?.stop(in: device.stream, work.name)
    try downloadFailures(of: [work])
    try device.synchronize(work.name)
    try timing?.read(work.name)
    if !work.hasFailed { return nil }
    let failure = work.kernelFailure
    try clearFailures(of: [work])
    return failure
  }

  package func execute(
    _ sequence: KernelSequence, _ keys: StepKeys, meanwhile: () -> Void
  ) throws(SequenceFailure) {
    if !usesGraphs { return try executeEagerly(sequence, keys) }
    if let failure { throw .init(position: nil, failure) }
    let found: SequenceFailure?
    do throws(CUDAError) {
      try device.enter()
      let recording = try recording(of: sequence)
      try recording.replay(keys, on: self, meanwhile: meanwhile)
      found = try recording.takeFailure(on: self)
    } catch {
      let advice = error.isSticky ? "; --no-cuda-graph tells which operation it was" : ""
      throw .init(position: error.position, .init(note(error).description + advice))
    }
    if let found { throw found }
  }

  private func executeEagerly(_ sequence: KernelSequence, _ keys: StepKeys) throws(SequenceFailure) {
    for (i, kernel) in sequence.kernels.enumerated() {
      do throws(KernelFailure) { try kernel(keys) } catch { throw .init(position: i, error) }
    }
    if let failure { throw .init(position: nil, failure) }
  }

  /// Returns the recording of `sequence`, made now if there is none.
  private func recording(of sequence: KernelSequence) throws(CUDAError) -> Recording {
    if let known = sequence.recording as? Recording { return known }
    let new = try Recording(collect(sequence), on: self)
    sequence.recording = new
    return new
  }

  /// Returns what the kernels of `sequence` have to do.
  func collect(_ sequence: KernelSequence) -> [RecordedAction] {
    collected = []
    defer { collected = nil }
    for (i, kernel) in sequence.kernels.enumerated() {
      position = i
      do throws(KernelFailure) { try kernel(.init(seed: 0)) } catch {
        preconditionFailure("a kernel failed that was not executed: \(error)")
      }
      if let dead = sequence.released[i] { collect(.release(.init(of: dead))) }
    }
    return collected ?? []
  }

  package func initialize(_ buffer: Buffer, as initializer: Initializer, seed: UInt64, path: String) {
    let memory = HostMemory(buffer.type)
    processor.initialize(memory.buffer, as: initializer, seed: seed, path: path)
    upload(memory, to: buffer)
  }

  package func fill(_ buffer: Buffer, with byte: UInt8) {
    let (address, words) = (buffer.deviceAddress, CUDAPlanMemory.words(buffer.byteCount))
    let word = UInt32(byte) &* 0x0101_0101
    if collect(.fill(address, words: words, with: word)) { return }
    noting { () throws(CUDAError) in try set(address, words: words, to: word, "a deleted value") }
  }

  /// Executes `body` on the device's context, unless something failed before, and notes if it fails.
  func noting(_ body: () throws(CUDAError) -> Void) {
    if failure != nil { return }
    do throws(CUDAError) {
      try device.enter()
      try body()
    } catch { _ = note(error) }
  }

  /// Notes that the device failed, and returns the first failure.
  private func note(_ error: CUDAError) -> KernelFailure {
    let first = failure ?? KernelFailure(error.description)
    failure = first
    return first
  }

}

extension KernelSource {

  /// The kernels of this program.
  static var builtIn: KernelSource { .init(text: cgad_cuda_source_text(), byteCount: cgad_cuda_source_size) }

}
