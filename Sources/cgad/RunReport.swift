import Glibc
import Operations
import PlanFormat
import Runtime
import Support

/// What is remembered of a run while it goes on.
struct RunRecord {

  let plan: LoadedPlan

  /// The loss of each step.
  private(set) var losses: [Double] = []

  /// The learning rate that each step used; none if the plan updates no parameter.
  private(set) var rates: [Double] = []

  /// The time of each step in milliseconds.
  private(set) var milliseconds: [Double] = []

  /// What the last step reported, but for the loss.
  private(set) var metrics: [ReportedValue] = []

  /// What the last evaluation reported.
  private(set) var evaluation: [ReportedValue] = []

  /// The gradients of the last step, if they were asked for.
  var gradients: GradientCopies?

  var gradientsDigest: String?

  /// The steps that were done before this run.
  var resumedSteps = 0

  /// The last checkpoint written.
  var checkpoint: String?

  init(_ plan: LoadedPlan) { self.plan = plan }

  mutating func add(_ event: TrainingEvent) {
    switch event {
    case .step(_, _, let values, let rate, let duration):
      losses += values.filter { $0.role == .loss }.map(\.value)
      metrics = values.filter { $0.role != .loss }
      if let rate { rates.append(rate) }
      milliseconds.append(duration * 1000)
    case .epoch, .checkpoint: break
    case .evaluation(_, _, let values): evaluation = values
    }
  }

}

/// The results of a run.
struct RunReport<B: Backend> {

  private let record: RunRecord

  private let machine: Machine<B>

  private let steps: Int

  private let statistics: ExecutionStatistics

  init(_ record: RunRecord, _ session: Session<B>) {
    self.record = record
    self.machine = session.machine
    self.steps = session.stepCount
    self.statistics = session.lastStepStatistics
  }

  private var plan: Plan { record.plan.plan }

  /// The metrics of the last step, then those of the last evaluation under the prefix `eval.`.
  private var metrics: [(String, Double)] {
    record.metrics.map { ($0.label, $0.value) } + record.evaluation.map { ("eval.\($0.label)", $0.value) }
  }

  private var parameterCount: Int {
    record.plan.verified.parameters.reduce(0) { $0 + plan.storage[$1].storage.type.count }
  }

  /// The keys that every run has, in order.
  var json: JSON {
    .object([
      ("plan", .string(record.plan.path)), ("steps", .integer(steps)),
      ("loss", .array(record.losses.map { .number($0) })),
      ("metrics", .object(metrics.map { ($0.0, .number($0.1)) })),
      ("step_ms_median", record.milliseconds.median.map { .number($0) } ?? .null),
      ("peak_bytes_planned", .integer(plan.totals.peakBytes)),
      ("peak_bytes_measured", .integer(machine.measuredPeakBytes)),
      ("host_bytes_planned", .integer(plan.totals.hostBytes)),
      ("host_bytes_measured", .integer(machine.measuredHostBytes)), ("rss_peak_bytes", .integer(Self.residentPeak)),
      ("bytes_freed_by_delete", .integer(statistics.freedBytes)),
      ("computed_instructions", .integer(statistics.computed)),
      ("recomputed_instructions", .integer(statistics.recomputed)),
      ("executed_instructions", .integer(statistics.executed)), ("parameters", .integer(parameterCount)),
      ("parameters_digest", .string(machine.parametersDigest)), ("gradients_digest", .init(record.gradientsDigest)),
      ("matmul_precision", .string(plan.header.precision.rawValue)),
      ("matmul_library", .string(plan.header.library.rawValue)), ("resumed_steps", .integer(record.resumedSteps)),
      ("checkpoint", .init(record.checkpoint)),
      ("lr", .array(record.rates.map { .number($0) })),
    ])
  }

  /// The results for a person.
  var text: String {
    var table = TextTable([.left, .left])
    let ends = [record.losses.first, record.losses.last].map { $0?.significant(5) ?? "-" }
    table.append(["  loss", ends.joined(separator: " -> ")])
    if let rateText { table.append(["  lr", rateText]) }
    for (label, value) in metrics { table.append(["  \(label)", value.significant(5)]) }
    table.append(["  step", (record.milliseconds.median?.significant(3) ?? "-") + " ms (median)"])
    table.append(["  peak", peakText])
    if machine.plannedHostBytes > 0 { table.append(["  host", hostText]) }
    table.append(["  a step", stepText])
    table.append(["  parameters", "\(parameterCount), digest \(machine.parametersDigest)"])
    if let digest = record.gradientsDigest { table.append(["  gradients", "digest \(digest)"]) }
    if let path = record.checkpoint { table.append(["  checkpoint", path]) }
    let header = plan.header
    let parts = [header.source, header.model, header.policy, "\(steps) steps", header.products.text]
    let title = parts.filter { !$0.isEmpty }.joined(separator: "  ") + "\n"
    return title + table.description
  }

  /// The learning rates of the first and the last step, one number if they are the same.
  private var rateText: String? {
    guard let first = record.rates.first, let last = record.rates.last else { return nil }
    return first == last ? first.brief(5) : "\(first.brief(5)) -> \(last.brief(5))"
  }

  private var peakText: String {
    let (planned, measured) = (machine.plannedPeakBytes, machine.measuredPeakBytes)
    let resident = ByteCount(Self.residentPeak)
    return "\(ByteCount(measured)) measured (\(measured) bytes), planned \(planned); whole process \(resident)"
  }

  private var hostText: String {
    let (planned, measured) = (machine.plannedHostBytes, machine.measuredHostBytes)
    let s = statistics
    return
      "\(ByteCount(measured)) measured (\(measured) bytes), planned \(planned); \(s.offloads) values copied there and "
      + "\(s.fetches) back, \(ByteCount(s.copiedBytes)) a step"
  }

  private var stepText: String {
    let s = statistics
    return "\(s.executed) instructions: \(s.computed) computed, \(s.recomputed) recomputed; "
      + "\(s.deletes) values of \(ByteCount(s.freedBytes)) deleted"
  }

  /// The most bytes of the process that were in memory.
  private static var residentPeak: Int {
    var usage = rusage()
    return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? usage.ru_maxrss * 1024 : 0
  }

}

/// Tensors written to a folder, a file each.
struct TensorDump {

  let folder: String

  /// Writes `parameters/NAME.npy` and, where there are gradients, `gradients/NAME.npy`.
  func write<B: Backend>(_ machine: Machine<B>, _ gradients: GradientCopies?) throws(FileError) {
    let parameters = SearchPath.join(folder, "parameters")
    try AtomicFile.makeFolder(parameters)
    try AtomicFile.makeFolder(SearchPath.join(folder, "gradients"))
    for i in machine.verified.parameters {
      let name = machine.verified.plan.storage[i].storage.name
      try machine.read(machine.storage[i]) { (b) throws(FileError) in
        try NPYWriter.write(b, to: SearchPath.join(parameters, "\(name).npy"))
      }
      guard let gradient = gradients?.buffers[i] else { continue }
      try NPYWriter.write(gradient, to: SearchPath.join(folder, "gradients/\(name).npy"))
    }
  }

}
