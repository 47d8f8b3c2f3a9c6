import IR
import Operations
import Scheduling
import Testing

/// Operations that move elements in schedules.
@Suite struct MovementTests {

  /// Attention over embedded tokens: 2 sequences of 3 tokens, 2 heads of 4 numbers.
  private static func attention() throws -> Graph {
    var g = Graph()
    let (table, tokens) = (g.parameter("table", 7, 8), g.input("tokens", .i32, 2, 3))
    let (qkv, out) = (g.parameter("qkv", 8, 24), g.parameter("out", 8, 7))
    let x = try g.append(.indexing(.gather), [table, tokens], "x")
    let joined = try g.matmul(x, qkv, "joined")
    var heads: [ValueID] = []
    for (n, name) in ["q", "k", "v"].enumerated() {
      let part = try g.append(.layout(.slice(starts: [0, 0, 8 * n], extents: [2, 3, 8])), [joined], name)
      let cut = try g.append(.layout(.reshape(extents: [2, 3, 2, 4])), [part], "\(name).cut")
      heads.append(try g.append(.layout(.transpose(axes: [0, 2, 1, 3])), [cut], "\(name).heads"))
    }
    let product = Operation.linear(.matmul(transposeLeft: false, transposeRight: true))
    let scores = try g.append(product, [heads[0], heads[1]], "scores")
    let mixed = try g.matmul(try g.append(.classification(.softmax), [scores], "weights"), heads[2], "mixed")
    let back = try g.append(.layout(.transpose(axes: [0, 2, 1, 3])), [mixed], "back")
    let flat = try g.append(.layout(.reshape(extents: [2, 3, 8])), [back], "flat")
    let y = try g.matmul(flat, out, "y")
    g.setLoss(try g.append(.classification(.crossEntropy), [y, tokens], "loss"))
    return g
  }

  @Test func `the adjoint of a projection that is cut in three is one concatenation`() throws {
    let f = try Self.attention().differentiated()
    let moves = f.instructions[(f.backwardStart?.index ?? 0)...].compactMap { (i) -> String? in
      if case .layout(let move) = i.operation { move.mnemonic } else { nil }
    }
    #expect(moves.count { $0 == "concat" } == 1)
    #expect(!moves.contains("pad") && !moves.contains("slice"))
  }

  @Test func `the adjoint of a weight of many matrices is one matrix`() throws {
    let f = try Self.attention().differentiated()
    let sums = f.instructions.filter { (i) in
      if case .linear(.matmulSum) = i.operation { true } else { false }
    }
    // out and qkv; nothing has the 2 · 8 · 24 elements of one weight's adjoint for each sequence
    #expect(sums.map { f[$0.results[0]].name } == ["grad(out)", "grad(qkv)"])
    #expect(f.values.allSatisfy { $0.type.extents != [2, 8, 24] && $0.type.extents != [2, 8, 7] })
  }

  @Test func `every policy gives a schedule that verifies`() throws {
    let p = try Self.attention().problem()
    var recomputed = 0
    for c in try p.candidates() {
      let s = try Policy.schedule(c.policy, of: p)
      var verifier = ScheduleVerifier(s, of: p.analysis.function, obligedToSave: p.obligations.saved)
      try verifier.verify()
      recomputed = max(recomputed, p.metrics(of: s).recomputedCount)
    }
    #expect(recomputed > 0)
  }

  @Test func `moves are numbered like other operations`() throws {
    let p = try Self.attention().problem()
    let names = p.analysis.numbered.map { p.analysis.function[$0].name }
    #expect(names.prefix(5) == ["x", "joined", "q", "q.cut", "q.heads"])
  }

}
