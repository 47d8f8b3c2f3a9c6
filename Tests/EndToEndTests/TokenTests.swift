import Foundation
import Testing

@Suite struct TokenTests {

  /// Where `scripts/fetch-data` puts the tokens of Shakespeare.
  private static let folder = "\(Sample.folder)/data"

  private static let isThere = FileManager.default.isReadableFile(atPath: "\(folder)/shakespeare-train.u16")

  private static let model = "\(Sample.folder)/gpt.cgm"

  /// A small model of the sample's form.
  private static let small = ["--dim", "B=4", "--dim", "T=16", "--dim", "D=32", "--dim", "L=2"]

  private static func compiled(_ flags: [String] = small) throws -> Workspace {
    let w = Workspace()
    _ = try w.run(.cgadc, ["compile", model, "-o", "model.cgplan"] + flags).exits(0)
    return w
  }

  /// Text of `count` tokens, each the one before it plus 1, below 84.
  private static func text(_ count: Int) -> [UInt8] { (0..<count).flatMap { [UInt8($0 % 84), 0] } }

  @Test func `the language model learns which token follows, from files of tokens`() throws {
    let w = try Self.compiled()
    try w.write("shakespeare-train.u16", Self.text(4000))
    try w.write("shakespeare-test.u16", Self.text(1000))
    let report = try w.train("model.cgplan", "--steps", "160")
    let losses = report["loss"].elements.compactMap(\.number)
    // The first is that of a guess among 84 tokens, ln 84 = 4.43.
    #expect(losses.count == 160 && abs(losses[0] - 4.43) < 0.3)
    let last = losses[155...].reduce(0, +) / 5
    #expect(last < 0.5 * losses[0])
    #expect(report["peak_bytes_measured"] == report["peak_bytes_planned"])
  }

  @Test func `--data gives other files of tokens`() throws {
    let w = try Self.compiled()
    try w.write("a.u16", Self.text(2000))
    try w.write("b.u16", Self.text(500))
    let flags = ["--data", "text=a.u16", "--data", "held_out=b.u16"]
    _ = try w.run(.cgad, ["run", "model.cgplan", "--steps", "2"] + flags).exits(0)
    try w.write("b.u16", [1, 0, 84, 0] + Self.text(500))
    let r = try w.run(.cgad, ["run", "model.cgplan", "--steps", "2"] + flags)
    try r.refuses(1, "held_out", "b.u16", "value 84 at element 1 is not in 0...83")
  }

  @Test func `a table trains a model, and a bad cell is named with its place`() throws {
    let w = Workspace()
    try w.write(
      "model.cgm",
      """
      dim B = 4
      data points: (f32[B, 2], i32[B]) = csv("points.csv", x: "x, y", y: "side")
      model Side(point: f32[B, 2]) -> f32[B, 2] {
        param weight: f32[2, 2] ~ zeros()
        return point @ weight
      }
      train {
        let (point, side) = batch(points)
        loss      = cross_entropy(Side(point), side)
        optimizer = sgd(lr: 1.0)
        steps     = 40
        seed      = 1
      }

      """)
    try w.compile("model.cgm")
    let rows = (0..<16).map { "point \($0),\($0 % 2),\($0 % 2 == 0 ? -1 : 1).5,\($0 / 4)" }
    try w.write("points.csv", (["name,side,x,y"] + rows).joined(separator: "\r\n"))
    let losses = try w.train()["loss"].elements.compactMap(\.number)
    #expect(losses.count == 40 && losses[39] < 0.5 * losses[0])
    try w.write("points.csv", (["name,side,x,y"] + rows + ["point,left,0,0"]).joined(separator: "\n"))
    try w.cgad("run", "model.cgplan").refuses(1, "points.csv: line 18, column 2 ('side')", "'left'")
  }

  @Test(.enabled(if: isThere, "Shakespeare is absent; scripts/fetch-data gets it"))
  func `thirty steps on Shakespeare learn something, under any schedule`() throws {
    let w = try Self.compiled()
    var losses: [[Double]] = []
    for policy in ["none()", "sqrt()"] {
      _ = try w.run(.cgadc, ["compile", Self.model, "-o", "model.cgplan", "--policy", policy] + Self.small).exits(0)
      let report = try w.train(
        "model.cgplan", "--steps", "30", "--data", "text=\(Self.folder)", "--data", "held_out=\(Self.folder)")
      #expect(report["peak_bytes_measured"] == report["peak_bytes_planned"])
      losses.append(report["loss"].elements.compactMap(\.number))
    }
    #expect(losses[0] == losses[1] && losses[0].count == 30)
    let (first, last) = (losses[0].prefix(5).reduce(0, +), losses[0].suffix(5).reduce(0, +))
    #expect(last < 0.9 * first)
  }

}
