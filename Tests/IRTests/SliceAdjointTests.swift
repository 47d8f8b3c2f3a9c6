import Differentiation
import IR
import Testing

/// What becomes of the adjoints of slices.
@Suite struct SliceAdjointTests {

  /// Returns the lines that define or join the adjoint of `w`, whose parts are the slices of the given columns.
  ///
  /// The loss is the sum of the squares of `w` in `rest`, of all slices, and of `v`.
  private static func adjoint(ofColumns columns: [Range<Int>], rest: Bool = false) throws -> [String] {
    var lines = ["t = square v : f32[3,3]  // a.cgm:4", "l0 = sum t {axes: [0, 1]} : f32[]  // a.cgm:4"]
    if rest {
      lines += ["u = square w : f32[2,3]  // a.cgm:4", "r = sum u {axes: [0, 1]} : f32[]  // a.cgm:4"]
    }
    for (n, c) in columns.enumerated() {
      let type = "f32[2,\(c.count)]"
      lines += [
        "s\(n) = slice w {starts: [0, \(c.lowerBound)], extents: [2, \(c.count)]} : \(type)  // a.cgm:5",
        "q\(n) = square s\(n) : \(type)  // a.cgm:6", "p\(n) = sum q\(n) {axes: [0, 1]} : f32[]  // a.cgm:7",
        "l\(n + 1) = add l\(n), p\(n) : f32[]  // a.cgm:8",
      ]
    }
    lines.append(
      rest ? "l = add l\(columns.count), r : f32[]  // a.cgm:9\nloss loss = l" : "loss loss = l\(columns.count)")
    let module = try Module(parsing: Texts.module(lines.joined(separator: "\n"))).differentiated()
    try module.verify()
    return Texts.lines(module).split(separator: "\n").filter { $0.hasPrefix("grad(w)") }.map { (line) in
      String(line.prefix { $0 != "/" }).trimmingSuffix(" ")
    }
  }

  @Test func `a partition becomes one concatenation, whatever the order`() throws {
    #expect(
      try Self.adjoint(ofColumns: [0..<1, 1..<2, 2..<3]) == [
        "grad(w) = concat grad(s0), grad(s1), grad(s2) {axis: 1} : f32[2,3]"
      ])
    #expect(
      try Self.adjoint(ofColumns: [1..<3, 0..<1]) == ["grad(w) = concat grad(s1), grad(s0) {axis: 1} : f32[2,3]"])
  }

  @Test func `gaps are zeros`() throws {
    #expect(
      try Self.adjoint(ofColumns: [0..<1, 2..<3]) == [
        "grad(w).gap = constant {value: 0.0} : f32[]",
        "grad(w).gap~2 = broadcast grad(w).gap {extents: [2, 1]} : f32[2,1]",
        "grad(w) = concat grad(s0), grad(w).gap~2, grad(s1) {axis: 1} : f32[2,3]",
      ])
  }

  @Test func `one slice alone is padded`() throws {
    #expect(
      try Self.adjoint(ofColumns: [1..<2]) == ["grad(w) = pad grad(s0) {low: [0, 1], high: [0, 1]} : f32[2,3]"])
  }

  @Test func `equal slices are added before they are joined`() throws {
    #expect(
      try Self.adjoint(ofColumns: [0..<1, 1..<3, 0..<1]) == [
        "grad(w).part = add grad(s2), grad(s0) : f32[2,1]",
        "grad(w) = concat grad(w).part, grad(s1) {axis: 1} : f32[2,3]",
      ])
  }

  @Test func `slices over one another become several tensors`() throws {
    #expect(
      try Self.adjoint(ofColumns: [0..<2, 1..<3]) == [
        "grad(w).parts = pad grad(s1) {low: [0, 1], high: [0, 0]} : f32[2,3]",
        "grad(w).parts~2 = pad grad(s0) {low: [0, 0], high: [0, 1]} : f32[2,3]",
        "grad(w) = add grad(w).parts, grad(w).parts~2 : f32[2,3]",
      ])
  }

  @Test func `other uses are added to the parts`() throws {
    let lines = try Self.adjoint(ofColumns: [0..<1, 1..<3], rest: true)
    #expect(lines.count == 3)
    #expect(lines[1] == "grad(w).parts = concat grad(s0), grad(s1) {axis: 1} : f32[2,3]")
    #expect(lines[2] == "grad(w) = add grad(w).use3, grad(w).parts : f32[2,3]")
  }

}

extension String {

  /// Returns the text without `character` at its end.
  fileprivate func trimmingSuffix(_ character: Character) -> String {
    String(reversed().drop { $0 == character }.reversed())
  }

}
