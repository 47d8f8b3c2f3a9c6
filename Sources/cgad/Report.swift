import ArgumentParser
import Emission
import PlanFormat
import Runtime

/// `cgad report`.
struct Report: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Executes a few steps and writes a page of what was planned and what was measured.",
    discussion: """
      The page is one file of HTML that loads nothing and needs no script. The last step is measured instruction by \
      instruction, on cuda by events of the device; parameters start as the plan says and nothing is saved.
      """)

  @Argument(help: "The plan, made by cgadc compile.")
  var plan: String

  @Option(name: .shortAndLong, help: "The page to write; STEM.html here by default.")
  var output: String?

  @Option(help: "The number of steps, of which the last is measured.")
  var steps = 3

  @OptionGroup var data: DataOptions

  @OptionGroup var device: DeviceOptions

  @Flag(help: "Take seeded numbers instead of the data files.")
  var synthetic = false

  func validate() throws {
    if steps < 1 { throw ValidationError("--steps must be at least 1") }
  }

  func run() throws {
    let loaded = try LoadedPlan(plan)
    let path = output ?? "\(stem).html"
    try TextFile.write(page(loaded, on: device.backend(for: loaded)).html, to: path)
    print("wrote \(path)")
  }

  /// Executes the steps and returns the page.
  private func page<B: Backend>(_ loaded: LoadedPlan, on backend: B) throws(Failure) -> ReviewPage {
    let session = try Session<B>.make(
      loaded, on: backend, data: data.catalog(of: loaded, isSynthetic: synthetic), seed: nil)
    session.machine.record(loaded.verified.train)
    try failing({ (e: ExecutionFailure) in .init(.refused, "\(e)") }) { () throws(ExecutionFailure) in
      for _ in 0..<steps { _ = try session.step(observer: { (_) in }) }
    }
    try session.machine.checkMeasuredPeak()
    return ReviewPage(loaded.plan, measured: session.machine.measuredStep)
  }

  /// The plan's file name without folders and extension.
  private var stem: String {
    let name = plan.split(separator: "/").last.map(String.init) ?? plan
    return name.hasSuffix(".cgplan") ? String(name.dropLast(7)) : name
  }

}
