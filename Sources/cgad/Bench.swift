import ArgumentParser
import CPUBackend
import Operations
import PlanFormat
import Runtime
import Support

/// `cgad bench`.
struct Bench: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Measures how long training steps take, of several plans in turns.",
    discussion: """
      All plans take a step, then all take the next, so that a disturbance meets all of them alike. The first is what \
      the others are compared with. --against compiles the model of the plan, found beside it, under other policies \
      with the cgadc beside this program; those come first.
      """)

  @Argument(help: "The plans, made by cgadc compile.")
  var plans: [String]

  @Option(help: ArgumentHelp("Compare with the model compiled under these policies.", valueName: "policy,…"))
  var against: String?

  @Option(help: "Measure this many steps of each plan.")
  var steps = 30

  @Option(help: "Take this many steps of each plan before measuring.")
  var warmup = 5

  @OptionGroup var data: DataOptions

  @OptionGroup var device: DeviceOptions

  @Flag(help: "Take seeded numbers instead of the data files.")
  var synthetic = false

  @Flag(help: "Print one JSON document, an array with an object for each plan.")
  var json = false

  func validate() throws {
    if steps < 1 { throw ValidationError("--steps must be at least 1") }
    if warmup < 0 { throw ValidationError("--warmup must not be negative") }
    if against != nil && plans.count > 1 { throw ValidationError("--against takes one plan") }
  }

  func run() throws {
    var loaded: [LoadedPlan] = []
    for path in plans { loaded.append(try LoadedPlan(path)) }
    let rivals = try Rivals(policies: Rivals.split(against ?? ""), of: loaded[0])
    let all = rivals.plans + loaded
    let origins = rivals.plans.map { _ in loaded[0] } + loaded
    switch device.device {
    case .cpu: try run(all, origins) { (plan) throws(Failure) in try CPUBackend.make(for: plan) }
    case .cuda:
      let backend = try device.cuda()
      try run(all, origins) { (_) throws(Failure) in backend }
    }
  }

  /// - Parameter make: returns a device for a plan.
  private func run<B: Backend>(
    _ all: [LoadedPlan], _ origins: [LoadedPlan], on make: (LoadedPlan) throws(Failure) -> B
  ) throws(Failure) {
    let runners = try runners(all, origins, on: make)
    try measure(runners)
    for r in runners { try r.session.machine.checkMeasuredPeak() }
    let report = BenchReport(runners)
    print(json ? report.json.text : report.text, terminator: json ? "\n" : "")
  }

  /// Returns a session for each plan; plans with the same number of threads share them.
  private func runners<B: Backend>(
    _ all: [LoadedPlan], _ origins: [LoadedPlan], on make: (LoadedPlan) throws(Failure) -> B
  ) throws(Failure) -> [BenchRunner<B>] {
    let catalogs = try data.catalogs(of: all, origins: origins, isSynthetic: synthetic)
    var backends: [Int: B] = [:]
    var runners: [BenchRunner<B>] = []
    for (plan, catalog) in zip(all, catalogs) {
      let threads = plan.plan.header.threads
      let backend = if let b = backends[threads] { b } else { try make(plan) }
      backends[threads] = backend
      runners.append(.init(plan, try .make(plan, on: backend, data: catalog, seed: nil)))
    }
    return runners
  }

  /// Takes steps in turns, each round starting with the next plan.
  private func measure<B: Backend>(_ runners: [BenchRunner<B>]) throws(Failure) {
    for round in 0..<(warmup + steps) {
      for i in runners.indices {
        let runner = runners[(i + round) % runners.count]
        do throws(ExecutionFailure) { try runner.step(isMeasured: round >= warmup) } catch {
          throw Failure(.refused, error.description)
        }
      }
    }
  }

}

/// A plan being measured.
final class BenchRunner<B: Backend> {

  let loaded: LoadedPlan

  let session: Session<B>

  private(set) var milliseconds: [Double] = []

  init(_ loaded: LoadedPlan, _ session: Session<B>) {
    self.loaded = loaded
    self.session = session
  }

  func step(isMeasured: Bool) throws(ExecutionFailure) {
    let start = ContinuousClock.now
    _ = try session.step()
    if isMeasured { milliseconds.append((ContinuousClock.now - start) / .milliseconds(1)) }
  }

}

/// The measurements of several plans, the first being what the others are compared with.
struct BenchReport<B: Backend> {

  private let runners: [BenchRunner<B>]

  init(_ runners: [BenchRunner<B>]) { self.runners = runners }

  private func overhead(_ r: BenchRunner<B>) -> Double {
    (r.milliseconds.median ?? 0) / (runners[0].milliseconds.median ?? 0) - 1
  }

  /// The part of the first plan's peak that `r` does without.
  private func saving(_ r: BenchRunner<B>) -> Double {
    1 - Double(r.session.machine.measuredPeakBytes) / Double(runners[0].session.machine.measuredPeakBytes)
  }

  var json: JSON { .array(runners.map(json)) }

  private func json(_ r: BenchRunner<B>) -> JSON {
    let times = r.milliseconds
    return .object([
      ("policy", .string(r.loaded.plan.header.policy)), ("step_ms_median", .number(times.median ?? .nan)),
      ("step_ms_p10", .number(times.quantile(0.1) ?? .nan)), ("step_ms_p90", .number(times.quantile(0.9) ?? .nan)),
      ("peak_bytes", .integer(r.session.machine.measuredPeakBytes)),
      ("saved_bytes", .integer(r.loaded.plan.totals.savedBytes)),
      ("overhead_time_fraction", .number(overhead(r))), ("peak_saved_fraction", .number(saving(r))),
      ("plan", .string(r.loaded.path)),
    ])
  }

  var text: String {
    var table = TextTable([.left, .right, .right, .right, .right, .right, .right, .right])
    table.append(["policy", "median ms", "p10", "p90", "peak", "saved", "kept for backward", "overhead"])
    for (i, r) in runners.enumerated() {
      let times = [r.milliseconds.median, r.milliseconds.quantile(0.1), r.milliseconds.quantile(0.9)]
      table.append(
        [r.loaded.plan.header.policy] + times.map { ($0 ?? .nan).significant(4) } + [
          ByteCount(r.session.machine.measuredPeakBytes).description,
          i == 0 ? "-" : (saving(r) * 100).fixed(1) + " %", ByteCount(r.loaded.plan.totals.savedBytes).description,
          i == 0 ? "-" : (overhead(r) * 100).fixed(1) + " %",
        ])
    }
    return table.description
  }

}
