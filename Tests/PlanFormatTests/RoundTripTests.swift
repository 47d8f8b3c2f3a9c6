import Operations
import PlanFormat
import Support
import Testing

@Suite struct RoundTripTests {

  @Test func `the written text reads back as the same plan`() throws {
    let read = try PlanReader.read(Array(SamplePlan.text.utf8))
    #expect(read == SamplePlan.plan)
    #expect(read.text == SamplePlan.text)
  }

}
