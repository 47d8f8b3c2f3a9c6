import IR
import Scheduling
import Testing

/// The pass `share-shapes` as texts before and after.
@Suite struct ShapeSharingTests {

  private static let turns = """
    u = tanh w : f32[2,3]  // a.cgm:4
    r = reshape u {extents: [6]} : f32[6]  // a.cgm:5
    a = exp r : f32[6]  // a.cgm:6
    b = mul u, w : f32[2,3]  // a.cgm:7
    c = mul a, r : f32[6]  // a.cgm:8
    d = mul b, u : f32[2,3]  // a.cgm:9
    l = sum c {axes: [0]} : f32[]  // a.cgm:10
    m = sum d {axes: [0, 1]} : f32[]  // a.cgm:10
    n = add l, m : f32[]  // a.cgm:10
    loss loss = n
    """

  @Test func `one shape at a time is there`() throws {
    #expect(
      try Texts.after("share-shapes", Self.turns) == """
        u = tanh w : f32[2,3]  // a.cgm:4
        r = reshape u {extents: [6]} : f32[6]  // a.cgm:5
        a = exp r : f32[6]  // a.cgm:6
        u~2 = reshape r {extents: [2, 3]} : f32[2,3]  // a.cgm:4
        b = mul u~2, w : f32[2,3]  // a.cgm:7
        r~2 = reshape u~2 {extents: [6]} : f32[6]  // a.cgm:5
        c = mul a, r~2 : f32[6]  // a.cgm:8
        u~3 = reshape r~2 {extents: [2, 3]} : f32[2,3]  // a.cgm:4
        d = mul b, u~3 : f32[2,3]  // a.cgm:9
        l = sum c {axes: [0]} : f32[]  // a.cgm:10
        m = sum d {axes: [0, 1]} : f32[]  // a.cgm:10
        n = add l, m : f32[]  // a.cgm:10
        loss loss = n
        """)
  }

  @Test func `what is kept in two shapes takes the bytes of one`() throws {
    let module = try Module(parsing: Texts.module(Self.turns))
    let after = try Module(parsing: Texts.module(try Texts.after("share-shapes", Self.turns)))
    let peaks = try [module, after].map { (m) in
      let problem = try SchedulingProblem(m.train, rules: [], cost: .flops)
      let schedule = problem.schedule(saving: .init(repeating: true, count: m.train.values.count))
      return problem.metrics(of: schedule).liveBytes
    }
    // before: u, r and b or c beside each other; a shape is 24 bytes
    #expect(peaks[0] - peaks[1] == 24, "\(peaks)")
  }

  @Test func `a shape of a shape belongs to the same bytes, and so do two shapes of one value`() throws {
    let after = try Texts.after(
      "share-shapes",
      """
      u = tanh w : f32[2,3]  // a.cgm:4
      r = reshape u {extents: [6]} : f32[6]  // a.cgm:5
      s = reshape r {extents: [3, 2]} : f32[3,2]  // a.cgm:5
      t = reshape u {extents: [1, 6]} : f32[1,6]  // a.cgm:5
      a = sum s {axes: [0, 1]} : f32[]  // a.cgm:6
      b = sum t {axes: [0, 1]} : f32[]  // a.cgm:6
      c = sum u {axes: [0, 1]} : f32[]  // a.cgm:6
      d = add a, b : f32[]  // a.cgm:6
      e = add c, d : f32[]  // a.cgm:6
      loss loss = e
      """)
    #expect(after.contains("s = reshape u {extents: [3, 2]}"))
    #expect(after.contains("t = reshape s {extents: [1, 6]}"))
    #expect(after.contains("u~2 = reshape t {extents: [2, 3]}"))
    #expect(!after.contains("r ="))
  }

  @Test func `shapes that one instruction reads are there together`() throws {
    let text = Self.turns.replacing("b = mul u, w : f32[2,3]", with: "b = matmul u, k : f32[2,2]")
      .replacing("a = exp r", with: "k = reshape u {extents: [3, 2]} : f32[3,2]  // a.cgm:5\na = exp r")
      .replacing("d = mul b, u : f32[2,3]", with: "d = matmul b, u : f32[2,3]")
    let after = try Texts.after("share-shapes", text)
    #expect(after.contains("u~2 = reshape r"))
    #expect(after.contains("k = reshape u~2"))
    #expect(after.contains("b = matmul u~2, k"))
  }

  @Test(arguments: [
    ("loss loss = n", "checkpoint u\nloss loss = n"), ("loss loss = n", "checkpoint r\nloss loss = n"),
    ("tanh w : f32[2,3]", "tanh w : f32[2,3]"),
  ])
  func `marked shapes, and those that follow each other, are left`(_ written: String, _ other: String) throws {
    var text = Self.turns.replacing(written, with: other)
    if written == other {
      text = text.replacing("mul u, w", with: "mul w, w").replacing("mul b, u", with: "mul b, b")
    }
    #expect(try Texts.after("share-shapes", text) == text)
  }

}
