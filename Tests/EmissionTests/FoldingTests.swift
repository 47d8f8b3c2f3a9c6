import Emission
import Testing

/// Paths with the numbers of layers taken out.
@Suite struct FoldingTests {

  @Test(arguments: [
    ("h.3.mlp.up", "h.*.mlp.up", [3]), ("grad(h.12.block.4.x)", "grad(h.*.block.*.x)", [12, 4]), ("0.x", "*.x", [0]),
    ("h.attn.1", "h.attn.1", []), ("h1.x2.y", "h1.x2.y", []), ("h.1a.x", "h.1a.x", []), ("", "", []),
    ("h.007.x", "h.007.x", []),
  ])
  func `numbers of layers are taken out, others are not`(_ path: String, _ text: String, _ indices: [Int]) {
    let p = PathPattern(path)
    #expect(p.text == text && p.indices == indices)
  }

  @Test(arguments: [
    (["h.2.x"], "h.2.x"), (["h.1.x", "h.2.x", "h.3.x"], "h.1..3.x"), (["h.5.x", "h.1.x", "h.0.x"], "h.{0..1,5}.x"),
    (["a.0.b.1.x", "a.0.b.2.x"], "a.0.b.1..2.x"), (["a.0.b.1.x", "a.1.b.2.x"], "a.*.b.*.x"),
    (["h.0.x", "h.2.x", "h.4.x", "h.6.x", "h.8.x"], "h.{0,2,4,6,...}.x"),
  ])
  func `paths of one pattern are one path`(_ paths: [String], _ label: String) {
    #expect(PathFolding.label(paths.map { PathPattern($0) }) == label)
  }

  @Test func `all layers are a star`() {
    let some = [PathPattern("h.0.x"), PathPattern("h.1.x")]
    #expect(PathFolding.label(some, total: 2) == "h.*.x")
    #expect(PathFolding.label(some, total: 3) == "h.0..1.x")
  }

}
