import Driver
import IR
import Operations
import PlanFormat
import Runtime
import Support
import Testing

/// The samples that the project ships, as `cgad` would run them.
@Suite struct SampleTests {

  /// The policies under which samples are run: those that need no marks, a few of them.
  private static let policies: [PolicyCall] = [.init(name: "none"), .every(3), .init(name: "sqrt")]

  @Test func `there are samples`() {
    let names = Set(SampleFile.all.map(\.name))
    #expect(names.isSuperset(of: TorchSample.all.map(\.name)))
    #expect(TorchSample.all.count > 10)
  }

  @Test(arguments: SampleFile.all)
  func `a sample has the same bits and the planned peak under every policy`(_ sample: SampleFile) throws {
    let dims = sample.smallDims
    var reference: Trace?
    for policy in Self.policies {
      let plan = try sample.plan(dims: dims, policy: policy)
      let backend = try CountingBackend(threads: Laboratory.threads)
      let session = try Laboratory.session(for: plan, on: backend, beside: dataPath(of: plan))
      let trace = try session.trace(steps: 2)
      #expect(trace == reference ?? trace, "\(policy)")
      reference = trace
      _ = try session.evaluate(limit: 1)
      expectPlannedPeak(session.machine, plan, backend)
      Figures.report("peak \(sample.name) \(policy)", "\(session.machine.measuredPeakBytes) bytes")
    }
    let plan = try sample.plan(dims: dims, policy: Self.policies[0])
    let kept = try Laboratory.session(for: plan, mode: .keepAll, beside: dataPath(of: plan))
    #expect(try kept.trace(steps: 2) == reference, "the reference that keeps everything")
  }

  /// Returns where the plan's data lie, `nil` if they are not all there.
  private func dataPath(of plan: Plan) -> String? {
    let path = SearchPath(planPath: "\(SampleFile.folder)/sample.cgplan")
    let files = plan.data.flatMap(\.arguments).compactMap { (a) -> String? in
      if case .string(let s) = a.value, !["x", "y", "dtype"].contains(a.name) { return s }
      return nil
    }
    let areThere = files.allSatisfy { (f) in path.candidates(for: f).contains(where: SearchPath.exists) }
    return areThere ? "\(SampleFile.folder)/sample.cgplan" : nil
  }

}
