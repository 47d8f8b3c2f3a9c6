import ArgumentParser
import Operations
import PlanFormat
import Runtime

/// `cgad predict`.
struct Predict: ParsableCommand {

  static let configuration = CommandConfiguration(
    abstract: "Computes a value of a trained model for examples of any number.",
    discussion: """
      The evaluation program of the plan is executed, batch after batch, as far as the value; a last batch that is not \
      full is filled up. The inputs are the components of the evaluation's data set, in their order; labels, which stand \
      last, need not be given. Without --value it is what the loss is first computed from: scores, or an embedding.
      """)

  @Argument(help: "The plan, made by cgadc compile.")
  var plan: String

  @Option(name: .customLong("init"), help: ArgumentHelp("The weights, .safetensors or .cgck.", valueName: "file"))
  var weights: String

  @Option(
    name: .customLong("in"),
    help: ArgumentHelp("A .npy file with a row for each example. May be repeated.", valueName: "x.npy"))
  var inputs: [String]

  @Option(help: ArgumentHelp("Write the value here, a row for each example.", valueName: "y.npy"))
  var out: String

  @Option(help: "The value's name in the plan, under 'program eval'.")
  var value: String?

  @OptionGroup var device: DeviceOptions

  func run() throws {
    let loaded = try LoadedPlan(plan)
    try run(loaded, inputs.map(Self.array), on: device.backend(for: loaded))
  }

  private func run<B: Backend>(_ loaded: LoadedPlan, _ arrays: [DataArray], on backend: B) throws(Failure) {
    let machine = try Self.machine(loaded, on: backend)
    try StateOptions.load(weights, isPartial: false, machine)
    let result = try failing({ (e: PredictionFailure) in .init(e.exitCode == 2 ? .unusable : .refused, e.description) })
    {
      () throws(PredictionFailure) in
      try Predictor(machine, value: value, seed: UInt64(loaded.plan.training.seed)).run(arrays)
    }
    if !machine.isMemoryIntact { throw Failure.internalError("a kernel wrote outside the plan's memory") }
    try failing({ (e: FileError) in .init(.unusable, "cannot write \(e)") }) { () throws(FileError) in
      try NPYWriter.write(result, to: out)
    }
    print("\(out)  \(result.type)  \(result.origin)")
  }

  /// Returns a machine for `loaded` with initial values.
  private static func machine<B: Backend>(_ loaded: LoadedPlan, on backend: B) throws(Failure) -> Machine<B> {
    let machine = try failing({ (e: MachineError) in .init(e) }) { () throws(MachineError) in
      try Machine(loaded.verified, on: backend)
    }
    machine.initialize(seed: UInt64(loaded.plan.training.seed))
    return machine
  }

  private static func array(_ path: String) throws(Failure) -> DataArray {
    try failing({ (e: DataError) in .init(e.exitCode == 2 ? .unusable : .refused, e.description) }) {
      () throws(DataError) in try NPYReader.read(path)
    }
  }

}
