import IR
import Passes
import Support
import Testing

/// The pass `fold-heads` as texts before and after.
@Suite struct HeadFoldingTests {

  /// Three heads of one number, cut out of rows of `q`, `k` and `w`.
  private static let heads = """
    q = matmul w, v : f32[2,3]  // a.cgm:4
    k = tanh w : f32[2,3]  // a.cgm:4
    q1 = reshape q {extents: [2, 3, 1]} : f32[2,3,1]  // a.cgm:5
    k1 = reshape k {extents: [2, 3, 1]} : f32[2,3,1]  // a.cgm:5
    v1 = reshape w {extents: [2, 3, 1]} : f32[2,3,1]  // a.cgm:5
    q2 = transpose q1 {axes: [1, 0, 2]} : f32[3,2,1]  // a.cgm:6
    k2 = transpose k1 {axes: [1, 0, 2]} : f32[3,2,1]  // a.cgm:6
    v2 = transpose v1 {axes: [1, 0, 2]} : f32[3,2,1]  // a.cgm:6
    a, a.1 = attention q2, k2, v2 {causal: true, scale: 0.5} : f32[3,2,1], f32[3,2]  // a.cgm:7
    b = transpose a {axes: [1, 0, 2]} : f32[2,3,1]  // a.cgm:8
    c = reshape b {extents: [2, 3]} : f32[2,3]  // a.cgm:9
    e = tanh c : f32[2,3]  // a.cgm:10
    l = sum e {axes: [0, 1]} : f32[]  // a.cgm:11
    loss loss = l
    """

  private static func folded(_ text: String, naming selectors: [ValueSelector] = []) throws -> String {
    let module = try Module(parsing: Texts.module(text))
    var result = try #require(FunctionPass.named("fold-heads")).run(on: module, .init(selectors: selectors))
    result = try #require(FunctionPass.named("dce")).run(on: result)
    return Texts.lines(result)
  }

  @Test func `heads are read and written where they lie`() throws {
    #expect(
      try Self.folded(Self.heads) == """
        q = matmul w, v : f32[2,3]  // a.cgm:4
        k = tanh w : f32[2,3]  // a.cgm:4
        a, a.1 = attention q, k, w {causal: true, scale: 0.5, heads: 3} : f32[2,3], f32[3,2]  // a.cgm:7
        e = tanh a : f32[2,3]  // a.cgm:10
        l = sum e {axes: [0, 1]} : f32[]  // a.cgm:11
        loss loss = l
        """)
  }

  @Test func `queries that are no copies of rows are read as they are`() throws {
    let text = Self.heads.replacing("attention q2,", with: "attention t,")
      .replacing("a, a.1 =", with: "t = tanh q2 : f32[3,2,1]  // a.cgm:7\na, a.1 =")
    #expect(
      try Self.folded(text).contains(
        "a, a.1 = attention t, k2, w {causal: true, scale: 0.5, heads: 3, only_values: true} : f32[2,3], f32[3,2]"))
  }

  @Test func `thirds of one value are read packed`() throws {
    let text = """
      q = slice w {starts: [0, 0], extents: [2, 1]} : f32[2,1]  // a.cgm:4
      k = slice w {starts: [0, 1], extents: [2, 1]} : f32[2,1]  // a.cgm:4
      u = slice w {starts: [0, 2], extents: [2, 1]} : f32[2,1]  // a.cgm:4
      q1 = reshape q {extents: [2, 1, 1]} : f32[2,1,1]  // a.cgm:5
      k1 = reshape k {extents: [2, 1, 1]} : f32[2,1,1]  // a.cgm:5
      u1 = reshape u {extents: [2, 1, 1]} : f32[2,1,1]  // a.cgm:5
      q2 = transpose q1 {axes: [1, 0, 2]} : f32[1,2,1]  // a.cgm:6
      k2 = transpose k1 {axes: [1, 0, 2]} : f32[1,2,1]  // a.cgm:6
      u2 = transpose u1 {axes: [1, 0, 2]} : f32[1,2,1]  // a.cgm:6
      a, a.1 = attention q2, k2, u2 {causal: false, scale: 1.0} : f32[1,2,1], f32[1,2]  // a.cgm:7
      b = transpose a {axes: [1, 0, 2]} : f32[2,1,1]  // a.cgm:8
      l = sum b {axes: [0, 1, 2]} : f32[]  // a.cgm:11
      loss loss = l
      """
    #expect(
      try Self.folded(text) == """
        a, a.1 = attention w {causal: false, scale: 1.0, heads: 1, packed: true} : f32[2,1], f32[1,2]  // a.cgm:7
        b = reshape a {extents: [2, 1, 1]} : f32[2,1,1]  // a.cgm:8
        l = sum b {axes: [0, 1, 2]} : f32[]  // a.cgm:11
        loss loss = l
        """)
    // in another order they are three operands
    let other = text.replacing("attention q2, k2", with: "attention k2, q2")
    #expect(try Self.folded(other).contains("attention k, q, u {causal: false, scale: 1.0, heads: 1} :"))
  }

  @Test(arguments: [
    ("axes: [1, 0, 2]} : f32[2,3,1]  // a.cgm:8", "axes: [2, 0, 1]} : f32[1,3,2]  // a.cgm:8"),  // another order
    ("reshape w {extents: [2, 3, 1]} : f32[2,3,1]", "reshape w {extents: [2, 1, 3]} : f32[2,1,3]"),  // other heads
    ("loss loss = l", "checkpoint a\nloss loss = l"), ("loss loss = l", "checkpoint v2\nloss loss = l"),
    ("loss loss = l", "checkpoint v1\nloss loss = l"),
    ("e = tanh c", "f = tanh a : f32[3,2,1]  // a.cgm:9\ne = tanh c"),
  ])
  func `other forms are left`(_ written: String, _ other: String) throws {
    var text = Self.heads.replacing(written, with: other)
    #expect(text != Self.heads)
    if other.contains("[2,1,3]") {
      text = text.replacing(
        "transpose v1 {axes: [1, 0, 2]} : f32[3,2,1]", with: "transpose v1 {axes: [2, 0, 1]} : f32[3,2,1]")
    }
    #expect(try Texts.after("fold-heads", text) == text)
  }

  @Test func `what a rule names is left`() throws {
    let span = SourceSpan(0, 0)
    let named = ValueSelector(segments: [.name("q2")], operation: nil, span: span)
    #expect(try Self.folded(Self.heads, naming: [named]).contains("q2 = transpose q1"))
    let any = ValueSelector(segments: [.anyDepth], operation: nil, span: span)
    #expect(try !Self.folded(Self.heads, naming: [any]).contains("q2 = transpose q1"))
  }

}
