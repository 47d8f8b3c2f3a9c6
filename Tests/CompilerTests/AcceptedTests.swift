import Driver
import Emission
import PlanFormat
import Support
import Testing
import TestSupport

/// The models that compile, and what the stages print of them.
@Suite struct AcceptedTests {

  static let folder = GoldenFolder("cases/accepted", beside: #filePath)

  @Test(arguments: folder.models)
  func `prints what is expected`(_ model: String) throws {
    let stages = Self.folder.stages(of: model)
    #expect(!stages.isEmpty, "no expectation stands beside \(model).cgm")
    let source = Self.folder.text("\(model).cgm")
    let c = Flags(in: source).compilation(of: source, named: "\(model).cgm", folder: Self.folder.path)
    for s in stages {
      let observed = try Self.text(of: s, c)
      let mismatch = Self.folder.mismatch(of: model, at: s, observed: observed)
      #expect(mismatch == nil, "\(mismatch ?? "")")
    }
  }

  private static func text(of stage: String, _ c: Compilation) throws -> String {
    switch stage {
    case "ir": try c.forwardText()
    case "grad": try c.gradientText()
    case "schedule": try c.compiled().plan.scheduleDump
    case "plan": try c.compiled().plan.text
    case "warnings": try c.compiled().warnings.rendered(in: c.map)
    case _: "there is no stage '\(stage)'\n"
    }
  }

}
