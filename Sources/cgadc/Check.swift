import ArgumentParser
import Driver
import PlanFormat
import Support

/// `cgadc check`.
struct Check: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "cgadc check samples/mlp.cgm --budget 64MiB\n\nChecks models without writing anything.")

  @Argument(help: "The models.")
  var files: [String]

  @OptionGroup var options: CompilationOptions

  @Flag(name: [.customLong("Werror", withSingleDash: true), .customLong("Werror")], help: "Treats warnings as errors.")
  var warningsAreErrors = false

  mutating func run() throws {
    var worst: ExitCode?
    for f in files {
      do {
        try check(f)
      } catch let code as ExitCode {
        worst = worst.map { max($0.rawValue, code.rawValue) == $0.rawValue ? $0 : code } ?? code
      }
    }
    if let worst { throw worst }
  }

  private func check(_ path: String) throws {
    let compilation = try options.compilation(of: path)
    let model = try attempt { () throws(CompileFailure) in try compilation.compiled() }
    Output.error(model.warnings.rendered(in: compilation.map))
    if warningsAreErrors, !model.warnings.elements.isEmpty { throw Exit.rejected }
    let peak = model.plan.totals.peakBytes
    Output.result("\(path): ok, \(model.plan.header.policy) peaks at \(ByteCount(peak)) (\(peak) bytes)\n")
  }

}
