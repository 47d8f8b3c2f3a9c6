import IR
import Passes
import Support
import Testing

/// The pass `accumulate-products` as texts before and after.
@Suite struct ProductAccumulationTests {

  private static let plain = """
    a = matmul w, v : f32[2,3]  // a.cgm:4
    b = matmul x, v {transpose_right: true} : f32[2,3]  // a.cgm:5
    c = add b, a : f32[2,3]  // a.cgm:6
    l = sum c {axes: [0, 1]} : f32[]  // a.cgm:7
    loss loss = l
    """

  @Test(arguments: ["add b, a", "add a, b"]) func `the later product adds to the earlier one`(_ sum: String) throws {
    let text = Self.plain.replacing("add b, a", with: sum)
    #expect(
      try Texts.after("accumulate-products", text)
        == Self.plain.replacing("add b, a", with: "matmul x, v, a {transpose_right: true}"))
  }

  @Test func `storage is an addend, and sums of products are products`() throws {
    let text = """
      r = reshape w {extents: [1, 2, 3]} : f32[1,2,3]  // a.cgm:4
      a = matmul w, v : f32[2,3]  // a.cgm:4
      c = add a, x : f32[2,3]  // a.cgm:5
      s = matmul_sum r, v : f32[2,3]  // a.cgm:6
      l = sum c {axes: [0, 1]} : f32[]  // a.cgm:7
      loss loss = l
      backward
      g = matmul_sum r, v : f32[2,3]  // a.cgm:8
      h = add c, g : f32[2,3]  // a.cgm:9
      """
    let after = try Texts.after("accumulate-products", text)
    #expect(after.contains("c = matmul w, v, x : f32[2,3]"))
    #expect(after.contains("h = matmul_sum r, v, c : f32[2,3]"))
  }

  /// A product read by others, a stretched addend, one that is made after the product, one that is a factor; a sum that is
  /// reported, and a product that is marked.
  @Test(arguments: [
    ("l = sum c", "k = tanh b : f32[2,3]  // a.cgm:7\nl = sum c"),
    ("c = add b, a : f32[2,3]", "s = sum a {axes: [0, 1]} : f32[]  // a.cgm:6\nc = add b, s : f32[2,3]"),
    ("c = add b, a : f32[2,3]", "t = tanh a : f32[2,3]  // a.cgm:6\nc = add b, t : f32[2,3]"),
    ("c = add b, a : f32[2,3]", "c = add b, x : f32[2,3]"),
    ("loss loss = l", "checkpoint c\nloss loss = l"), ("loss loss = l", "checkpoint b\nloss loss = l"),
  ])
  func `other sums stay`(_ written: String, _ other: String) throws {
    let text = Self.plain.replacing(written, with: other)
    #expect(text != Self.plain)
    #expect(try Texts.after("accumulate-products", text) == text)
  }

  @Test(arguments: [
    ("b", nil, true), ("c", nil, true), ("**", "add", true), ("*", "matmul", true), ("**", nil, false),
    ("l", "add", false),
  ])
  func `what a rule names, by path or operation, stays in forward`(
    _ path: String, _ operation: String?, isLeft: Bool
  ) throws {
    let module = try Module(parsing: Texts.module(Self.plain))
    let pattern = try #require(ValueSelector(pattern: path, span: SourceSpan(0, 0)))
    let selector = ValueSelector(segments: pattern.segments, operation: operation, span: pattern.span)
    let after = Texts.lines(try FunctionPass.productAccumulation.run(on: module, .init(selectors: [selector])))
    #expect((after == Self.plain) == isLeft)
  }

  /// In forward the bits have to be those of two operations, and so the inner index must not be cut.
  @Test(arguments: [(256, true), (257, false), (0, false)])
  func `forward joins products that are added as a whole`(_ inner: Int, isJoined: Bool) throws {
    let text = """
      z = constant {value: 1.0} : f32[]  // a.cgm:4
      p = broadcast z {extents: [2, \(inner)]} : f32[2,\(inner)]  // a.cgm:4
      q = broadcast z {extents: [\(inner), 3]} : f32[\(inner),3]  // a.cgm:4
      a = matmul p, q : f32[2,3]  // a.cgm:4
      c = add a, w : f32[2,3]  // a.cgm:5
      l = sum c {axes: [0, 1]} : f32[]  // a.cgm:7
      loss loss = l
      backward
      g = matmul p, q : f32[2,3]  // a.cgm:8
      h = add c, g : f32[2,3]  // a.cgm:9
      """
    let after = try Texts.after("accumulate-products", text)
    #expect(after.contains("c = matmul p, q, w : f32[2,3]") == isJoined)
    #expect(after.contains("h = matmul p, q, c : f32[2,3]"))
  }

  @Test func `a product of forward is not put off to backward`() throws {
    let text = """
      a = matmul w, v : f32[2,3]  // a.cgm:4
      l = sum w {axes: [0, 1]} : f32[]  // a.cgm:7
      loss loss = l
      backward
      h = add w, a : f32[2,3]  // a.cgm:9
      """
    #expect(try Texts.after("accumulate-products", text).contains("h = add w, a : f32[2,3]"))
  }

  @Test func `an addend of another type is refused`() {
    #expect(
      Texts.refusal(Self.plain.replacing("add b, a", with: "matmul x, v, v")).contains(
        "matmul of f32[2,3] and f32[3,3] adds f32[3,3] to a result of f32[2,3]"))
  }

}
