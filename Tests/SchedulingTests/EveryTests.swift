import IR
import Operations
import Scheduling
import Testing

/// A2 and A3: which values `every(k:)` counts, marks and deletes.
@Suite struct EveryTests {

  @Test func `A2 of a leaf and six unary operations, numbers 2, 4 and 6 are marked`() throws {
    var g = Graph()
    let x = g.parameter("x")
    var v = x
    for (i, f) in [UnaryFunction.relu, .tanh, .exp, .sigmoid, .sin, .square].enumerated() {
      v = try g.unary(f, v, "v\(i + 1)")
    }
    g.setLoss(v)
    let p = try g.problem()
    #expect(p.analysis.numbered.count == 6)
    #expect(p.numberedNames(where: p.analysis.saved(every: 2)) == ["v2", "v4", "v6"])
  }

  @Test func `A2 of x, w, matmul, relu, tanh, exp, sum three are marked`() throws {
    var g = Graph()
    let (x, w) = (g.parameter("x", 4, 4), g.parameter("w", 4, 4))
    let m = try g.matmul(x, w, "matmul")
    let e = try g.unary(.exp, try g.unary(.tanh, try g.unary(.relu, m, "relu"), "tanh"), "exp")
    g.setLoss(try g.reduce(.sum, e, "sum"))
    let p = try g.problem()
    // matmul 1, relu 2, tanh 3, exp 4, sum 5: 2, 4 and the root
    #expect(p.numberedNames(where: p.analysis.saved(every: 2)) == ["relu", "exp", "sum"])
  }

  @Test func `A2 of x, a, mm, relu, b, mm, sum two are marked`() throws {
    var g = Graph()
    let (x, a, b) = (g.parameter("x", 4, 4), g.parameter("a", 4, 4), g.parameter("b", 4, 4))
    let r = try g.unary(.relu, try g.matmul(x, a, "mm_a"), "relu")
    g.setLoss(try g.reduce(.sum, try g.matmul(r, b, "mm_b"), "sum"))
    let p = try g.problem()
    // mm_a 1, relu 2, mm_b 3, sum 4: 2 and 4, which is the root
    #expect(p.numberedNames(where: p.analysis.saved(every: 2)) == ["relu", "sum"])
  }

  @Test func `constants and broadcasts are not numbered`() throws {
    var g = Graph()
    let x = g.parameter("x", 4)
    let c = try g.append(.elementwise(.constant(2)), [], "two")
    let wide = try g.append(.reduction(.broadcast(extents: [3, 4], inserted: [])), [x], "wide")
    let y = try g.append(.elementwise(.binary(.mul)), [wide, c], "y")
    g.setLoss(try g.reduce(.sum, y, "sum"))
    let p = try g.problem()
    #expect(p.analysis.numbered.map { p.analysis.function[$0].name } == ["y", "sum"])
  }

  @Test func `A3 of four activations of 1,024 bytes two are deleted in forward and two are kept`() throws {
    var g = Graph()
    var v = g.parameter("w", 16, 16)  // 16 · 16 · 4 = 1,024
    for i in 1...4 { v = try g.unary(.tanh, v, "h\(i)") }
    g.setLoss(try g.reduce(.mean, v, "loss"))
    let p = try g.problem()
    let s = try p.schedule("every", k: 2)
    let start = try #require(s.backwardStart)
    let deleted = s.steps[..<start].filter { $0.action == .delete }.flatMap(\.operands).map {
      s.versions[$0.index].value
    }
    #expect(deleted.map { p.analysis.function[$0].name } == ["h1", "h3"])
    #expect(deleted.reduce(0) { $0 + p.analysis.arenaBytes(of: $1) } == 2 * 1024)
    let m = p.metrics(of: s)
    #expect(m.deletedCount == 2)
    #expect(m.savedCount == 2)
    #expect(m.savedBytes == 2 * 1024)
    #expect(m.recomputedCount == 2)
  }

  @Test func `A3 none deletes none of them in forward`() throws {
    var g = Graph()
    var v = g.parameter("w", 16, 16)
    for i in 1...4 { v = try g.unary(.tanh, v, "h\(i)") }
    g.setLoss(try g.reduce(.mean, v, "loss"))
    let m = try g.problem().metrics(of: try g.problem().schedule("none"))
    #expect(m.deletedCount == 0)
    #expect(m.savedBytes == 4 * 1024)
    #expect(m.recomputedCount == 0)
    #expect(m.recomputeCost == 0)
  }

  @Test(arguments: [0, -1, Int.min])
  func `a k below 1 is refused`(_ k: Int) throws {
    var g = Graph()
    g.setLoss(try g.unary(.tanh, g.parameter("w"), "h"))
    let p = try g.problem()
    #expect(throws: DiagnosticError.self) { try p.schedule("every", k: k) }
  }

  @Test(arguments: [1, 2, 3, 5, 1000, Int.max])
  func `the count of marks is n over k, and the root`(_ k: Int) throws {
    var g = Graph()
    var v = g.parameter("w")
    for i in 1...9 { v = try g.unary(.tanh, v, "h\(i)") }
    g.setLoss(v)
    let p = try g.problem()
    // ⌊9 / k⌋, and the 9th is the root
    let expected = 9 / k + (9 % k == 0 ? 0 : 1)
    #expect(p.numberedNames(where: p.analysis.saved(every: k)).count == expected)
  }

}
