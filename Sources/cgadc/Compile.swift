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

  @Flag(help: "Prints one JSON document.")
  var json = false

  @Flag(name: .shortAndLong, help: "Prints nothing but errors.")
  var quiet = false

  mutating func run() throws {
    let start = ContinuousClock.now
    let log = phases.log()
    let compilation = try options.compilation(of: file, phases: log)
    let model = try attempt { () throws(CompileFailure) in try compilation.compiled() }
    let path = output ?? "\(compilation.stem).cgplan"
    if Files.isSame(path, file) {
      Output.error("cgadc: error: \(path): is the model itself; give the plan another name\n")
      throw Exit.rejected
    }
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
    let device = options.target == .cpu ? "" : " --device \(options.target)"
    Output.result("wrote \(path) (\(ByteCount(text.utf8.count)))      next: cgad run \(path)\(device)\n")
    for w in written { Output.result("wrote \(w)\n") }
  }

}

extension Compilation {

  /// The model's file name without folders and extension.
  fileprivate var stem: String {
    let name = file.baseName
    return name.hasSuffix(".cgm") ? String(name.dropLast(4)) : name
  }

}
