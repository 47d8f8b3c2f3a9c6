import CCUDA
import Operations
import Runtime

/// A run of elementwise operations as one launch with all arguments in place.
final class BoundRun {

  /// The operations, for people.
  let name: String

  private let launch: BoundLaunch

  /// Creates the launch of `program`, which lies at `address`.
  init(_ program: RunProgram, at address: UInt64, count: Int, name: String, on backend: CUDABackend) throws(CUDAError) {
    self.name = name
    let values = [UInt64(count), address, backend.keys.address]
    let arguments = LaunchArguments(count: values.count)
    for (i, value) in values.enumerated() { arguments.set(i, value) }
    let launch = Launch.run(over: count, slots: program.slotCount, [.count(count), .address(address), .keys])
    self.launch = .init(launch, try backend.module.function(launch.kernel), arguments)
  }

  func enqueue(on device: Device) throws(CUDAError) { try launch.enqueue(on: device, for: name) }

}

extension Launch {

  /// The launch of a program for `count` elements, each thread of which takes eight at a time and has as many slots.
  fileprivate static func run(over count: Int, slots: Int, _ arguments: [Argument]) -> Launch {
    let threads = quotient(count, 8)
    let block = min(128, quotient(threads, 32) * 32)
    return .init(
      "cgad_cuda_run", grid: .init(min(blockLimit, quotient(threads, block))), block: .init(block),
      sharedBytes: slots * block * 32, arguments)
  }

}

/// The works of a sequence with elementwise operations joined to runs, and the memory of the runs' programs.
final class RunPrograms {

  let actions: [RecordedAction]

  /// The programs one behind the other, for as long as kernels read them; `nil` if there are none.
  private let words: Words?

  /// Joins the elementwise works among `actions`, and copies the programs to the device.
  init(_ actions: [RecordedAction], on backend: CUDABackend) throws(CUDAError) {
    let parts = Fusion.parts(of: actions.map(\.fusionItem))
    let programs = parts.map { if case .run(let run, _) = $0 { RunProgram(run) } else { nil as RunProgram? } }
    let texts = programs.map { $0?.words ?? [] }
    let total = texts.reduce(0) { $0 + $1.count }
    words = total == 0 ? nil : try Words(count: total, on: backend.device)
    var (result, end): ([RecordedAction], Int) = ([], 0)
    for (i, part) in parts.enumerated() {
      switch part {
      case .item(let position): result.append(actions[position])
      case .run(let run, let members):
        guard let words, let program = programs[i] else { preconditionFailure("a run without a program") }
        for (j, word) in texts[i].enumerated() { words.host[end + j] = word }
        let name = "a run of \(actions.names(at: members))"
        result.append(
          .run(
            try BoundRun(program, at: words.address + UInt64(8 * end), count: run.count, name: name, on: backend)))
        end += texts[i].count
      }
    }
    self.actions = result
    try words?.upload()
    if words != nil { try backend.device.synchronize("copying the programs of runs") }
  }

}

extension RecordedAction {

  /// What `Fusion` has to know of it.
  var fusionItem: FusionItem {
    switch self {
    case .work(let work, _): .work(work.memory, step: work.step)
    case .fill(let address, let words, _):
      .work(.init(reads: [], writes: [.init(start: address, byteCount: 4 * words)]), step: nil)
    case .release(let range): .release(range)
    case .begin, .wait, .run: .barrier
    }
  }

}

extension [RecordedAction] {

  /// The names of the works at `positions`, for people.
  fileprivate func names(at positions: [Int]) -> String {
    let names = positions.compactMap { if case .work(let work, _) = self[$0] { work.name } else { nil } }
    return "\(names.count) operations: \(names.joined(separator: "; "))"
  }

}

extension MemoryRange {

  /// The bytes of `buffer`.
  init(of buffer: Buffer) { self.init(start: buffer.deviceAddress, byteCount: buffer.byteCount) }

}

extension Footprint {

  /// What `operation` reads and writes: its operands, of which those that it updates are written, too; its results; and its
  /// workspace.
  init(
    of operation: Operation, _ operands: [Buffer], _ results: [Buffer], _ workspace: UnsafeMutableRawBufferPointer
  ) {
    let scratch = MemoryRange(
      start: UInt64(UInt(bitPattern: workspace.baseAddress)), byteCount: workspace.count)
    let written = operands.prefix(operation.writtenCount) + results
    self.init(reads: operands.map { .init(of: $0) }, writes: written.map { .init(of: $0) } + [scratch])
  }

}
