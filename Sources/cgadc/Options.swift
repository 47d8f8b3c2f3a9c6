import ArgumentParser
import Driver
import IR
import Operations
import PlanFormat
import Semantics
import Support

/// A size in bytes on the command line.
struct SizeArgument: ExpressibleByArgument {

  let bytes: Int

  init?(argument: String) {
    guard let size = ByteCount(parsing: argument), size.value > 0 else { return nil }
    bytes = size.value
  }

}

/// A dim's size on the command line: `B=64`.
struct DimArgument: ExpressibleByArgument {

  let override: LoweringOptions.DimOverride

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let size = Int(parts[1]), size >= 1 else { return nil }
    override = .init(name: String(parts[0]), size: size)
  }

}

extension PlanTarget: ExpressibleByArgument {}

extension MatrixPrecision: ExpressibleByArgument {}

extension MatrixLibrary: ExpressibleByArgument {}

/// The flags of every command that compiles.
struct CompilationOptions: ParsableArguments {

  @Option(help: .init("The policy that overrides the schedule block's, as 'every(k: 3)'.", valueName: "policy"))
  var policy: String?

  @Option(
    help: .init(
      "The most bytes of the peak, as 64MiB; without --policy the cheapest schedule that fits.", valueName: "bytes"))
  var budget: SizeArgument?

  @Option(help: .init("The schedule block to follow.", valueName: "name"))
  var schedule: String?

  @Option(help: .init("The train block to compile.", valueName: "name"))
  var train: String?

  @Option(name: .customLong("dim"), help: .init("The size of a dim.", valueName: "name=size"))
  var dims: [DimArgument] = []

  @Option(help: "The device that the plan is for.")
  var target = PlanTarget.cpu

  @Option(
    help: .init(
      "With --target cuda, what operands of products of matrices are rounded to, for tensor cores.", valueName: "type"))
  var matmulPrecision = MatrixPrecision.f32

  @Option(
    help: .init(
      "With --target cuda, who computes products of matrices: cgad's kernels or NVIDIA's library.", valueName: "name"))
  var matmulLibrary = MatrixLibrary.cgad

  @Option(help: "The number of threads that the plan pins.")
  var threads = PlanHeader.defaultThreads

  @OptionGroup var costs: CostOptions

  @OptionGroup var solver: SolverOptions

  func validate() throws {
    guard 1...256 ~= threads else { throw ValidationError("--threads takes a number from 1 to 256, not \(threads)") }
    if matmulPrecision != .f32, target != .cuda {
      throw ValidationError(
        "--matmul-precision \(matmulPrecision) is for --target cuda; '\(target)' computes products in f32")
    }
    if matmulLibrary != .cgad, target != .cuda {
      throw ValidationError(
        "--matmul-library \(matmulLibrary) is for --target cuda; '\(target)' has no such library")
    }
  }

  /// Returns the compilation of the model at `path` under these flags.
  func compilation(of path: String, phases: PhaseLog? = nil) throws -> Compilation {
    var options = try compileOptions()
    options.phases = phases
    return .init(try attempt { () throws(CompileFailure) in try Files.source(path) }, options: options)
  }

  /// Returns the plan at `path`, verified, or the one that the model there compiles to.
  func plan(at path: String) throws -> Plan {
    if path.hasSuffix(".cgplan") { return try cgadc.plan(at: path) }
    let c = try compilation(of: path)
    return try attempt { () throws(CompileFailure) in try c.compiled() }.plan.asRead()
  }

  /// Returns what these flags say.
  func compileOptions() throws -> CompileOptions {
    var options = CompileOptions()
    options.dims = dims.map(\.override)
    options.budget = budget?.bytes
    options.schedule = schedule
    options.train = train
    options.target = target
    options.threads = threads
    options.precision = matmulPrecision
    options.library = matmulLibrary
    options.effort = solver.effort
    options.policy = try policy.map(call)
    try costs.apply(to: &options)
    return options
  }

  private func call(_ text: String) throws -> PolicyCall {
    let (call, file, diagnostics) = policyCall(text)
    guard let call else {
      Output.error(diagnostics.rendered(in: file))
      throw ValidationError("--policy takes a call such as 'every(k: 3)', not '\(text)'")
    }
    return call
  }

}

/// What schedules are compared by.
struct CostOptions: ParsableArguments {

  @Option(
    help: .init("Times made by cgad calibrate, by which schedules are compared instead of FLOPs.", valueName: "file"))
  var costProfile: String?

  /// Reads the profile into `options`, whose target and threads are set.
  func apply(to options: inout CompileOptions) throws {
    guard let costProfile else { return }
    var copy = options
    try attempt { () throws(CompileFailure) in try copy.setCosts(readingFrom: costProfile) }
    options = copy
  }

}
