import ArgumentParser
import Foundation

/// Feeds mutated and random inputs to the compiler's first stages.
@main struct FuzzCommand: ParsableCommand {

  static let configuration = CommandConfiguration(
    commandName: "cgad-fuzz",
    abstract: "Feed mutated and random models to the lexer, the parser and semantic analysis.",
    discussion: """
      An input is a function of the seed and its index, so that it comes again. Exit code 0: nothing wrong; 1: a check \
      failed; 3: an input took a minute; death by a signal: the file 'current' in the folder of --out names the input.
      """)

  @Option(help: "The number of inputs.")
  var count = 10_000

  @Option(help: "The sequence of inputs.")
  var seed: UInt64 = 1

  @Option(help: "The index of the first input.")
  var first = 0

  @Option(help: "Stop after so many seconds.")
  var timeLimit = Int.max

  @Option(help: "Seconds of processor time after which an input is called slow.")
  var slow = 1.0

  @Option(help: "MiB of memory that the process may grow to.")
  var memory = 2048

  @Option(help: "The folder for inputs that something is wrong with.")
  var out = ".build/fuzz"

  @Option(help: "The package's folder, where seeds are.")
  var root = "."

  @Flag(help: "Feed plans to their reader and verifier instead, and execute what is accepted and small.")
  var plans = false

  @Option(help: "With --plans, measure the memory of every so-manieth input.")
  var memoryEvery = 1000

  @Option(help: "Make so many mutants of valid plans instead, and show that each is refused or harmless.")
  var mutants: Int?

  @Option(
    help: "Measure the memory of plans in which one line fills so many MiB instead; ten times the file is too much.")
  var swollen: Int?

  @Flag(help: "With --plans or --mutants, take plans without the digest over what they compute.")
  var withoutDigest = false

  @Flag(help: "Print the input --first of --seed.")
  var printInput = false

  @Flag(help: "Try the input --first of --seed alone, and say what became of it.")
  var replay = false

  @Option(help: "Print a realistic model of so many lines.")
  var printLongModel: Int?

  func run() throws {
    if let lines = printLongModel { return print(LongModel.text(lines: lines), terminator: "") }
    if let mutants {
      var run = MutantRun(
        PlanSeeds(root: root, hasSamples: true, hasDevices: false, isDigested: !withoutDigest), seed: seed)
      return try run.run(count: mutants, out: out)
    }
    if let swollen { return try measure(swollen << 20) }
    var inputs = inputs
    if printInput { return FileHandle.standardOutput.write(Data(inputs.input(seed: seed, index: UInt64(first)))) }
    var campaign = try Campaign(self, inputs)
    campaign.run()
    if campaign.ledger.violations > 0 { throw ExitCode(1) }
  }

  /// Prints the swollen plans that take most memory, and all that take too much.
  private func measure(_ size: Int) throws {
    let all = SwollenPlans(
      PlanSeeds(root: root, hasSamples: true, hasDevices: true, isDigested: true), size: size
    ).measured()
    let excessive = all.count { $0.ratio > Double(SwollenPlans.factor) }
    print("\(all.count) swollen plans, \(excessive) above \(SwollenPlans.factor) times the file")
    for m in all.prefix(max(5, excessive)) { print("  \(String(format: "%5.2f", m.ratio)) times: \(m.name)") }
    if excessive > 0 { throw ExitCode(1) }
  }

  private var inputs: Inputs {
    plans
      ? .init(plans: PlanSeeds(root: root, hasSamples: false, hasDevices: true, isDigested: !withoutDigest))
      : .init(models: Seeds(root: root))
  }

}
