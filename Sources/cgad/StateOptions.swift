import ArgumentParser
import Runtime

/// Where a run's parameters come from and where its state goes.
struct StateOptions: ParsableArguments {

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "Start with the weights of this .safetensors or .cgck file instead of initial values.", valueName: "file"))
  var weights: String?

  @Flag(help: "Let parameters that the file of --init lacks keep their initial values.")
  var initPartial = false

  @Option(
    help: ArgumentHelp(
      "Save checkpoints here: as the plan's 'save' says, at the end, and when interrupted.", valueName: "folder"))
  var saveDir: String?

  @Option(
    help: ArgumentHelp(
      "Go on from this checkpoint, or from the newest sound one of this folder; --steps counts the steps done.",
      valueName: "file-or-folder"))
  var resume: String?

  func validate() throws {
    if weights != nil && resume != nil { throw ValidationError("--init and --resume exclude each other") }
    if initPartial && weights == nil { throw ValidationError("--init-partial takes --init") }
  }

  /// Sets the storage of `session` as the options say, and tells on standard error what was done.
  func prepare<B: Backend>(_ session: Session<B>) throws(Failure) {
    if let weights { try Self.load(weights, isPartial: initPartial, session.machine) }
    if let resume { try continueFrom(resume, session) }
  }

  /// Sets the parameters of `machine` to the tensors in the file at `path`, and tells on standard error what was read.
  static func load<B: Backend>(_ path: String, isPartial: Bool, _ machine: Machine<B>) throws(Failure) {
    let loaded = try reading { () throws(StateFileError) in
      try machine.load(try SafetensorsFile(path), isPartial: isPartial)
    }
    Terminal.say("\(path): read \(loaded.read.count) tensors")
    if !loaded.missing.isEmpty {
      Terminal.say("\(path): has no \(list(loaded.missing)), which keep their initial values")
    }
    if !loaded.ignored.isEmpty {
      Terminal.say("\(path): ignored \(loaded.ignored.count) that the plan has not: \(list(loaded.ignored))")
    }
  }

  private func continueFrom<B: Backend>(_ path: String, _ session: Session<B>) throws(Failure) {
    let (file, notes) = try Self.reading { () throws(StateFileError) in
      let file = try Self.checkpoint(path)
      return (file, try session.resume(file))
    }
    Terminal.say("resumed from \(file.path), after step \(file.checkpoint.step)")
    for n in notes { Terminal.say("\(file.path): note: \(n); the steps are not those of a run without interruption") }
  }

  private static func checkpoint(_ path: String) throws(StateFileError) -> CheckpointFile {
    if !SearchPath.isFolder(path) { return try .init(path) }
    return try CheckpointFolder(path).newest { Terminal.say("skipped \($0)") }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }

  private static func reading<T>(_ body: () throws(StateFileError) -> T) throws(Failure) -> T {
    try failing({ (e: StateFileError) in .init(e.exitCode == 2 ? .unusable : .refused, e.description) }, body)
  }

}
