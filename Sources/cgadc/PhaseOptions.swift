import ArgumentParser
import Driver
import Support

/// The flags for those who work on the compiler.
struct PhaseOptions: ParsableArguments {

  @Option(help: .init("Writes what every stage and pass made to numbered files in this folder.", valueName: "folder"))
  var dumpPhases: String?

  @Option(
    help: .init(
      "Prints, to standard error, what this phase made, or all: \(PhaseLog.names.joined(separator: ", ")).",
      valueName: "phase"))
  var printAfter: String?

  @Flag(help: "Prints, to standard error, what every stage and pass took.")
  var timePasses = false

  func validate() throws {
    guard let printAfter, printAfter != "all", !PhaseLog.names.contains(printAfter) else { return }
    throw ValidationError("there is no phase '\(printAfter)'; there are all, \(PhaseLog.names.joined(separator: ", "))")
  }

  /// `true` iff a flag asks for phases.
  var isAsked: Bool { dumpPhases != nil || printAfter != nil || timePasses }

  /// Returns what is to note the phases of a compilation; `nil` where no flag asks for them.
  func log() -> PhaseLog? {
    if !isAsked { return nil }
    return .init(keepsTexts: dumpPhases != nil || printAfter != nil)
  }

  /// Prints and writes what the flags ask for.
  func report(_ log: PhaseLog?) throws {
    guard let phases = log?.phases else { return }
    for p in phases where printAfter == "all" || printAfter == p.name { Output.error("// after \(p.name)\n\(p.text)") }
    if timePasses { Output.error(Self.table(phases)) }
    guard let dumpPhases else { return }
    do throws(FileFailure) {
      try Files.makeFolder(dumpPhases)
    } catch {
      Output.error("cgadc: error: \(error)\n")
      throw Exit.unreadable
    }
    for (n, p) in phases.enumerated() {
      try write(p.text, to: "\(dumpPhases)/\(n < 9 ? "0" : "")\(n + 1)-\(p.name).\(p.ending)")
    }
  }

  private static func table(_ phases: [PhaseLog.Phase]) -> String {
    let all = phases.reduce(Duration.zero) { $0 + $1.duration }
    var table = TextTable([.left, .right, .right])
    table.append(["phase", "time", "share"])
    for p in phases {
      table.append([p.name, milliseconds(p.duration), CompiledModel.percent(all == .zero ? 0 : p.duration / all)])
    }
    table.append(["all", milliseconds(all), ""])
    return table.description
  }

  private static func milliseconds(_ d: Duration) -> String {
    "\((d / .milliseconds(1) * 1000).rounded() / 1000) ms"
  }

}
