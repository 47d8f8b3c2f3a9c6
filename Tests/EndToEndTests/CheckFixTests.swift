import Foundation
import Testing

/// What `cgadc check --fix` does to files.
@Suite struct CheckFixTests {

  /// A model with slips in five places, which only come to light one after the other.
  private static let slips = Models.chain()
    .replacing("synthetic()", with: "synthetc()").replacing("tanh(h)", with: "tahn(h)")
    .replacing("steps     =", with: "step      =").replacing("x @ weight", with: "x @ wieght \u{2212} 1")

  @Test func `fix-its are applied until none is left, and said`() throws {
    let w = Workspace()
    try w.write("m.cgm", Self.slips)
    let r = try w.cgadc("check", "m.cgm", "--fix").exits(0)
    let mended = Models.chain().replacing("x @ weight", with: "x @ weight - 1").replacing(
      "steps     =", with: "steps      =")
    #expect(try w.text("m.cgm") == mended)
    #expect(r.results.contains("m.cgm: ok"))
    for s in ["m.cgm:5:22: applied: write '-' [CG0130]", "'synthetic' [CG0601]", "'tanh' [CG0201]", "'steps' [CG0407]"]
    {
      #expect(r.messages.contains(s), "\(r)")
    }
    #expect(try w.names == ["m.cgm"])
    let again = try w.cgadc("check", "m.cgm", "--fix").exits(0)
    #expect(again.messages.isEmpty)
    #expect(try w.text("m.cgm") == mended)
  }

  @Test func `without the flag nothing is changed`() throws {
    let w = Workspace()
    try w.write("m.cgm", Self.slips)
    try w.cgadc("check", "m.cgm").exits(1)
    #expect(try w.text("m.cgm") == Self.slips)
  }

  @Test func `what has no fix-it stays an error`() throws {
    let w = Workspace()
    let text = Models.chain().replacing("tanh(h)", with: "tanh(h, h)").replacing("relu(h)", with: "rleu(h)")
    try w.write("m.cgm", text)
    let r = try w.cgadc("check", "m.cgm", "--fix").exits(1)
    #expect(try w.text("m.cgm") == text.replacing("rleu(h)", with: "relu(h)"))
    #expect(r.messages.contains("error:") && r.messages.contains("applied"))
  }

  @Test func `files that are not named are not changed`() throws {
    let w = Workspace()
    let (a, b) = (
      Models.chain().replacing("tanh(h)", with: "tahn(h)"), Models.chain().replacing("relu(h)", with: "rleu(h)")
    )
    try w.write("a.cgm", a)
    try w.write("b.cgm", b)
    try w.cgadc("check", "a.cgm", "--fix").exits(0)
    #expect(try w.text("a.cgm") == Models.chain())
    #expect(try w.text("b.cgm") == b)
  }

  @Test func `an imported file is changed only if it is named`() throws {
    let w = Workspace()
    let broken = "let width = 2 \u{2212} 1\n"
    try w.write("parts.cgm", broken)
    try w.write("m.cgm", "import parts\n" + Models.chain())
    let r = try w.cgadc("check", "m.cgm", "--fix").exits(1)
    #expect(r.messages.contains("parts.cgm:1:15: error"), "\(r)")
    #expect(try w.text("parts.cgm") == broken)
    let both = try w.cgadc("check", "m.cgm", "parts.cgm", "--fix")
    #expect(both.messages.contains("parts.cgm:1:15: applied"), "\(both)")
    #expect(try w.text("parts.cgm") == "let width = 2 - 1\n")
  }

  @Test func `a link stays a link, and permissions stay`() throws {
    let w = Workspace()
    try w.write("m.cgm", Self.slips)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: w.file("m.cgm"))
    try FileManager.default.createSymbolicLink(atPath: w.file("link.cgm"), withDestinationPath: "m.cgm")
    try w.cgadc("check", "link.cgm", "--fix").exits(0)
    let attributes = try FileManager.default.attributesOfItem(atPath: w.file("m.cgm"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: w.file("link.cgm")) == "m.cgm")
    #expect(try w.names == ["link.cgm", "m.cgm"])
  }

  @Test func `two fix-its of one place are applied one by one`() throws {
    let w = Workspace()
    // The second and the third call are both offered the name d_2; the second takes it, the third is asked again.
    let text = """
      dim B = 4, D = 8
      data x: f32[B, D] = synthetic()
      block D1(x: f32[B, D]) -> f32[B, D] {
        param weight: f32[D, D]
        return x @ weight
      }
      model Net(x: f32[B, D]) -> f32[B, D] {
        return D1(D1(D1(x)))
      }
      train {
        loss = mean(Net(batch(x)))
        optimizer = sgd(lr: 0.1)
      }

      """
    try w.write("m.cgm", text)
    let r = try w.cgadc("check", "m.cgm", "--fix")
    #expect(r.messages.contains("applied: name this one"), "\(r)")
    #expect(!r.messages.contains("Fatal error") && [0, 1].contains(r.code), "\(r)")
    #expect(try w.text("m.cgm").contains(" as d1_2"))
  }

  @Test func `a missing file is named and nothing is made`() throws {
    let w = Workspace()
    try w.cgadc("check", "absent.cgm", "--fix").refuses(2, "absent.cgm")
    #expect(try w.names.isEmpty)
  }

}
