import CPUBackend
import Operations
import Runtime
import Testing

@Suite struct PredictorTests {

  /// `y = x · w` for batches of two, which only the evaluation computes as `scores`.
  private static let script = """
    training 1 epochs seed 1 evaluation 1 epochs
    data d : f32[2,2], f32[2,1] = synthetic()
    param w : f32[2,1] ~ ones()
    input x : f32[2,2]
    input y : f32[2,1]
    program train
    bind x = d.0
    bind y = d.1
    p = matmul x, w
    cost = mse p, y
    backward
    one = constant {value: 1.0}
    grad(p) = mse_grad p, y, one
    grad(w) = matmul x, grad(p) {transpose_left: true}
    update w = sgd grad(w) {lr: 0.5, momentum: 0.0, decay: 0.0}
    loss = cost
    program eval
    bind x = d.0
    bind y = d.1
    scores = matmul x, w
    cost = mse scores, y
    loss = cost
    """

  private func machine(_ text: String = script) throws -> Machine<CPUBackend> {
    let machine = try RuntimeTests.machine(text)
    machine.initialize(seed: 1)
    return machine
  }

  private func rows(_ values: [[Float]]) -> DataArray {
    let bytes = values.flatMap { (row) in row.flatMap { (v) in withUnsafeBytes(of: v.bitPattern) { Array($0) } } }
    return .init(origin: "x.npy", type: .init(.f32, [values.count, values[0].count]), bytes: bytes)
  }

  private func floats(_ array: DataArray) -> [Float] {
    array.bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  @Test func `a value is computed for any number of examples`() throws {
    // With w = (1, 1), the sums of the rows.
    let all: [[Float]] = [[1, 2], [3, 4], [5, 6]]
    for n in 1...3 {
      let result = try Predictor(try machine(), value: nil, seed: 1).run([rows(Array(all.prefix(n)))])
      #expect(result.type == .init(.f32, [n, 1]) && result.origin == "scores")
      #expect(floats(result) == Array([3, 7, 11].prefix(n)))
    }
  }

  @Test(arguments: [
    ("score", "did you mean 'scores'?"), ("p", "computes no 'p'"), ("cost", "no axis"), ("w", "no 'w'"),
  ])
  func `a value that is not there, or not one for each example, is refused`(_ name: String, _ message: String) throws {
    let machine = try machine()
    let e = #expect(throws: PredictionFailure.self) { try Predictor(machine, value: name, seed: 1) }
    #expect(e?.description.contains(message) == true, "\(e?.description ?? "")")
    #expect(e?.exitCode == 1)
  }

  @Test func `inputs that do not fit are refused`() throws {
    let predictor = try Predictor(try machine(), value: nil, seed: 1)
    let x = rows([[1, 2]])
    for wrong in [[], [x, x, x], [rows([[1, 2, 3]])], [x, rows([[1], [2]])]] {
      let e = #expect(throws: PredictionFailure.self) { try predictor.run(wrong) }
      #expect(e?.exitCode == 1)
    }
  }

  @Test func `a plan without an evaluation is refused`() throws {
    let machine = try machine(SampleScripts.small)
    #expect(throws: PredictionFailure.noEvaluation) { try Predictor(machine, value: nil, seed: 1) }
  }

}
