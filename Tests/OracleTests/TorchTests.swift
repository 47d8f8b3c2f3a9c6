import Driver
import IR
import Operations
import PlanFormat
import Runtime
import Testing

/// Compiled plans against what PyTorch computed in f64.
@Suite struct TorchTests {

  /// The relative error of losses and gradients of one step.
  private static let tolerance = 1e-5

  /// The relative error of losses and parameters over 20 steps.
  private static let curveTolerance = 1e-4

  @Test(arguments: try TorchCase.read("operations.json"))
  func `an operation has the loss and the gradients of PyTorch`(_ c: TorchCase) throws {
    try Self.expectFirstStep(of: c)
  }

  @Test(arguments: try TorchCase.read("acceptance.json"))
  func `A18 and A20 have the loss and the gradients of PyTorch`(_ c: TorchCase) throws {
    try Self.expectFirstStep(of: c)
  }

  @Test func `A18 has the figures of the acceptance table`() throws {
    let c = try #require(try TorchCase.read("acceptance.json").first { $0.name == "A18" })
    let machine = try Self.machine(for: c, policy: .init(name: "none"))
    let (loss, gradients) = try Self.step(0, of: c, on: machine)
    let expected: [(String, [Double])] = [
      ("W1", [-0.000911051, 0, 0.000911051, 0]), ("b1", [-0.000911051, 0]),
      ("W2", [-0.001822102, 0.001822102, 0, 0]), ("b2", [0.134015185, -0.134015185]),
    ]
    #expect(abs(loss - 0.157086577) < 1e-7)
    for (name, g) in expected {
      let actual = try #require(gradients[name])
      #expect(zip(actual, g).allSatisfy { abs($0 - $1) < 2e-7 }, "\(name)")
    }
  }

  @Test(arguments: try TorchCase.read("curves.json") + TorchCase.read("terms.json"))
  func `a network with residuals follows PyTorch for 20 steps`(_ c: TorchCase) throws {
    try Self.expectFirstStep(of: c)
    let machine = try Self.machine(for: c, policy: .init(name: "sqrt"))
    var (losses, parameters) = (WorstError(), WorstError())
    for (step, expected) in c.losses.enumerated() {
      losses.add(try Self.step(step, of: c, on: machine).loss, expected, floor: 1e-3, "step \(step)")
    }
    for (name, expected) in try #require(c.final).sorted(by: { $0.key < $1.key }) {
      let actual = try #require(machine.storage(named: name)).floats.map(Double.init)
      parameters.add(actual, expected.data, part: 0.1, name)
    }
    #expect(c.losses.count == 20)
    #expect(losses.value < Self.curveTolerance, "\(losses.place)")
    #expect(parameters.value < Self.curveTolerance, "\(parameters.place)")
    Figures.report("curve \(c.name)", "losses \(losses.value), parameters \(parameters.value)")
  }

  /// Executes a step, whose micro-batches are parts of the case's batch, and returns the mean of its losses and the
  /// gradients.
  private static func step(
    _ step: Int, of c: TorchCase, on machine: Machine<CountingBackend>
  ) throws -> (loss: Double, gradients: [String: [Double]]) {
    let count = machine.verified.plan.training.microBatches
    var (loss, gradients) = (0.0, [String: [Double]]())
    for m in 0..<count {
      for (name, t) in c.inputs { try machine.set(name, to: t.part(m, of: count)) }
      gradients = try machine.gradients(.init(seed: 1, step: UInt32(step), microBatch: UInt32(m)))
      loss += Double(try machine.loss) / Double(count)
    }
    return (loss, gradients.filter { c.gradients[$0.key] != nil })
  }

  private static func machine(for c: TorchCase, policy: PolicyCall) throws -> Machine<CountingBackend> {
    let text = c.source.joined(separator: "\n") + "\n"
    let machine = try Laboratory.machine(for: Laboratory.compile(text, named: "oracle", policy: policy).plan)
    machine.initialize(seed: 1)
    for (name, t) in c.parameters {
      let buffer = try #require(machine.storage(named: name))
      #expect(buffer.type.extents == t.shape)
      try machine.set(name, to: t.data)
    }
    return machine
  }

  private static func expectFirstStep(of c: TorchCase) throws {
    let machine = try machine(for: c, policy: .init(name: "every", arguments: [.init("k", .integer(2))]))
    let (mean, gradients) = try step(0, of: c, on: machine)
    var (loss, gradient) = (WorstError(), WorstError())
    loss.add(mean, c.losses[0], floor: 1e-1, "loss")
    // a softmax near 1 has an error of one ulp of 1, also in PyTorch's f32, however small the gradient that it leaves
    let greatest = c.gradients.values.flatMap(\.data).reduce(0) { max($0, abs($1)) }
    for (name, expected) in c.gradients.sorted(by: { $0.key < $1.key }) {
      gradient.add(try #require(gradients[name]), expected.data, floor: max(0.1 * greatest, 1e-3), name)
    }
    #expect(Set(gradients.keys) == Set(c.gradients.keys))
    let frozen = machine.verified.storage(of: .frozen).map { machine.verified.plan.storage[$0].storage.name }
    #expect(Set(c.gradients.keys).union(frozen) == Set(c.parameters.keys))
    #expect(loss.value < tolerance, "\(loss.place)")
    #expect(gradient.value < tolerance, "\(gradient.place)")
    Figures.report("torch \(c.name)", "loss \(loss.value), gradients \(gradient.value)")
  }

}
