import CUDABackend
import IR
import PlanFormat
import Testing

/// How many launches a training step of each sample takes on CUDA, and what elementwise operations read and write in it.
@Suite struct LaunchCountTests {

  @Test(arguments: SampleFile.all, ["none", "sqrt"])
  func `a step of a sample has fewer launches and moves fewer bytes than its operations by themselves`(
    _ sample: SampleFile, policy: String
  ) async throws {
    let plan = try sample.plan(dims: [:], policy: PolicyCall(name: policy), target: .cuda)
    let (single, joined) = try await SimulatedDevice.shared.get().launches(of: plan)
    #expect(joined.launches < single.launches)
    #expect(joined.elementwiseBytes < single.elementwiseBytes)
    let ratio = Double(joined.elementwiseBytes) / Double(single.elementwiseBytes)
    Figures.report(
      "\(sample.name) under \(policy)()",
      "\(single.launches) -> \(joined.launches) launches; \(single.elementwiseBytes) -> \(joined.elementwiseBytes) bytes, "
        + "\((100 * ratio).rounded()) %")
  }

}
