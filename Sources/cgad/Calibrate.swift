import ArgumentParser
import CPUBackend
import CostProfiles
import Glibc
import Operations
import PlanFormat
import Runtime
import Support

/// `cgad calibrate`.
struct Calibrate: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Measures the kernels of this machine, for cgadc --cost-profile.",
    discussion: """
      Every operation is executed on a few sizes of operands. The file says for each how long it takes as a function of \
      the FLOPs and of the bytes that it reads and writes; cgadc takes that instead of FLOPs to choose what is recomputed. \
      It is JSON, one operation a line, and may be edited. Let nothing else run meanwhile.
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("Write the times here.", valueName: "file"))
  var output = "costs.json"

  @Option(help: "The number of threads that every kernel uses, as in plans.")
  var threads = PlanHeader.defaultThreads

  @Option(help: "What the plans call the times; the processor and the number of threads by default.")
  var name: String?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads must be at least 1") }
  }

  func run() throws {
    let folder = SearchPath.folder(of: output)
    if !SearchPath.isFolder(folder) { throw Failure(.unusable, "cannot write \(output): there is no folder \(folder)") }
    let backend = try failing({ (e: CPUBackend.Unavailable) in .init(.unusable, "\(e)") }) {
      () throws(CPUBackend.Unavailable) in try CPUBackend(threads: threads)
    }
    let start = ContinuousClock.now
    let classes = try classes(on: backend)
    let name = name ?? "\(Self.processor), \(threads) \(threads == 1 ? "thread" : "threads")"
    let profile = CostProfile(name: name, target: backend.target, threads: threads, classes: classes)
    try write(profile.text)
    if quiet { return }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    print("measured \(classes.count - 1) operations in \(seconds.fixed(1)) s: \(name)")
    print("wrote \(output) (\(profile.digest))      next: cgadc compile MODEL --cost-profile \(output)")
  }

  /// Measures every operation.
  private func classes(on backend: CPUBackend) throws(Failure) -> [CostProfile.Class] {
    var curves: [String: (flops: CostCurve?, bytes: CostCurve?)] = [:]
    for ladder in OperationSample.ladders {
      let points = try points(of: ladder, on: backend)
      switch ladder.measure {
      case .flops: curves[ladder.mnemonic, default: (nil, nil)].flops = points
      case .bytes: curves[ladder.mnemonic, default: (nil, nil)].bytes = points
      }
    }
    guard let copy = curves["reshape"]?.bytes else { throw .internalError("reshape was not measured") }
    let measured = curves.map { CostProfile.Class(name: $0.key, flops: $0.value.flops, bytes: $0.value.bytes) }
    return measured + [.init(name: CostProfile.others, bytes: copy)]
  }

  private func points(
    of ladder: OperationSample.Ladder, on backend: CPUBackend
  ) throws(Failure) -> CostCurve {
    var points: [CostCurve.Point] = []
    for sample in ladder.samples {
      let measurement = try SampleMeasurement(sample, on: backend)
      let work = ladder.measure == .flops ? measurement.flops : measurement.bytes
      points.append(.init(work: work, nanoseconds: try measurement.nanoseconds()))
    }
    return .init(measured: points)
  }

  private func write(_ text: String) throws(Failure) {
    var bytes = Array(text.utf8)
    let failure = bytes.withUnsafeMutableBytes { (b) -> Failure? in
      do throws(FileError) {
        try AtomicFile.write([.init(b)], to: output)
        return nil
      } catch { return .init(.unusable, "cannot write \(error)") }
    }
    if let failure { throw failure }
  }

  /// The processor's name, as the operating system has it.
  private static var processor: String {
    let file = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC)
    defer { if file >= 0 { close(file) } }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)  // the first processor's lines
    let count = max(0, read(file, &bytes, bytes.count))
    let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
    guard let name = lines.first(where: { $0.hasPrefix("model name") })?.split(separator: ":", maxSplits: 1).last else {
      return "unknown processor"
    }
    return name.split(whereSeparator: { !$0.isASCII || $0.isWhitespace || $0 == "\"" }).joined(separator: " ")
  }

}

/// An operation in memory of its own, executed again and again.
private struct SampleMeasurement {

  let flops: Int

  let bytes: Int

  private let kernel: Kernel

  /// The memory of operands and results, which the kernel accesses.
  private let memory: SampleMemory

  init(_ sample: OperationSample, on backend: CPUBackend) throws(Failure) {
    func wrong(_ e: ShapeError) -> Failure { .internalError("\(sample.operation.mnemonic): \(e)") }
    (flops, bytes) = try failing(wrong) { () throws(ShapeError) in try sample.work() }
    let types = try failing(wrong) { () throws(ShapeError) in try sample.operation.resultTypes(sample.operands) }
    let workspace = backend.workspaceModel.bytes(of: sample.operation, sample.operands)
    memory = SampleMemory(sample.operands, types, workspace: workspace)
    kernel = backend.kernel(
      of: sample.operation, operands: memory.operands, results: memory.results, workspace: memory.workspace)
  }

  /// Returns the median time of one execution: of at least 5 executions, and as many as 3 ms have.
  func nanoseconds() throws(Failure) -> Int {
    var times: [Double] = []
    let keys = StepKeys(seed: 1)
    do throws(KernelFailure) {
      for _ in 0..<2 { try kernel(keys) }
      let begin = ContinuousClock.now
      while times.count < 5 || (times.count < 1000 && ContinuousClock.now - begin < .milliseconds(3)) {
        let start = ContinuousClock.now
        try kernel(keys)
        times.append((ContinuousClock.now - start) / .nanoseconds(1))
      }
    } catch { throw .internalError("\(error)") }
    return Int(times.median ?? 0)
  }

}

/// Operands filled with numbers that every operation takes, results and what a kernel works in.
private final class SampleMemory {

  let operands: [Buffer]

  let results: [Buffer]

  /// What the kernel works in.
  let workspace: UnsafeMutableRawBufferPointer

  init(_ operands: [TensorType], _ results: [TensorType], workspace bytes: Int) {
    func buffer(_ type: TensorType) -> Buffer {
      .init(address: .allocate(byteCount: max(64, type.size.value), alignment: 64), type: type)
    }
    self.operands = operands.map(buffer)
    self.results = results.map(buffer)
    workspace = .allocate(byteCount: bytes, alignment: 64)
    for b in self.operands + self.results {
      b.fill(with: 0)
      if b.type.element == .f32 { for i in b.floats.indices { b.floats[i] = 0.5 } }
    }
  }

  deinit {
    for b in operands + results { b.address.deallocate() }
    workspace.deallocate()
  }

}
