import IR
import Testing

/// The pass `fold-concats` as texts before and after.
@Suite struct ConcatFoldingTests {

  private static let plain = """
    a = reshape w {extents: [1, 2, 1, 3]} : f32[1,2,1,3]  // a.cgm:4
    b = reshape v {extents: [1, 3, 1, 3]} : f32[1,3,1,3]  // a.cgm:4
    s = constant {value: 1.0} : f32[]  // a.cgm:5
    k = broadcast s {extents: [2, 5, 1, 1]} : f32[2,5,1,1]  // a.cgm:5
    c = concat a, b {axis: 1} : f32[1,5,1,3]  // a.cgm:6
    p = conv2d c, k {stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1} : f32[1,2,1,3]  // a.cgm:7
    r = conv2d c, k {stride: [1, 2], padding: [0, 0], dilation: [1, 1], groups: 1} : f32[1,2,1,2]  // a.cgm:8
    l = sum p {axes: [0, 1, 2, 3]} : f32[]  // a.cgm:9
    m = sum r {axes: [0, 1, 2, 3]} : f32[]  // a.cgm:9
    n = add l, m : f32[]  // a.cgm:9
    loss loss = n
    """

  @Test func `convolutions read the parts of an image`() throws {
    let after = try Texts.after("fold-concats", Self.plain)
    #expect(after.contains("c = concat a, b"))
    #expect(after.contains("p = conv2d a, b, k {stride: [1, 1],"))
    #expect(after.contains("r = conv2d a, b, k {stride: [1, 2],"))
  }

  @Test(arguments: [
    ("loss loss = n", "checkpoint c\nloss loss = n"),
    ("m = sum r {axes: [0, 1, 2, 3]} : f32[]", "m = sum c {axes: [0, 1, 2, 3]} : f32[]"),
  ])
  func `a concatenation that is wanted, or read by others, is read`(_ written: String, _ other: String) throws {
    let text = Self.plain.replacing(written, with: other)
    #expect(text != Self.plain)
    #expect(try Texts.after("fold-concats", text) == text)
  }

  @Test func `concatenations along other axes, and those that groups read, stay`() throws {
    let pixels = """
      a = reshape w {extents: [1, 2, 1, 3]} : f32[1,2,1,3]  // a.cgm:4
      s = constant {value: 1.0} : f32[]  // a.cgm:5
      k = broadcast s {extents: [2, 2, 1, 1]} : f32[2,2,1,1]  // a.cgm:5
      c = concat a, a {axis: 2} : f32[1,2,2,3]  // a.cgm:6
      p = conv2d c, k {stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1} : f32[1,2,2,3]  // a.cgm:7
      l = sum p {axes: [0, 1, 2, 3]} : f32[]  // a.cgm:9
      loss loss = l
      """
    #expect(try Texts.after("fold-concats", pixels) == pixels)
    let groups = """
      a = reshape w {extents: [1, 2, 1, 3]} : f32[1,2,1,3]  // a.cgm:4
      s = constant {value: 1.0} : f32[]  // a.cgm:5
      k = broadcast s {extents: [2, 2, 1, 1]} : f32[2,2,1,1]  // a.cgm:5
      c = concat a, a {axis: 1} : f32[1,4,1,3]  // a.cgm:6
      p = conv2d c, k {stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 2} : f32[1,2,1,3]  // a.cgm:7
      l = sum p {axes: [0, 1, 2, 3]} : f32[]  // a.cgm:9
      loss loss = l
      """
    #expect(try Texts.after("fold-concats", groups) == groups)
  }

}
