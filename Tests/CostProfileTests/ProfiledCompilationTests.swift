import CostProfiles
import Driver
import IR
import Operations
import PlanFormat
import Support
import Testing

@Suite struct ProfiledCompilationTests {

  /// Six layers of a product and a sine; backward reads all products for the sines, and all sines for the products.
  private static let text = """
    dim B = 64, D = 64
    data batches: (f32[B, D], f32[B, D]) = synthetic()
    model Waves(x: f32[B, D]) -> f32[B, D] {
      var h = x
      repeat 6 as layers {
        param weight: f32[D, D] ~ xavier()
        h = sin(h @ weight)
      }
      return h
    }
    train {
      let (x, y) = batch(batches)
      loss = mse(Waves(x), y)
      optimizer = sgd(lr: 0.1)
    }
    """

  /// A nanosecond for 100 bytes of everything but `dear`, which takes a second for 100.
  private static func profile(dear: String) -> CostProfile {
    .init(
      name: "dear \(dear)", target: "cpu", threads: 2,
      classes: [
        .init(name: dear, bytes: .init([.init(work: 100, nanoseconds: 1_000_000_000)])),
        .init(name: "*", bytes: .init([.init(work: 100, nanoseconds: 1)])),
      ])
  }

  private static func compiled(_ policy: PolicyCall, _ costs: CostProfile?) throws -> CompiledModel {
    var options = CompileOptions()
    (options.policy, options.costs) = (policy, costs)
    return try Compilation(SourceFile(name: "waves.cgm", text: text), options: options).compiled()
  }

  /// Returns how often each operation is recomputed.
  private static func recomputed(_ model: CompiledModel) -> [String: Int] {
    var all: [String: Int] = [:]
    for i in model.plan.programs[0].instructions {
      if case .recompute(let operation) = i.action { all[operation.mnemonic, default: 0] += 1 }
    }
    return all
  }

  /// The budget of three tenths fewer activations than keeping everything takes.
  private static func budget() throws -> Int {
    let totals = try compiled(.init(name: "none"), nil).plan.totals
    return totals.peakBytes - totals.activationPeakBytes * 3 / 10
  }

  /// `optimal`, `budget` and `chain` with that budget.
  private static func budgeted() throws -> [PolicyCall] {
    let bytes = try budget()
    return [("optimal", "budget"), ("budget", PolicyCall.unlabelled)].map { (name, label) in
      .init(name: name, arguments: [.init(label, .integer(bytes))])
    }
  }

  @Test func `what the profile makes dear is not recomputed, and what FLOPs make dear is`() throws {
    for policy in try Self.budgeted() + [.init(name: "speed")] {
      let plain = Self.recomputed(try Self.compiled(policy, nil))
      #expect(plain["sin"] ?? 0 > 0 && plain["matmul"] == nil, "\(policy): \(plain)")
      let again = Self.recomputed(try Self.compiled(policy, Self.profile(dear: "sin")))
      #expect(again["matmul"] ?? 0 > 0 && again["sin"] == nil, "\(policy): \(again)")
      let same = Self.recomputed(try Self.compiled(policy, Self.profile(dear: "matmul")))
      #expect(same["sin"] ?? 0 > 0 && same["matmul"] == nil, "\(policy): \(same)")
    }
  }

  @Test func `the policy cost recomputes what takes no longer than the dearest function`() throws {
    let cost = PolicyCall(name: "cost")
    #expect(Self.recomputed(try Self.compiled(cost, nil))["sin"] ?? 0 > 0)
    #expect(Self.recomputed(try Self.compiled(cost, Self.profile(dear: "sin"))) == [:])
    #expect(Self.recomputed(try Self.compiled(cost, Self.profile(dear: "erf")))["sin"] ?? 0 > 0)
  }

