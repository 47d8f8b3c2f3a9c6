import Driver
import IR
import Operations
import PlanFormat
import Runtime
import Testing

/// A25: four wide layers under every policy, against PyTorch.
@Suite struct WideTests {

  private struct Expected: Decodable {

    struct Gradient: Decodable {
      let norm: Double
      let greatest: Double
      let samples: [Double]
    }

    let loss: Double
    let positions: [Int]
    let gradients: [Gradient]

  }

  private static let text = """
    dim B = 128, D = 1024
    data batches: (f32[B, D], f32[B, D]) = synthetic()
    model Wide(x: f32[B, D]) -> f32[B, D] {
      param w0: f32[D, D] ~ zeros()
      param w1: f32[D, D] ~ zeros()
      param w2: f32[D, D] ~ zeros()
      param w3: f32[D, D] ~ zeros()
      let a = tanh(x @ w0)
      let b = checkpoint(relu(a @ w1))
      let c = sigmoid(b @ w2)
      return gelu(c @ w3)
    }
    train {
      let (x, y) = batch(batches)
      loss = mse(Wide(x), y)
      optimizer = sgd(lr: 0)
    }
    """

  /// Returns what `hashed` of `scripts/peer_models.py` does.
  private static func hashed(_ count: Int, salt: UInt32, scale: Double) -> [Float] {
    HashedNumbers.all(count, salt: salt).map { Float($0 * scale) }
  }

  @Test func `A25: gradients equal those of PyTorch and have the same bits under every policy`() throws {
    let expected = try TorchFile.decoded(Expected.self, "wide.json")
    var values = (0..<4).map { ("w\($0)", Self.hashed(1 << 20, salt: UInt32($0) + 1, scale: 0.0625)) }
    values.append(("train.x", Self.hashed(128 << 10, salt: 5, scale: 1)))
    values.append(("train.y", Self.hashed(128 << 10, salt: 6, scale: 1)))
    var digests: Set<String> = []
    for policy in PolicyCall.all {
      let plan = try Laboratory.compile(Self.text, named: "wide", policy: policy).plan
      let machine = try Laboratory.machine(for: plan, mode: .planned(poison: false))
      for (name, elements) in values {
        let buffer = try #require(machine.storage(named: name))
        elements.withUnsafeBytes { buffer.bytes.copyMemory(from: $0) }
      }
      var digest = GradientDigest(machine.verified)
      var error = WorstError()
      let isFirst = digests.isEmpty
      try machine.execute(0, .init(seed: 1)) { (o) in
        digest.add(o)
        let name = machine.verified.plan.storage[o.parameter].storage.name
        if isFirst {
          Self.compare(o.gradient, expected.gradients[Int(name.dropFirst())!], expected.positions, name, &error)
        }
      }
      error.add(Double(try machine.loss), expected.loss, floor: 0, "loss")
      #expect(error.value < 1e-5, "\(error.place)")
      if isFirst { Figures.report("torch A25", "\(error.value) at \(error.place)") }
      digests.insert(try #require(digest.value))
    }
    #expect(digests.count == 1)
  }

  private static func compare(
    _ gradient: Buffer, _ expected: Expected.Gradient, _ positions: [Int], _ name: String, _ error: inout WorstError
  ) {
    let g = gradient.floats
    error.add(positions.map { Double(g[$0]) }, expected.samples, floor: 0.1 * expected.greatest, name)
    let square = g.reduce(0.0) { $0 + Double($1) * Double($1) }
    error.add(square.squareRoot(), expected.norm, floor: 0, "norm of \(name)")
  }

}
