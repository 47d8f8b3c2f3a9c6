import ArgumentParser
import CPUBackend
import Glibc
import Operations
import PlanFormat
import Runtime
import Support

/// `cgad run`.
struct Run: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Trains as a plan says.",
    discussion: """
      The plan is verified first. Data files are looked for beside the plan, in 'data' beside the plan, and in the \
      current folder. SIGINT and SIGTERM end the run after the current step; with --save-dir its state is \
      saved then, and --resume goes on with the very steps that would have followed. In the output of --json, 'loss' and \
      'lr', the learning rate, have one number for each step, 'metrics' those of the last step and, as eval.NAME, of the last evaluation; the numbers of \
      instructions and of bytes freed are those of one training step.
      """)

  @Argument(
    help: """
      The plan, made by cgadc compile; or several of one model, as cgadc compile --ladder makes them: the fastest is taken that \
      fits --memory-limit, or else the memory of the device.
      """)
  var plan: [String]

  @OptionGroup var state: StateOptions

  @Option(help: "Do this many steps instead of those that the plan asks for.")
  var steps: Int?

  @Option(help: "Take this seed for initial values, batches and dropout instead of the plan's.")
  var seed: Int?

  @OptionGroup var data: DataOptions

  @Flag(help: "Take seeded numbers instead of the data files.")
  var synthetic = false

  @OptionGroup var device: DeviceOptions

  @Option(
    help: "Refuse to start if the plan needs more than this, as 64MiB or 67108864.", transform: Run.bytes)
  var memoryLimit: ByteCount?

  @Option(help: "Write a record of each step and evaluation to this file, m.jsonl or m.csv.")
  var metrics: String?

  @Option(help: "Write parameters and the last gradients to this folder, as .npy files.")
  var dumpTensors: String?

  @OptionGroup var measuring: MeasuringOptions

  @Flag(help: "Print one JSON document.")
  var json = false

  private static func bytes(_ text: String) throws -> ByteCount {
    guard let bytes = ByteCount(parsing: text) else {
      throw ValidationError("expected a number of bytes such as 64MiB, not '\(text)'")
    }
    return bytes
  }

  func validate() throws {
    if let steps, steps < 1 { throw ValidationError("--steps must be at least 1") }
    if let seed, seed < 0 { throw ValidationError("--seed must not be negative") }
    if json, measuring.profile { throw ValidationError("--profile is a table for people; --trace goes with --json") }
  }

  func run() throws {
    let ladder = try Ladder(plan)
    let limit = memoryLimit.map { SystemMemory.Limit(bytes: $0.value, origin: "the --memory-limit") }
    switch device.device {
    case .cpu:
      let loaded = try ladder.rung(within: limit ?? (ladder.isChoice ? SystemMemory.limit() : nil))
      try run(loaded, on: device.backend(for: loaded))
    case .cuda:
      if ladder.isChoice, limit == nil {
        let cuda = try device.cuda()
        return try run(ladder.rung(within: cuda.freeMemory()), on: cuda)
      }
      let loaded = try ladder.rung(within: limit)
      try run(loaded, on: device.backend(for: loaded))
    }
  }

  private func run<B: Backend>(_ loaded: LoadedPlan, on backend: B) throws(Failure) {
    let metricsFile = try metrics.map { (path) throws(Failure) in try MetricsFile(path, for: loaded.plan) }
    if let dumpTensors { try Self.writing { () throws(FileError) in try AtomicFile.makeFolder(dumpTensors) } }
    let session = try Session<B>.make(
      loaded, on: backend, data: data.catalog(of: loaded, isSynthetic: synthetic), seed: seed)
    try state.prepare(session)
    let saver = try state.saveDir.map { (folder) throws(Failure) in try CheckpointSaver<B>(folder, session) }
    Self.noteUnsaved(loaded.plan, saver)
    if measuring.isAsked { session.machine.record(loaded.verified.train) }
    var record = RunRecord(loaded)
    record.resumedSteps = session.stepCount
    Interrupt.install()
    let end = try train(session, metricsFile, saver, &record)
    try metricsFile?.finish()
    try finish(session, record, end)
  }

  /// Says that the plan's `save` has no effect where there is nowhere to save to.
  private static func noteUnsaved<B: Backend>(_ plan: Plan, _ saver: CheckpointSaver<B>?) {
    guard saver == nil, let saving = plan.training.saving else { return }
    Terminal.say("note: the plan saves every \(saving.period), but without --save-dir FOLDER nothing is saved")
  }

  private func train<B: Backend>(
    _ session: Session<B>, _ metricsFile: MetricsFile?, _ saver: CheckpointSaver<B>?, _ record: inout RunRecord
  ) throws(Failure) -> TrainingEnd {
    let trainer = Trainer(session, steps: steps)
    if session.stepCount >= trainer.stepCount {
      Terminal.say("nothing to do: \(session.stepCount) steps are done, \(trainer.stepCount) are asked for")
    }
    var progress = Progress(stepCount: trainer.stepCount)
    let gradients = dumpTensors == nil ? nil : GradientCopies(session.machine.verified)
    let observed = Reference(GradientDigest(session.machine.verified))
    let (end, failure) = Self.outcome {
      () throws(ExecutionFailure) in
      try trainer.run(
        observer: { (o) in
          observed.value.add(o)
          gradients?.add(o)
        }, isInterrupted: { Interrupt.signal != nil || saver?.failure != nil },
        report: { (event) in
          record.add(event)
          progress.show(event)
          metricsFile?.record(event)
          if case .checkpoint = event { saver?.save() }
        })
    }
    progress.finish()
    if end == .finished || end == .interrupted { saver?.save() }
    if let failure = saver?.failure { throw failure }
    record.checkpoint = saver?.lastPath
    record.gradients = gradients
    record.gradientsDigest = end == .finished ? observed.value.value : nil
    guard let end else { throw .init(.refused, failure?.description ?? "") }
    return end
  }

  private static func outcome(
    _ body: () throws(ExecutionFailure) -> TrainingEnd
  ) -> (TrainingEnd?, ExecutionFailure?) {
    do throws(ExecutionFailure) { return (try body(), nil) } catch { return (nil, error) }
  }

  /// Checks what was measured against the plan, prints the results, and ends as the training ended.
  private func finish<B: Backend>(_ session: Session<B>, _ record: RunRecord, _ end: TrainingEnd) throws(Failure) {
    try session.machine.checkMeasuredPeak()
    if let dumpTensors {
      try Self.writing { () throws(FileError) in
        try TensorDump(folder: dumpTensors).write(session.machine, record.gradients)
      }
    }
    let report = RunReport(record, session)
    let text = json ? report.json.text + "\n" : report.text + measuring.table(of: session.machine)
    try measuring.write(session.machine)
    try session.machine.checkReadings()
    print(text, terminator: "")
    switch end {
    case .finished: return
    case .notFinite(let step, let loss):
      throw .init(.notFinite, "the loss of step \(step) is \(loss); training stopped; try a smaller learning rate")
    case .interrupted:
      let saved = record.checkpoint.map { ", saved in \($0)" } ?? ""
      Terminal.say("cgad: interrupted after step \(session.stepCount)\(saved)")
      Glibc.exit(128 + (Interrupt.signal ?? SIGINT))
    }
  }

  private static func writing<T>(_ body: () throws(FileError) -> T) throws(Failure) -> T {
    try failing({ (e: FileError) in .init(.unusable, "cannot write \(e)") }, body)
  }

}

