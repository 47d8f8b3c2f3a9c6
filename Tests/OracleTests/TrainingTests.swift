import Driver
import IR
import Runtime
import Testing

/// A21: the loss falls.
@Suite struct LossTests {

  private static let models: [(name: String, text: String, epochs: Int, policy: PolicyCall)] = [
    ("16-32-4", network(inputs: 16, hidden: 32, classes: 4, batch: 8, rate: 0.01), 10, .every(2)),
    ("64-32-10", network(inputs: 64, hidden: 32, classes: 10, batch: 16, rate: 0.05), 5, .init(name: "sqrt")),
    ("10 × 128 tanh", deep, 20, .every(3)),
  ]

  private static func network(inputs: Int, hidden: Int, classes: Int, batch: Int, rate: Double) -> String {
    """
    dim B = \(batch), In = \(inputs), Hidden = \(hidden), Out = \(classes)
    data batches: (f32[B, In], i32[B]) = synthetic()
    model Network(x: f32[B, In]) -> f32[B, Out] {
      param W1: f32[In, Hidden] ~ kaiming()
      param b1: f32[Hidden]     ~ zeros()
      param W2: f32[Hidden, Out] ~ kaiming()
      param b2: f32[Out]        ~ zeros()
      return relu(x @ W1 + b1) @ W2 + b2
    }
    train {
      let (x, label) = batch(batches)
      loss = cross_entropy(Network(x), label)
      optimizer = sgd(lr: \(rate))
    }
    """
  }

  private static let deep = """
    dim B = 16, D = 128
    data batches: (f32[B, D], f32[B, D]) = synthetic(count: 16)
    model Deep(x: f32[B, D]) -> f32[B, D] {
      var h = x
      repeat 10 as h {
        param weight: f32[D, D] ~ xavier()
        param bias:   f32[D]    ~ zeros()
        h = tanh(h @ weight + bias)
      }
      return h
    }
    train {
      let (x, y) = batch(batches)
      loss = mse(Deep(x), y)
      optimizer = adam(lr: 1e-3)
    }
    """

  @Test(arguments: models.indices)
  func `the loss falls from the first epoch to the last`(_ i: Int) throws {
    let model = Self.models[i]
    let session = try Laboratory.session(
      for: Laboratory.compile(model.text, named: "falling", policy: model.policy).plan, mode: .planned(poison: false))
    let means = try (0..<model.epochs).map { (_) in
      let losses = try (0..<session.stepsPerEpoch).map { (_) in try session.step()[0].value }
      return losses.reduce(0, +) / Double(losses.count)
    }
    #expect(means[model.epochs - 1] < 0.9 * means[0], "\(means)")
    #expect(zip(means, means.dropFirst()).filter { $0 < $1 }.isEmpty, "\(means)")
    Figures.report("loss \(model.name)", "\(means[0]) to \(means[model.epochs - 1]) in \(model.epochs) epochs")
  }

  @Test func `the loss stays where the rate is 0`() throws {
    let text = Self.deep.replacing("lr: 1e-3", with: "lr: 0")
    let session = try Laboratory.session(for: Laboratory.compile(text, named: "resting").plan)
    let first = try session.step()[0].value
    #expect(abs(try session.step()[0].value - first) < 1e-6 * first)
  }

}
