import CUDABackend
import Driver
import IR
import Operations
import PlanFormat
import Runtime
import Support
import TestSupport
import Testing

/// Runs of elementwise operations on the simulated device: the bits of single launches.
@Suite struct RunTests {

  private static let keys = StepKeys(seed: 7, step: 3, microBatch: 1)

  /// Numbers with special ones among them.
  private static func image(byteCount: Int, seed: Int) -> [UInt8] {
    var random = SplitMix(seed: UInt64(seed))
    let special: [Float] = [0, -0.0, .infinity, -.infinity, .nan, Float(bitPattern: 9), 100, -100, 1]
    let numbers = (0..<byteCount / 4).map { (_) in
      Int.random(in: 0..<16, using: &random) == 0
        ? special.randomElement(using: &random)! : Float.random(in: -3...3, using: &random)
    }
    return numbers.flatMap { withUnsafeBytes(of: $0.bitPattern, Array.init) }
  }

  /// `true` iff the elements have the same bits or are NaN in both.
  private static func areSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    zip(floats(a), floats(b)).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
  }

  private static func floats(_ bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { (b) in
      (0..<b.count / 4).map { b.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  /// Executes `s` as a graph and by single launches, and compares what is left of it.
  ///
  /// - Returns: the launches.
  @discardableResult
  private static func check(_ s: PlacedSequence, seed: Int) async throws -> (single: Int, joined: Int) {
    let device = try SimulatedDevice.shared.get()
    let image = image(byteCount: s.byteCount, seed: seed)
    let graph = try await device.outcome(of: s, image: image, keys, asGraph: true)
    let single = try await device.outcome(of: s, image: image, keys, asGraph: false)
    for (i, v) in s.live.enumerated() {
      #expect(areSame(graph.live[i], single.live[i]), "seed \(seed): \(v) of \(s.instructions)")
    }
    #expect(graph.launches.joined.elementwiseBytes <= graph.launches.single.elementwiseBytes)
    return (graph.launches.single.launches, graph.launches.joined.launches)
  }

  @Test func `random sequences leave the bits of single launches`() async throws {
    var (single, joined) = (0, 0)
    for seed in 0..<300 {
      let launches = try await Self.check(RandomSequence.make(seed), seed: seed)
      single += launches.single
      joined += launches.joined
    }
    #expect(joined * 3 < single * 2, "\(joined) of \(single) launches")
    Figures.report("launches of random sequences", "\(single) single, \(joined) joined")
  }

  @Test(arguments: SmallModel.all, ["none", "sqrt"])
  func `training has the bits of single launches, also where deleted values are poisoned or kept`(
    _ model: SmallModel, policy: String
  ) async throws {
    let call = PolicyCall(name: policy)
    let plan = try Laboratory.compile(model.text, named: model.name, policy: call, target: .cuda).plan
    let device = try SimulatedDevice.shared.get()
    let single = try await device.training(of: plan, .planned(poison: true), steps: 2, asGraph: false)
    #expect(Set(single).count == 2)
    for mode in [ExecutionMode.planned(poison: true), .planned(poison: false), .keepAll] {
      #expect(try await device.training(of: plan, mode, steps: 2, asGraph: true) == single, "\(mode)")
    }
  }

  /// Operations of which each function of runs is one.
  static let functions: [Operation] = {
    let unary: [UnaryFunction] = [
      .neg, .abs, .relu, .tanh, .sigmoid, .exp, .log, .sqrt, .rsqrt, .square, .gelu, .silu, .softplus, .reciprocal,
      .sign,
    ]
    let binary: [BinaryFunction] = [.add, .sub, .mul, .div, .maximum, .minimum]
    let parametric: [ParametricFunction] = [
      .leakyRelu(slope: 0.1), .leakyRelu(slope: -0.3), .clamp(low: -0.5, high: 1.5),
    ]
    let elementwise =
      binary.map { Elementwise.binary($0) } + unary.map { .unary($0) }
      + unary.filter { $0 != .sign }.map { .unaryGradient($0) }
      + parametric.flatMap { [.parametric($0), .parametricGradient($0)] }
    let random: [RandomOperation] = [.dropout(rate: 0.4, key: "a"), .dropoutGradient(rate: 0.4, key: "a")]
    return elementwise.map { .elementwise($0) } + random.map { .random($0) }
      + [.layout(.reshape(extents: [4, 32])), .state(.assign)]
  }()

  @Test(arguments: functions, [64, 65, 2600])
  func `a function has the bits of its own kernel in a run`(_ f: Operation, count: Int) async throws {
    let extents = f.mnemonic == "reshape" ? [2, 64] : [count]
    let type = TensorType(.f32, extents)
    let size = (type.size.value + 255) / 256 * 256
    let values = (0..<4).map { PlacedSequence.Value(offset: $0 * size, type: type) }
    var s = PlacedSequence(byteCount: 4 * size)
    let isUpdate = f.writtenCount == 1
    let operands = isUpdate ? [values[2], values[0]] : Array(values.prefix(f.operandCount(type)))
    let result =
      f.mnemonic == "reshape" ? PlacedSequence.Value(offset: 2 * size, type: .init(.f32, [4, 32])) : values[2]
    let last = PlacedSequence.Value(offset: 3 * size, type: result.type)
    s.instructions = [
      .compute(f, operands: operands, results: isUpdate ? [] : [result]),
      .compute(.elementwise(.unary(.neg)), operands: [result], results: [last]),
    ]
    s.live = [result, last]
    let launches = try await Self.check(s, seed: count)
    #expect(launches == (2, 1))
  }

  @Test func `functions that take long have launches of their own`() async throws {
    let type = TensorType(.f32, [8])
    let values = (0..<3).map { PlacedSequence.Value(offset: 256 * $0, type: type) }
    for f in UnaryFunction.allCases where RunTests.functions.allSatisfy({ $0 != .elementwise(.unary(f)) }) {
      var s = PlacedSequence(byteCount: 768)
      s.instructions = [
        .compute(.elementwise(.unary(f)), operands: [values[0]], results: [values[1]]),
        .compute(.elementwise(.unary(.neg)), operands: [values[1]], results: [values[2]]),
      ]
      s.live = values
      #expect(try await Self.check(s, seed: 1) == (2, 2), "\(f)")
    }
  }

}

extension Operation {

  /// The number of operands of `type` that it takes.
  fileprivate func operandCount(_ type: TensorType) -> Int {
    let one: [TensorType] = [type]
    return (try? resultTypes(one)) == nil ? 2 : 1
  }

}
