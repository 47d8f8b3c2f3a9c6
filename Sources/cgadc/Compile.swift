import ArgumentParser
import Driver
import Emission
import Foundation
import PlanFormat
import Support

/// `cgadc compile`.
struct Compile: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "cgadc compile samples/digits.cgm -o digits.cgplan --policy 'every(k: 3)'\n\nCompiles a model to a plan.")

  @Argument(help: "The model.")
  var file: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: .init("The plan to write; STEM.cgplan here by default.", valueName: "plan"))
  var output: String?

  @OptionGroup var options: CompilationOptions

  @OptionGroup var review: ReviewOptions

  @OptionGroup var phases: PhaseOptions

  @Option(
    help: .init("What was decided of each value and why, as YAML in the form of LLVM's remarks.", valueName: "file"))
  var remarks: String?

  @Option(
    help: .init(
      """
      Writes so many plans, from one that keeps everything to the one with the least peak: STEM.1.cgplan and so on. cgad run \
      takes them together and executes the fastest that fits.
      """, valueName: "n"))
  var ladder: Int?

  @Flag(help: "Prints one JSON document.")
  var json = false

  @Flag(name: .shortAndLong, help: "Prints nothing but errors.")
  var quiet = false

  func validate() throws {
    guard let ladder else { return }
    if !(Compilation.rungs ~= ladder) {
      let rungs = Compilation.rungs
      throw ValidationError("--ladder takes a number from \(rungs.lowerBound) to \(rungs.upperBound), not \(ladder)")
    }
    if options.policy != nil || options.budget != nil {
      throw ValidationError("--ladder chooses policies and budgets itself; it goes with neither --policy nor --budget")
    }
    if remarks != nil || phases.isAsked {
      throw ValidationError("--remarks and the flags for phases are for one plan, not for --ladder")
    }
  }

  mutating func run() throws {
    let start = ContinuousClock.now
    let log = phases.log()
    let compilation = try options.compilation(of: file, phases: log)
    let path = output ?? "\(compilation.stem).cgplan"
    if let ladder { return try writeLadder(of: compilation, beside: path, rungs: ladder) }
    let model = try attempt { () throws(CompileFailure) in try compilation.compiled() }
    if Files.isSame(path, file) { throw sameFile(path) }
    try phases.report(log)
    let text = try attempt { () throws(CompileFailure) in try compilation.text(of: model) }
    try write(text, to: path)
    var written = try review.write(model, beside: path, compilation)
    if let remarks {
      try write(ProgramReview(try model.plan.asRead()).remarks, to: remarks)
      written.append(remarks)
    }
    let elapsed = ContinuousClock.now - start
    Output.error(model.warnings.rendered(in: compilation.map))
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    if json { return try Output.json(model.report(path: path, seconds: seconds)) }
    if quiet { return }
    Output.result(model.summary)
    Output.result("wrote \(path) (\(ByteCount(text.utf8.count)))      next: cgad run \(path)\(deviceFlag)\n")
    for w in written { Output.result("wrote \(w)\n") }
  }

  /// The flag that `cgad run` needs for the plan.
  var deviceFlag: String { options.target == .cpu ? "" : " --device \(options.target)" }

  /// Says that the plan at `path` would take the model's place.
  func sameFile(_ path: String) -> ExitCode {
    Output.error("cgadc: error: \(path): is the model itself; give the plan another name\n")
    return Exit.rejected
  }

}

extension Compilation {

  /// The model's file name without folders and extension.
  fileprivate var stem: String {
    let name = file.baseName
    return name.hasSuffix(".cgm") ? String(name.dropLast(4)) : name
  }

}
