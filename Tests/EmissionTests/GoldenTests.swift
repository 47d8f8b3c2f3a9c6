import Driver
import Emission
import PlanFormat
import Support
import Testing
import TestSupport

/// Every form in which people review a plan, as text that is looked at.
@Suite struct GoldenTests {

  @Test(arguments: Review.folder.models)
  func `prints what is expected`(_ model: String) throws {
    let stages = Review.folder.stages(of: model)
    #expect(!stages.isEmpty, "no expectation stands beside \(model).cgm")
    let source = Review.folder.text("\(model).cgm")
    let plan = try compilation(of: source, named: "\(model).cgm").compiled().plan
    let keeping = try compilation(of: source, named: "\(model).cgm", policy: "none()").compiled().plan
    for s in stages {
      let mismatch = Review.folder.mismatch(of: model, at: s, observed: Self.text(of: s, plan, keeping))
      #expect(mismatch == nil, "\(mismatch ?? "")")
    }
  }

  /// Returns the text of `plan`; differences are from `old`.
  private static func text(of stage: String, _ plan: Plan, _ old: Plan) -> String {
    let review = ProgramReview(plan)
    switch stage {
    case "schedule": return plan.scheduleDump
    case "schedule-folded": return plan.foldedScheduleDump
    case "memory": return plan.memoryMap
    case "memory-folded": return plan.foldedMemoryMap
    case "dot": return review.dot()
    case "dot-folded": return review.dot(isFolded: true)
    case "trace": return review.trace()
    case "overview": return review.overview
    case "peak": return review.peakExplanation
    case "saved": return review.savedExplanation
    case "steps":
      return [1, review.program.instructions.count].map(review.explanation(ofStep:)).joined(separator: "\n")
    case "values": return review.values.prefix(12).map(review.explanation(of:)).joined(separator: "\n")
    case "diff": return PlanDifference(from: old, to: plan).text()
    case "diff-full": return PlanDifference(from: old, to: plan).text(isFull: true)
    case "markdown": return PlanDifference(from: old, to: plan).markdown()
    case "html": return ReviewPage(plan).html
    case "arena": return StandaloneFigure.arena(of: plan)
    case _: return "there is no stage '\(stage)'\n"
    }
  }

}