  @Test func `costs are times, and the plan says whose`() throws {
    let profile = Self.profile(dear: "sin")
    let policy = PolicyCall(name: "every", arguments: [.init("k", .integer(4))])
    let model = try Self.compiled(policy, profile)
    let report = model.report(path: "w.cgplan", seconds: 0)
    #expect(report.costUnit == "ns" && report.costProfile == "dear sin" && report.costProfileDigest == profile.digest)
    // forward and backward of six sines; those of backward are of other operations
    let sines = model.plan.programs[0].instructions.filter {
      if case .recompute(.elementwise(.unary(.sin))) = $0.action { true } else { false }
    }
    // 2 · 64 · 64 · 4 bytes of operand and result, a second for 100
    let second = 1_000_000_000
    #expect(report.recomputeCost / (2 * 16_384 / 100 * second) == sines.count)
    #expect(report.stepCost > 6 * 327 * second && report.stepCost < 6 * 328 * second + second)
    let milliseconds = try #require(report.estimatedStepMilliseconds)
    #expect(milliseconds == Double(report.stepCost + report.recomputeCost) / 1e6)
    #expect(model.plan.text.contains("\ncosts \"dear sin\" \(profile.digest)\ntarget cpu\n"))
    #expect(try PlanReader.read(Array(model.plan.text.utf8)).header == model.plan.header)
    #expect(try Self.compiled(policy, profile).plan.text == model.plan.text)
    #expect(model.summary.contains("time") && model.summary.contains("by the times of dear sin (\(profile.digest))"))
  }

  @Test func `copies are times, too, and what is waited for is in the step's`() throws {
    let budget = try Self.budget()
    func call(_ costPerByte: Double?) -> PolicyCall {
      let costs = costPerByte.map { [Attribute("cost_per_byte", .number($0))] } ?? []
      return .init(
        name: "optimal", arguments: [.init("budget", .integer(budget)), .init("offload", .boolean(true))] + costs)
    }
    // all else is so quick that every copy is waited for, and products are so dear that none is made again
    let m = try Self.compiled(call(nil), Self.profile(dear: "matmul"))
    let report = m.report(path: "p", seconds: 1)
    #expect(m.costPerByte == 0.1 && m.costUnit == "ns" && report.valuesOffloaded > 0)
    #expect(report.copyCost == report.valuesOffloaded * 2 * 1639, "16384 bytes each way")
    #expect(Self.recomputed(m)["matmul"] == nil)
    #expect(m.summary.contains(" (0.1 ns a byte), not hidden +"))
    let measured = CostProfile(
      name: "x", target: "cpu", threads: 2,
      classes: Self.profile(dear: "matmul").classes + [
        .init(name: "copy", bytes: .init([.init(work: 8, nanoseconds: 2)]))
      ])
    #expect(try Self.compiled(call(nil), measured).costPerByte == 0.25)
    let waiting = try Self.compiled(call(1e3), Self.profile(dear: "sin")).report(path: "p", seconds: 1)
    let step = waiting.stepCost + waiting.recomputeCost + waiting.copyWaitCost
    #expect(waiting.estimatedStepMilliseconds == Double(step) / 1e6)
  }

  @Test func `without a profile costs are FLOPs`() throws {
    let model = try Self.compiled(.init(name: "every", arguments: [.init("k", .integer(4))]), nil)
    let report = model.report(path: "w.cgplan", seconds: 0)
    #expect(report.costUnit == "flops" && report.costProfile == nil && report.estimatedStepMilliseconds == nil)
    #expect(report.stepCost == report.stepFlops && report.recomputeCost == report.recomputeFlops)
    #expect(!model.plan.text.contains("\ncosts ") && !model.summary.contains("time"))
  }

  @Test func `a plan with a digest that is none is refused`() throws {
    let profile = Self.profile(dear: "sin")
    let text = try Self.compiled(.init(name: "none"), profile).plan.text
    let broken = text.replacing(profile.digest, with: "0123456789abcdeg")
    #expect(throws: PlanError.self) { try PlanReader.read(Array(broken.utf8)) }
  }

}
