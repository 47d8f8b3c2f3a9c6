import ArgumentParser
import CPUBackend
import CUDABackend
import CostProfiles
import Glibc
import Operations
import PlanFormat
import Runtime
import Support

/// `cgad calibrate`.
struct Calibrate: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Measures the kernels of a device, for cgadc --cost-profile.",
    discussion: """
      Every operation is executed on a few sizes of operands. The file says for each how long it takes as a function of \
      the FLOPs and of the bytes that it reads and writes; cgadc takes that instead of FLOPs to choose what is recomputed. \
      It is JSON, one operation a line, and may be edited. Let nothing else run meanwhile. On cuda, events of the device tell \
      the times of kernels that are launched one by one; that those of elementwise operations are joined in a graph they do not tell.
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("Write the times here.", valueName: "file"))
  var output = "costs.json"

  @Option(help: "Measure this device.")
  var device = PlanTarget.cpu

  @Option(help: "The number of threads that every kernel of the processor uses, as in plans.")
  var threads = PlanHeader.defaultThreads

  @Option(help: "What the plans call the times; the device, and the number of threads of a processor, by default.")
  var name: String?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads must be at least 1") }
  }

  func run() throws {
    let folder = SearchPath.folder(of: output)
    if !SearchPath.isFolder(folder) { throw Failure(.unusable, "cannot write \(output): there is no folder \(folder)") }
    switch device {
    case .cpu:
      let backend = try failing({ (e: CPUBackend.Unavailable) in .init(.unusable, "\(e)") }) {
        () throws(CPUBackend.Unavailable) in try CPUBackend(threads: threads)
      }
      try measure(backend, called: "\(Self.processor), \(threads) \(threads == 1 ? "thread" : "threads")")
    case .cuda:
      let backend = try CUDABackend.make(usesGraphs: false)
      try measure(backend, called: backend.device.name)
    }
  }

  /// Measures `backend` and writes the profile.
  private func measure<B: Backend>(_ backend: B, called defaultName: String) throws(Failure) {
    let start = ContinuousClock.now
    let classes = try classes(on: backend)
    let name = name ?? defaultName
    let profile = CostProfile(name: name, target: backend.target, threads: threads, classes: classes)
    try write(profile.text)
    if quiet { return }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    print("measured \(classes.count - 2) operations in \(seconds.fixed(1)) s: \(name)")
    print("wrote \(output) (\(profile.digest))      next: cgadc compile MODEL --cost-profile \(output)")
  }

  /// Measures every operation.
  private func classes<B: Backend>(on backend: B) throws(Failure) -> [CostProfile.Class] {
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
    return measured + [
      .init(name: CostProfile.others, bytes: copy), .init(name: CostProfile.copies, bytes: try copies(on: backend)),
    ]
  }

  /// The bytes of copies to the host and back.
  private static let copiedBytes = [1 << 16, 1 << 20, 1 << 24]

  /// Measures copies to the host and back; the times are the means of both ways.
  private func copies<B: Backend>(on backend: B) throws(Failure) -> CostCurve {
    var points: [CostCurve.Point] = []
    for bytes in Self.copiedBytes {
      var sum = 0
      for direction in [HostCopy.Direction.offload, .fetch] {
        sum += try nanoseconds(of: direction.rawValue) { () throws(MachineError) in
          try KernelTimer(copying: bytes, direction, on: backend)
        }
      }
      points.append(.init(work: bytes, nanoseconds: sum / 2))
    }
    return .init(measured: points)
  }

  private func points<B: Backend>(
    of ladder: OperationSample.Ladder, on backend: B
  ) throws(Failure) -> CostCurve {
    var points: [CostCurve.Point] = []
    for sample in ladder.samples {
      func wrong(_ e: ShapeError) -> Failure { .internalError("\(sample.operation.mnemonic): \(e)") }
      let work = try failing(wrong) { () throws(ShapeError) in try sample.work() }
      let results = try failing(wrong) { () throws(ShapeError) in try sample.operation.resultTypes(sample.operands) }
      let workspace = device.workspaceModel(threads: threads).bytes(of: sample.operation, sample.operands)
      let time = try nanoseconds(of: sample.operation.mnemonic) { () throws(MachineError) in
        try KernelTimer(
          sample.operation, sample.operands, results: results, workspaceBytes: workspace, on: backend)
      }
      points.append(.init(work: ladder.measure == .flops ? work.flops : work.bytes, nanoseconds: time))
    }
    return .init(measured: points)
  }

  /// Returns the time of `name`, which `timer` makes ready.
  private func nanoseconds<B: Backend>(
    of name: String, _ timer: () throws(MachineError) -> KernelTimer<B>
  ) throws(Failure) -> Int {
    let timer = try failing({ (e: MachineError) in .init(e) }, timer)
    return try failing({ (e: KernelFailure) in .internalError("\(name): \(e)") }) {
      () throws(KernelFailure) in try timer.nanoseconds()
    }
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
