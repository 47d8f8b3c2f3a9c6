import Operations
import PlanFormat
import Runtime
import Testing

/// The samples, made small, against the same models in PyTorch.
@Suite struct TorchSampleTests {

  /// The relative error of losses and gradients of one step.
  private static let tolerance = 1e-5

  /// The relative error of losses and state over 20 steps.
  private static let curveTolerance = 1e-4

  @Test(arguments: SampleFile.all)
  func `a sample has a model in PyTorch`(_ sample: SampleFile) {
    #expect(TorchSample.all.contains { $0.name == sample.name })
  }

  @Test(arguments: TorchSample.all)
  func `A25: a sample has the loss and all gradients of PyTorch`(_ sample: TorchSample) throws {
    let machine = try Self.machine(for: sample)
    let gradients = try machine.gradients(.init(seed: 1))
    var (loss, gradient) = (WorstError(), WorstError())
    loss.add(Double(try machine.loss), sample.losses[0], floor: 0, "loss")
    // an offset before a normalisation has a gradient of rounding errors
    let floor = 1e-2 * (sample.gradients.values.map(\.norm).max() ?? 0)
    for (name, expected) in sample.gradients.sorted(by: { $0.key < $1.key }) {
      gradient.add(try #require(gradients[name], "\(name)"), expected, floor: floor, name)
    }
    #expect(Set(gradients.keys) == Set(sample.gradients.keys))
    #expect(loss.value < Self.tolerance, "\(loss.place)")
    #expect(gradient.value < Self.tolerance, "\(gradient.place)")
    Figures.report("torch sample \(sample)", "loss \(loss.value), gradients \(gradient.value) at \(gradient.place)")
  }

  @Test(arguments: TorchSample.all)
  func `a sample follows PyTorch for 20 steps, state and evaluation included`(_ sample: TorchSample) throws {
    let machine = try Self.machine(for: sample)
    var (losses, state) = (WorstError(), WorstError())
    for (step, expected) in sample.losses.enumerated() {
      try machine.execute(machine.verified.train, .init(seed: 1, step: UInt32(step)))
      losses.add(Double(try machine.loss), expected, floor: 0, "step \(step)")
    }
    for (name, expected) in sample.state.sorted(by: { $0.key < $1.key }) {
      let actual = try #require(machine.storage(named: name), "\(name)").floats.map(Double.init)
      state.add(actual, expected, floor: 0, name)
    }
    if let evaluation = machine.verified.evaluation {
      try machine.execute(evaluation, .init(seed: 1))
      let results = machine.verified.plan.programs[evaluation].results
      let loss = machine.value(of: try #require(results.first { $0.result.role == .loss }), in: evaluation)
      losses.add(Double(loss), sample.evaluation, floor: 0, "evaluation \(loss), expected \(sample.evaluation)")
    }
    #expect(sample.losses.count == 20)
    // where roundings grow, nobody's f32 is nearer; the numbers that are stored know none of that
    let bound = max(Self.curveTolerance, 3 * (sample.rounding ?? 0))
    #expect(losses.value < bound, "\(losses.place)")
    #expect(state.value < bound, "\(state.place)")
    Figures.report("curve of sample \(sample)", "losses \(losses.value), state \(state.value) at \(state.place)")
    if let r = sample.rounding { Figures.report("rounding of sample \(sample)", "\(r)") }
  }

  /// Returns a machine for the sample under its own schedule, with the values that PyTorch had.
  private static func machine(for sample: TorchSample) throws -> Machine<CountingBackend> {
    let plan = try SampleFile(name: sample.name).plan(dims: sample.dims)
    let machine = try Laboratory.machine(for: plan)
    machine.initialize(seed: 1)
    for v in sample.values {
      let buffer = try #require(machine.storage(named: v.name), "\(v.name)")
      #expect(buffer.type.extents == v.shape, "\(v.name)")
      try machine.set(v.name, to: v.elements)
    }
    return machine
  }

}
