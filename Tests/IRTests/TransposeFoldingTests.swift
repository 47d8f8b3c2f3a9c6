import IR
import Testing

/// The pass `fold-transposes` as texts before and after.
@Suite struct TransposeFoldingTests {

  @Test func `a transposed operand is read transposed instead`() throws {
    let after = try Texts.after(
      "fold-transposes",
      """
      t = transpose w {axes: [1, 0]} : f32[3,2]  // a.cgm:4
      u = transpose v {axes: [1, 0]} : f32[3,3]  // a.cgm:5
      a = matmul t, w : f32[3,3]  // a.cgm:6
      b = matmul w, u : f32[2,3]  // a.cgm:7
      c = matmul u, t : f32[3,2]  // a.cgm:8
      l = sum c {axes: [0, 1]} : f32[]  // a.cgm:9
      loss loss = l
      """)
    #expect(
      after == """
        t = transpose w {axes: [1, 0]} : f32[3,2]  // a.cgm:4
        u = transpose v {axes: [1, 0]} : f32[3,3]  // a.cgm:5
        a = matmul w, w {transpose_left: true} : f32[3,3]  // a.cgm:6
        b = matmul w, v {transpose_right: true} : f32[2,3]  // a.cgm:7
        c = matmul v, w {transpose_left: true, transpose_right: true} : f32[3,2]  // a.cgm:8
        l = sum c {axes: [0, 1]} : f32[]  // a.cgm:9
        loss loss = l
        """)
  }

  @Test func `a flag that is there is undone, and so is a second transpose`() throws {
    let after = try Texts.after(
      "fold-transposes",
      """
      t = transpose w {axes: [1, 0]} : f32[3,2]  // a.cgm:4
      s = transpose t {axes: [1, 0]} : f32[2,3]  // a.cgm:5
      a = matmul t, v {transpose_left: true} : f32[2,3]  // a.cgm:6
      b = matmul_sum s, v : f32[2,3]  // a.cgm:7
      e = add a, b : f32[2,3]  // a.cgm:8
      l = sum e {axes: [0, 1]} : f32[]  // a.cgm:9
      loss loss = l
      """)
    #expect(after.contains("a = matmul w, v : f32[2,3]  // a.cgm:6\nb = matmul_sum w, v : f32[2,3]  // a.cgm:7\n"))
  }

  @Test func `the last two axes of batches are folded`() throws {
    let after = try Texts.after(
      "fold-transposes",
      """
      r = reshape w {extents: [1, 2, 3]} : f32[1,2,3]  // a.cgm:4
      t = transpose r {axes: [0, 2, 1]} : f32[1,3,2]  // a.cgm:5
      a = matmul r, t : f32[1,2,2]  // a.cgm:6
      l = sum a {axes: [0, 1, 2]} : f32[]  // a.cgm:7
      loss loss = l
      """)
    #expect(after.contains("a = matmul r, r {transpose_right: true} : f32[1,2,2]  // a.cgm:6"))
  }

  /// Other orders of axes, other readers, and values that the source keeps.
  @Test(arguments: [
    """
    r = reshape w {extents: [2, 3, 1]} : f32[2,3,1]  // a.cgm:4
    t = transpose r {axes: [1, 0, 2]} : f32[3,2,1]  // a.cgm:5
    u = transpose r {axes: [1, 2, 0]} : f32[3,1,2]  // a.cgm:5
    a = matmul u, t : f32[3,1,1]  // a.cgm:6
    l = sum a {axes: [0, 1, 2]} : f32[]  // a.cgm:7
    loss loss = l
    """,
    """
    t = transpose v {axes: [1, 0]} : f32[3,3]  // a.cgm:5
    a = mul t, v : f32[3,3]  // a.cgm:6
    l = sum a {axes: [0, 1]} : f32[]  // a.cgm:7
    loss loss = l
    """,
    """
    t = transpose v {axes: [1, 0]} : f32[3,3]  // a.cgm:5
    a = matmul w, t : f32[2,3]  // a.cgm:6
    l = sum a {axes: [0, 1]} : f32[]  // a.cgm:7
    checkpoint t
    loss loss = l
    """,
  ])
  func `what is no product of an unmarked matrix transpose stays`(_ text: String) throws {
    #expect(try Texts.after("fold-transposes", text) == text)
  }

}
