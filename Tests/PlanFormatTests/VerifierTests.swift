import Operations
import PlanFormat
import Support
import Testing

@Suite struct VerifierTests {

  @Test func `accepts the sample`() throws { try SamplePlan.plan.verify() }

  @Test(arguments: BrokenText.plans)
  func `refuses plan`(_ broken: BrokenText) throws {
    let plan = try PlanReader.read(Array(broken.text.utf8))
    let violation = #expect(throws: PlanViolation.self) { try plan.verify() }
    #expect(violation?.description == broken.message)
  }

}