/// A value that closures share.
final class Reference<Value> {

  var value: Value

  init(_ value: Value) { self.value = value }

}

extension Session {

  /// Allocates the memory of `loaded`, opens its data and initialises its storage.
  static func make(
    _ loaded: LoadedPlan, on backend: B, data: DataCatalog, seed: Int?
  ) throws(Failure) -> Session {
    let machine = try failing({ (e: MachineError) in .init(e) }) { () throws(MachineError) in
      try Machine(loaded.verified, on: backend)
    }
    return try failing({ (e: DataFailure) in .init(e) }) { () throws(DataFailure) in
      try Session(machine, data: data, seed: UInt64(seed ?? loaded.plan.training.seed))
    }
  }

}

extension CPUBackend {

  /// Returns a backend with the threads that `loaded` asks for.
  static func make(for loaded: LoadedPlan) throws(Failure) -> CPUBackend {
    try failing({ (e: CPUBackend.Unavailable) in .init(.unusable, "\(loaded.path): \(e)") }) {
      () throws(CPUBackend.Unavailable) in try CPUBackend(threads: loaded.plan.header.threads)
    }
  }

}

extension Machine {

  /// Throws if what was read from the device is not what it holds.
  func checkReadings() throws(Failure) { if let failure { throw .init(.refused, failure.description) } }

  /// Throws unless the memory used is what the plan says.
  func checkMeasuredPeak() throws(Failure) {
    let isIntact = isMemoryIntact
    try checkReadings()
    if !isIntact { throw .internalError("a kernel wrote outside the plan's memory") }
    if measuredPeakBytes != plannedPeakBytes {
      throw .internalError("the plan says a peak of \(plannedPeakBytes) bytes, measured were \(measuredPeakBytes)")
    }
    if measuredHostBytes != plannedHostBytes {
      throw .internalError("the plan says \(plannedHostBytes) host bytes, measured were \(measuredHostBytes)")
    }
  }

}
