import Driver
import Testing
import TestSupport

/// The models that do not compile, and what people are told.
@Suite struct RejectedTests {

  static let folder = GoldenFolder("cases/rejected", beside: #filePath)

  @Test(arguments: folder.models)
  func `says what is expected`(_ model: String) {
    #expect(Self.folder.stages(of: model) == ["diagnostics"])
    let source = Self.folder.text("\(model).cgm")
    let c = Flags(in: source).compilation(of: source, named: "\(model).cgm", folder: Self.folder.path)
    let observed = failure { () throws(CompileFailure) in _ = try c.compiled() }
    let mismatch = Self.folder.mismatch(of: model, at: "diagnostics", observed: observed)
    #expect(mismatch == nil, "\(mismatch ?? "")")
  }

}
