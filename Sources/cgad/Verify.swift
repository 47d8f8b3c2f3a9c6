import ArgumentParser
import Operations
import PlanFormat
import Runtime
import Support

/// `cgad verify`.
struct Verify: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Checks by execution that a plan computes the right thing in the memory that it says.",
    discussion: """
      The plan is executed beside a reference that keeps every value: the same instructions without 'delete', \
      'recompute', 'offload' and 'fetch', each value in a place of its own. Losses, gradients, parameters and optimizer slots must be the same \
      bits after every step; every update must happen once a step, or once a micro-batch where it belongs there; \
      the memory used must be that of the plan. A device that executes a step as one launch does so, too, and has to leave \
      the same bits. Deleted values are overwritten with NaN. At last some gradients are compared with differences of the loss. \
      --synthetic replaces all data by seeded numbers of the declared types, for when the files are not at hand.
      """)

  @Argument(help: "The plan, made by cgadc compile.")
  var plan: String

  @Option(help: "Compare this many steps.")
  var steps = 3

  @Option(help: "Take this seed for initial values, batches and dropout instead of the plan's.")
  var seed: Int?

  @Option(help: "Compare this many gradients with differences of the loss.")
  var elements = 24

  @OptionGroup var data: DataOptions

  @OptionGroup var device: DeviceOptions

  @Flag(help: "Take seeded numbers instead of the data files.")
  var synthetic = false

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    if steps < 1 { throw ValidationError("--steps must be at least 1") }
    if elements < 0 { throw ValidationError("--elements must not be negative") }
    if let seed, seed < 0 { throw ValidationError("--seed must not be negative") }
  }

  func run() throws {
    let loaded = try LoadedPlan(plan)
    let catalog = try data.catalog(of: loaded, isSynthetic: synthetic)
    let report = try report(loaded, catalog, on: device.backend(for: loaded))
    print(json ? report.json.text : report.text, terminator: json ? "\n" : "")
    if !report.isGood { throw Failure(.refused, "\(plan): the plan did not pass") }
  }

  private func report<B: Backend>(
    _ loaded: LoadedPlan, _ catalog: DataCatalog, on backend: B
  ) throws(Failure) -> VerificationReport {
    let comparison = try failing({ (e: VerificationFailure) in .init(e) }) { () throws(VerificationFailure) in
      let seed = UInt64(seed ?? loaded.plan.training.seed)
      return try PlanComparison(loaded.verified, on: backend, data: catalog, seed: seed)
    }
    return try failing({ (e: ExecutionFailure) in .init(.refused, e.description) }) {
      () throws(ExecutionFailure) in try comparison.run(steps: steps, elements: elements)
    }
  }

}

extension VerificationReport {

  /// The keys that CLI.md lists, then what explains them.
  var json: JSON {
    .object([
      ("max_abs_diff", .number(Double(maximalDifference))), ("bitwise_equal", .boolean(isBitwiseEqual)),
      ("effects_once", .boolean(hasEffectsOnce)), ("peak_ok", .boolean(isPeakRight)), ("steps", .integer(steps)),
      ("tensors_compared", .integer(comparisons)), ("first_difference", .init(firstDifference)),
      ("joined_equal", isJoinedEqual.map { .boolean($0) } ?? .null),
      ("first_joined_difference", .init(firstJoinedDifference)),
      ("updates_per_step", .integer(updatesPerStep)), ("peak_bytes_planned", .integer(plannedPeakBytes)),
      ("peak_bytes_measured", .integer(measuredPeakBytes)),
      ("host_bytes_planned", .integer(plannedHostBytes)), ("host_bytes_measured", .integer(measuredHostBytes)),
      ("reference_peak_bytes", .integer(referencePeakBytes)), ("finite_difference", finiteDifferences.json),
    ])
  }

  /// The report for a person.
  var text: String {
    var table = TextTable([.left, .left, .left])
    let same =
      isBitwiseEqual
      ? "\(comparisons) tensors in \(steps) steps are the same bits as when every value is kept"
      : "\(firstDifference ?? "") differs, by up to \(maximalDifference)"
    table.append(["  " + Self.mark(isBitwiseEqual), "results", same])
    if let isJoinedEqual { table.append(["  " + Self.mark(isJoinedEqual), "joined", joinedText]) }
    let once =
      wrongUpdate ?? "\(updatesPerStep) updates, each once a step" + (microBatches > 1 ? " or micro-batch" : "")
    table.append(["  " + Self.mark(hasEffectsOnce), "effects", once])
    let peak =
      "planned \(plannedPeakBytes) bytes, measured \(measuredPeakBytes); keeping all takes \(referencePeakBytes)"
    table.append(["  " + Self.mark(isPeakRight), "peak", isMemoryIntact ? peak : "a kernel wrote outside: \(peak)"])
    if plannedHostBytes > 0 {
      let host = "planned \(plannedHostBytes) bytes, measured \(measuredHostBytes), for what is offloaded"
      table.append(["  " + Self.mark(plannedHostBytes == measuredHostBytes), "host", host])
    }
    table.append(["  " + Self.mark(finiteDifferences.isGood), "gradients", finiteDifferences.text])
    return table.description
  }

  /// What steps that are one launch gave.
  private var joinedText: String {
    if let name = firstJoinedDifference { return "\(name) differs where each step is one launch" }
    return "\(joinedComparisons) values and tensors are the same bits where each step is one launch"
  }

  private static func mark(_ isGood: Bool) -> String { isGood ? "ok" : "WRONG" }

}

extension FiniteDifferenceReport {

  var json: JSON {
    .object([
      ("ok", .boolean(isGood)), ("checked", .integer(checked)), ("agreeing", .integer(agreeing)),
      ("inconclusive", .integer(hidden)), ("tolerance", .number(Self.tolerance)),
      ("required_share", .number(Self.requiredShare)),
      ("worst_relative_error", worst.map { .number($0.relativeError) } ?? .null),
      ("worst_element", .init(worst?.name)),
    ])
  }

  /// One line for a person.
  var text: String {
    let counts = "\(agreeing - hidden) of \(checked) elements agree with differences of the loss"
    let noise = hidden > 0 ? ", \(hidden) cannot be told (rounding or a kink)" : ""
    guard let worst else { return counts + noise }
    let error = (worst.relativeError * 100).significant(2)
    return counts + noise + "; worst \(worst.name), off by \(error) %"
  }

}
