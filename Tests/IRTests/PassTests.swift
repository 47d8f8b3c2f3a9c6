import IR
import Passes
import Testing

/// Passes as texts before and after.
@Suite struct PassTests {

  @Test func `dce removes what nothing depends on`() throws {
    let after = try Texts.after(
      "dce",
      """
      a = relu w : f32[2,3]  // a.cgm:4
      b = tanh w : f32[2,3]  // a.cgm:5
      c = exp b : f32[2,3]  // a.cgm:6
      l = mean a {axes: [0, 1]} : f32[]  // a.cgm:7
      loss loss = l
      """)
    #expect(
      after == """
        a = relu w : f32[2,3]  // a.cgm:4
        l = mean a {axes: [0, 1]} : f32[]  // a.cgm:7
        loss loss = l
        """)
  }

  @Test func `dce keeps updates and what they read`() throws {
    let text = """
      a = relu w : f32[2,3]  // a.cgm:4
      l = mean a {axes: [0, 1]} : f32[]  // a.cgm:7
      backward
      g = tanh w : f32[2,3]  // a.cgm:8
      update w = sgd g {lr: 0.1, momentum: 0.0, decay: 0.0}  // a.cgm:3
      loss loss = l
      """
    #expect(try Texts.after("dce", text) == text)
  }

  @Test func `dce keeps metrics`() throws {
    let text = """
      a = mean w {axes: [0, 1]} : f32[]  // a.cgm:4
      b = sum w {axes: [0, 1]} : f32[]  // a.cgm:5
      loss loss = a
      metric size = b
      """
    #expect(try Texts.after("dce", text) == text)
  }

  @Test func `dce does not keep a value for its mark alone`() throws {
    let after = try Texts.after(
      "dce",
      """
      a = mean w {axes: [0, 1]} : f32[]  // a.cgm:4
      b = exp w : f32[2,3]  // a.cgm:5
      checkpoint b
      loss loss = a
      """)
    #expect(after == "a = mean w {axes: [0, 1]} : f32[]  // a.cgm:4\nloss loss = a")
  }

  @Test func `dce does not move the border of the backward part`() throws {
    let after = try Texts.after(
      "dce",
      """
      l = mean w {axes: [0, 1]} : f32[]  // a.cgm:4
      idle = exp w : f32[2,3]  // a.cgm:5
      backward
      lost = log w : f32[2,3]  // a.cgm:6
      update w = sgd w {lr: 0.1, momentum: 0.0, decay: 0.0}  // a.cgm:3
      loss loss = l
      """)
    #expect(
      after == """
        l = mean w {axes: [0, 1]} : f32[]  // a.cgm:4
        backward
        update w = sgd w {lr: 0.1, momentum: 0.0, decay: 0.0}  // a.cgm:3
        loss loss = l
        """)
  }

  @Test func `cse computes equal expressions once, through their uses`() throws {
    let after = try Texts.after(
      "cse",
      """
      a = relu w : f32[2,3]  // a.cgm:4
      b = relu w : f32[2,3]  // a.cgm:5
      c = exp a : f32[2,3]  // a.cgm:6
      d = exp b : f32[2,3]  // a.cgm:7
      e = add c, d : f32[2,3]  // a.cgm:8
      l = mean e {axes: [0, 1]} : f32[]  // a.cgm:9
      loss loss = l
      """)
    #expect(
      after == """
        a = relu w : f32[2,3]  // a.cgm:4
        c = exp a : f32[2,3]  // a.cgm:6
        e = add c, c : f32[2,3]  // a.cgm:8
        l = mean e {axes: [0, 1]} : f32[]  // a.cgm:9
        loss loss = l
        """)
  }

  /// Pairs that look alike and are not.
  @Test(arguments: [
    ("dropout w {rate: 0.5, key: \"a\"}", "dropout w {rate: 0.5, key: \"b\"}", "f32[2,3]"),
    ("relu w", "tanh w", "f32[2,3]"),
    ("relu w", "relu x", "f32[2,3]"),
    ("sub w, x", "sub x, w", "f32[2,3]"),
    ("sum w {axes: [0]}", "mean w {axes: [0]}", "f32[3]"),
    ("matmul v, v {transpose_left: true}", "matmul v, v {transpose_right: true}", "f32[3,3]"),
  ])
  func `cse does not merge`(_ first: String, _ second: String, _ type: String) throws {
    let text = """
      a = \(first) : \(type)  // a.cgm:4
      b = \(second) : \(type)  // a.cgm:5
      e = add a, b : \(type)  // a.cgm:6
      l = mean e {axes: [\(type == "f32[3]" ? "0" : "0, 1")]} : f32[]  // a.cgm:7
      loss loss = l
      """
    #expect(try Texts.after("cse", text) == text)
  }

  @Test func `cse merges two draws of one key`() throws {
    let after = try Texts.after(
      "cse",
      """
      a = dropout w {rate: 0.5, key: "k"} : f32[2,3]  // a.cgm:4
      b = dropout w {rate: 0.5, key: "k"} : f32[2,3]  // a.cgm:5
      e = add a, b : f32[2,3]  // a.cgm:6
      l = mean e {axes: [0, 1]} : f32[]  // a.cgm:7
      loss loss = l
      """)
    #expect(after.contains("e = add a, a : f32[2,3]"))
  }

  @Test func `cse keeps a marked value apart`() throws {
    let text = """
      a = relu w : f32[2,3]  // a.cgm:4
      b = relu w : f32[2,3]  // a.cgm:5
      e = add a, b : f32[2,3]  // a.cgm:6
      l = mean e {axes: [0, 1]} : f32[]  // a.cgm:7
      checkpoint b
      loss loss = l
      """
    #expect(try Texts.after("cse", text) == text)
  }

  @Test func `cse does not merge updates`() throws {
    let text = """
      l = mean w {axes: [0, 1]} : f32[]  // a.cgm:4
      backward
      update w = sgd x {lr: 0.1, momentum: 0.0, decay: 0.0}  // a.cgm:3
      update w = sgd x {lr: 0.1, momentum: 0.0, decay: 0.0}  // a.cgm:3
      loss loss = l
      """
    #expect(try Texts.after("cse", text) == text)
  }

  @Test func `what gives its operand is removed, unless it is reported, marked or changes the type`() throws {
    let after = try Texts.after(
      "identities",
      """
      a = relu w : f32[2,3]  // a.cgm:4
      b = dropout a {rate: 0.0, key: "b"} : f32[2,3]  // a.cgm:4
      c = reshape b {extents: [2, 3]} : f32[2,3]  // a.cgm:5
      d = transpose c {axes: [0, 1]} : f32[2,3]  // a.cgm:5
      e = reshape d {extents: [3, 2]} : f32[3,2]  // a.cgm:5
      f = dropout e {rate: 0.5, key: "f"} : f32[3,2]  // a.cgm:6
      g = transpose v {axes: [1, 0]} : f32[3,3]  // a.cgm:6
      marked = dropout g {rate: 0.0, key: "marked"} : f32[3,3]  // a.cgm:6
      p = matmul marked, f : f32[3,2]  // a.cgm:6
      m = mean p {axes: [0, 1]} : f32[]  // a.cgm:7
      l = reshape m {extents: []} : f32[]  // a.cgm:7
      checkpoint marked
      loss loss = l
      """)
    #expect(
      after == """
        a = relu w : f32[2,3]  // a.cgm:4
        e = reshape a {extents: [3, 2]} : f32[3,2]  // a.cgm:5
        f = dropout e {rate: 0.5, key: "f"} : f32[3,2]  // a.cgm:6
        g = transpose v {axes: [1, 0]} : f32[3,3]  // a.cgm:6
        marked = dropout g {rate: 0.0, key: "marked"} : f32[3,3]  // a.cgm:6
        p = matmul marked, f : f32[3,2]  // a.cgm:6
        m = mean p {axes: [0, 1]} : f32[]  // a.cgm:7
        l = reshape m {extents: []} : f32[]  // a.cgm:7
        checkpoint marked
        loss loss = l
        """)
  }

  @Test(arguments: FunctionPass.all.map(\.name))
  func `a second run changes nothing`(_ name: String) throws {
    let text = """
      a = relu w : f32[2,3]  // a.cgm:4
      b = relu w : f32[2,3]  // a.cgm:5
      idle = exp b : f32[2,3]  // a.cgm:5
      t = transpose v {axes: [1, 0]} : f32[3,3]  // a.cgm:5
      p = matmul b, t : f32[2,3]  // a.cgm:5
      e = add a, p : f32[2,3]  // a.cgm:6
      d = dropout e {rate: 0.0, key: "d"} : f32[2,3]  // a.cgm:6
      h = reshape w {extents: [2, 3, 1]} : f32[2,3,1]  // a.cgm:6
      j = transpose h {axes: [1, 0, 2]} : f32[3,2,1]  // a.cgm:6
      k, k.1 = attention j, j, j {causal: true, scale: 1.0} : f32[3,2,1], f32[3,2]  // a.cgm:6
      m = transpose k {axes: [1, 0, 2]} : f32[2,3,1]  // a.cgm:6
      n = reshape m {extents: [2, 3]} : f32[2,3]  // a.cgm:6
      f = reshape d {extents: [1, 1, 2, 3]} : f32[1,1,2,3]  // a.cgm:6
      c = concat f, f {axis: 1} : f32[1,2,2,3]  // a.cgm:6
      g = mul d, n : f32[2,3]  // a.cgm:6
      i = reshape g {extents: [3, 2, 1, 1]} : f32[3,2,1,1]  // a.cgm:6
      q = conv2d c, i {stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1} : f32[1,3,2,3]  // a.cgm:6
      l = mean q {axes: [0, 1, 2, 3]} : f32[]  // a.cgm:7
      loss loss = l
      """
    let once = try Texts.after(name, text)
    #expect(once != text)
    #expect(try Texts.after(name, once) == once)
  }

}
