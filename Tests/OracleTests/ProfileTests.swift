import CostProfiles
import Driver
import IR
import Operations
import PlanFormat
import Testing

/// A5 under cost profiles.
@Suite struct ProfileTests {

  /// A profile by which what is cheap in FLOPs is dear.
  private static let profile = CostProfile(
    name: "upside down", target: "cpu", threads: Laboratory.threads,
    classes: [
      .init(name: "matmul", flops: .init([.init(work: 1 << 20, nanoseconds: 1)])),
      .init(name: "*", bytes: .init([.init(work: 1, nanoseconds: 1000)])),
    ])

  @Test(arguments: SmallModel.all)
  func `a cost profile changes no bit of losses, gradients or parameters`(_ model: SmallModel) throws {
    let keeping = try Laboratory.compile(model.text, named: model.name, policy: .init(name: "none")).plan
    let reference = try Laboratory.session(for: keeping).trace(steps: 3)
    let budget = keeping.totals.peakBytes - keeping.totals.activationPeakBytes / 4
    for policy in [
      PolicyCall(name: "optimal", arguments: [.init("budget", .integer(budget))]), .init(name: "cost"),
      .init(name: "speed"),
    ] {
      let plan = try Laboratory.compile(model.text, named: model.name, policy: policy, costs: Self.profile).plan
      #expect(plan.header.costs?.digest == Self.profile.digest)
      #expect(try Laboratory.session(for: plan).trace(steps: 3) == reference, "\(policy)")
      #expect(policy.name == "cost" || plan.recomputations > 0, "\(policy)")
    }
  }

  @Test(arguments: OperationKind.all)
  func `every operation can be measured`(_ kind: OperationKind) throws {
    let c = try #require(KernelCase.all.first { OperationKind($0.operation) == kind })
    #expect(OperationSample.mnemonics.contains(c.operation.mnemonic))
  }

}
