import Foundation
import Testing

/// The samples that take long, with dims that make them small, as people compile and run them.
@Suite struct SmallSampleTests {

  struct Case: Sendable, CustomTestStringConvertible {

    let name: String

    /// Sizes of dims that leave the data as they are.
    let dims: [String]

    var testDescription: String { name }

    var path: String { "\(Sample.folder)/\(name).cgm" }

    var flags: [String] { dims.flatMap { ["--dim", $0] } }

  }

  private static let all: [Case] = [
    .init(name: "resnet18", dims: ["B=4", "Y=16", "X=16", "Width=4"]), .init(name: "unet", dims: ["B=3", "Width=2"]),
    .init(name: "lstm", dims: ["B=6", "Hidden=7"]), .init(name: "autoencoder", dims: ["B=5", "Hidden=12"]),
    .init(name: "mlp_mixer", dims: ["B=4", "D=6", "L=2"]), .init(name: "vit", dims: ["B=3", "D=8", "L=2"]),
    .init(name: "two_branch", dims: ["B=6", "D=7"]), .init(name: "llama", dims: ["B=2", "T=6", "D=12", "H=2", "L=2"]),
  ]

  /// Samples whose data are not shipped.
  private static let withoutData = ["gpt.cgm", "minilm.cgm"]

  @Test func `no sample is left out`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Sample.folder).filter { $0.hasSuffix(".cgm") }
    let tested = Self.all.map(\.name) + Sample.allCases.map(\.rawValue)
    #expect(names.filter { !Self.withoutData.contains($0) }.sorted() == tested.map { "\($0).cgm" }.sorted())
  }

  @Test(arguments: all)
  func `A4, A5: a sample has the same bits under every schedule, and the peak that was planned`(_ c: Case) throws {
    let w = try Workspace.withDigits()
    var expected: JSONValue?
    for policy in ["none()", "sqrt()", "every(k: 3)", "every(k: 1)"] {
      let planned = try w.run(
        .cgadc, ["compile", c.path, "-o", "model.cgplan", "--json", "--policy", policy] + c.flags
      )
      .exits(0).json
      let report = try w.train("model.cgplan", "--steps", "2")
      #expect(report["peak_bytes_measured"] == planned["peak_bytes"], "\(policy)")
      // an attention is one instruction of two values
      let (executed, values) = (report["recomputed_instructions"].integer, planned["values_recomputed"].integer)
      #expect(executed ?? -1 <= values ?? -1 && (executed == 0) == (values == 0), "\(policy)")
      #expect(report["recomputed_instructions"] == planned["recomputed_instructions"], "\(policy)")
      for key in ["loss", "metrics", "parameters_digest", "gradients_digest"] {
        #expect(report[key] == expected?[key] ?? report[key], "\(key) under \(policy)")
      }
      expected = report
    }
  }

  @Test(arguments: all)
  func `A5: a sample's gradients are differences of its loss, and its effects happen once`(_ c: Case) throws {
    let w = try Workspace.withDigits()
    try w.run(.cgadc, ["compile", c.path, "-o", "model.cgplan"] + c.flags).exits(0)
    let report = try w.run(.cgad, ["verify", "model.cgplan", "--json", "--elements", "8", "--steps", "2"]).exits(0).json
    #expect(report["max_abs_diff"] == .number(0))
    for key in ["bitwise_equal", "effects_once", "peak_ok"] { #expect(report[key] == .bool(true), "\(key)") }
  }

}
