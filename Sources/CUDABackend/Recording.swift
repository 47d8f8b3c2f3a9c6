import CCUDA
import Runtime

/// What a sequence has a device do.
enum RecordedAction {

  /// The launches of the kernel at `position` of the sequence.
  case work(BoundWork, position: Int)

  /// Begins a copy in the stream of copies.
  case begin(CopyWork)

  /// Waits for a copy.
  case wait(CopyWork)

  /// Sets 32-bit words.
  case fill(UInt64, words: Int, with: UInt32)

  /// Nothing to do: these bytes are read no more before something writes them.
  case release(MemoryRange)

  /// One launch in the place of several works.
  case run(BoundRun)

}

/// A sequence of kernels as a graph that is launched as one.
///
/// The graph copies the numbers of the step to the device, executes the kernels, and copies their failure words back.
/// Elementwise operations are joined to runs, as `Fusion` says.
final class Recording {

  private let works: [(work: BoundWork, position: Int)]

  /// The programs of runs, which the kernels read.
  private let programs: RunPrograms

  private let executable: cgad_cu_graph_exec

  private let device: Device

  /// Records `actions`, in order.
  ///
  /// - Throws: what the driver says; nothing was executed then.
  init(_ actions: [RecordedAction], on backend: CUDABackend) throws(CUDAError) {
    works = actions.compactMap { (a) in
      if case .work(let work, let position) = a { (work, position) } else { nil }
    }
    device = backend.device
    programs = try RunPrograms(actions, on: backend)
    let driver = device.driver
    try driver.check("cuStreamBeginCapture") { [device] in
      driver.cuStreamBeginCapture_v2(device.stream, UInt32(CGAD_CU_CAPTURE_RELAXED))
    }
    var problem: CUDAError?
    do throws(CUDAError) { try Self.enqueue(programs.actions, works.map(\.work), on: backend) } catch {
      problem = error
    }
    var graph: cgad_cu_graph?
    let ended = driver.cuStreamEndCapture(device.stream, &graph)
    defer { if let graph { _ = driver.cuGraphDestroy(graph) } }
    if let problem { throw problem }
    try driver.check("cuStreamEndCapture after \(works.count) operations") { ended }
    let executable: cgad_cu_graph_exec? = try driver.value("cuGraphInstantiate of \(works.count) operations") {
      driver.cuGraphInstantiateWithFlags($0, graph, 0)
    }
    guard let executable else { preconditionFailure("cuGraphInstantiate succeeded without a graph") }
    self.executable = executable
  }

  deinit { _ = device.driver.cuGraphExecDestroy(executable) }

  private static func enqueue(
    _ actions: [RecordedAction], _ works: [BoundWork], on backend: CUDABackend
  ) throws(CUDAError) {
    try backend.uploadNumbers(of: works)
    var copies: CopyStream?
    for a in actions {
      switch a {
      case .work(let work, let position):
        do throws(CUDAError) { try work.enqueue(on: backend.device) } catch { throw error.located(at: position) }
      case .begin(let copy):
        try copy.begin()
        copies = copy.copies
      case .wait(let copy): try copy.wait()
      case .fill(let address, let words, let word): try backend.set(address, words: words, to: word, "a deleted value")
      case .release: continue
      case .run(let run): try run.enqueue(on: backend.device)
      }
    }
    try copies?.join("the end of a step")  // a section may end before what waits for a copy
    try backend.downloadFailures(of: works)
  }

  /// Executes the kernels, calls `meanwhile`, and waits for them.
  func replay(_ keys: StepKeys, on backend: CUDABackend, meanwhile: () -> Void) throws(CUDAError) {
    backend.setNumbers(of: works.map(\.work), keys)
    try device.driver.check("cuGraphLaunch of \(works.count) operations") {
      device.driver.cuGraphLaunch(executable, device.stream)
    }
    meanwhile()
    try device.synchronize("a graph of \(works.count) operations")
  }

  /// Returns the first failure that the kernels left, with its position; all are cleared.
  func takeFailure(on backend: CUDABackend) throws(CUDAError) -> SequenceFailure? {
    guard let (work, position) = works.first(where: { $0.work.hasFailed }) else { return nil }
    let failure = work.kernelFailure
    try backend.clearFailures(of: works.map(\.work))
    return .init(position: position, failure)
  }

}
