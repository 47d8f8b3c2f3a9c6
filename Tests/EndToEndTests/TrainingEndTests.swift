import Foundation
import Testing

@Suite struct TrainingEndTests {

  @Test func `a loss that is no number stops the training with what was reached`() throws {
    let w = Workspace()
    try w.write("linear.cgm", Models.linear(rate: "1e10"))
    try w.compile("linear.cgm")
    let r = try w.cgad("run", "model.cgplan", "--json").exits(4)
    #expect(r.messages.contains("the loss of step"), "\(r)")
    let report = try r.json
    let losses = report["loss"].elements
    #expect((1..<50).contains(losses.count) && losses.allSatisfy { $0.number?.isFinite ?? false }, "\(r)")
    #expect(report["peak_bytes_measured"] == report["peak_bytes_planned"])
  }

  @Test func `a sensible rate does not stop the training`() throws {
    let w = Workspace()
    try w.write("linear.cgm", Models.linear(rate: "0.01"))
    try w.compile("linear.cgm")
    #expect(try w.train()["loss"].elements.count == 50)
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a signal ends the training after a step, with its results`(_ signal: Int32, _ code: Int32) throws {
    let w = try Workspace.withDigits()
    try w.compile(Sample.digits.path)
    let r = try w.run(
      .cgad, ["run", "model.cgplan", "--json", "--steps", "100000000", "--metrics", "m.csv"],
      interruption: (signal, "epoch 2 "))
    try r.exits(code)
    let report = try r.json
    let steps = try #require(report["steps"].integer)
    // Two epochs of 23 steps were done before the signal was sent.
    #expect(steps >= 46 && report["loss"].elements.count == steps)
    #expect(report["gradients_digest"] == .null, "they are those of the last step that was asked for")
    #expect(r.messages.contains("interrupted after step \(steps)"), "\(r)")
    let rows = try w.text("m.csv").split(separator: "\n").filter { $0.hasPrefix("train,") }
    #expect(rows.count == steps)
  }

}
