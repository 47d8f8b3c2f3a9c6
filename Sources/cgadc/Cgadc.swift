import ArgumentParser

/// The compiler's command line.
@main
struct Cgadc: ParsableCommand {

  /// The number of this version.
  static let number = "0.1"

  static let configuration = CommandConfiguration(
    commandName: "cgadc",
    abstract: "cgadc compile model.cgm --budget 64MiB\n\nCompiles models to plans that train inside a memory budget.",
    version: "cgadc \(number) (cgm 1, cgir 1, cgplan 1)",
    subcommands: [
      Check.self, Compile.self, Diff.self, Dump.self, Fmt.self, Opt.self, Verify.self, Policies.self, Explain.self,
      Init.self, Pack.self, ScheduleGraph.self, Sweep.self,
    ])

}
