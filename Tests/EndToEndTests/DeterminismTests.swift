import Foundation
import Testing

@Suite struct DeterminismTests {

  private static let policies = ["none()", "sqrt()", "every(k: 3)"]

  @Test(arguments: Sample.allCases, policies)
  func `compiling again, elsewhere and by another path gives the same bytes`(
    _ sample: Sample, _ policy: String
  ) throws {
    let (w, elsewhere) = (Workspace(), Workspace())
    try w.compile(sample.path, "--policy", policy)
    let expected = try w.text("model.cgplan")
    try w.compile(sample.path, "--policy", policy)
    #expect(try w.text("model.cgplan") == expected)
    try FileManager.default.createSymbolicLink(
      atPath: elsewhere.file("samples"), withDestinationPath: Sample.folder)
    try elsewhere.compile("samples/\(sample).cgm", "--policy", policy)
    #expect(try elsewhere.text("model.cgplan") == expected)
  }

  @Test(arguments: Sample.allCases)
  func `a plan holds no path of this machine and no time`(_ sample: Sample) throws {
    let w = Workspace()
    try w.compile(sample.path)
    let text = try w.text("model.cgplan")
    #expect(text.contains("source \"\(sample).cgm\"\n"))
    for part in [w.path, Sample.root, Sample.folder, NSHomeDirectory() + "/", "/tmp/"] {
      #expect(!text.contains(part), "\(part)")
    }
    let year = Calendar.current.component(.year, from: Date())
    #expect(!text.contains("\(year)-"))
  }

  @Test(arguments: Sample.allCases, ["grad", "schedule"])
  func `documents are the same bytes every time`(_ sample: Sample, _ stage: String) throws {
    let arguments = ["dump", sample.path, "--stage", stage, "--format", "json"]
    let w = Workspace()
    #expect(try w.run(.cgadc, arguments).exits(0).results == w.run(.cgadc, arguments).exits(0).results)
  }

  @Test func `the order of statements changes neither results nor the peak`() throws {
    var (peaks, losses, digests) = (Set<JSONValue>(), Set<JSONValue>(), Set<JSONValue>())
    for order in ["a b s t", "a s b t", "b t a s"] {
      let w = Workspace()
      try w.write("branches.cgm", Models.branches(order))
      let planned = try w.compile("branches.cgm")
      let report = try w.train()
      #expect(report["peak_bytes_measured"] == planned["peak_bytes"])
      peaks.insert(planned["peak_bytes"])
      losses.insert(report["loss"])
      digests.insert(report["gradients_digest"])
    }
    #expect(peaks.count == 1 && losses.count == 1 && digests.count == 1, "\(peaks) \(losses) \(digests)")
  }

}
