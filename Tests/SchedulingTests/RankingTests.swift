import Driver
import IR
import Operations
import Scheduling
import Support
import TestSupport
import Testing

/// A7, A9 and A10: the policies that rank what backward reads.
@Suite struct RankingTests {

  /// A product whose result lives long, a relu in the middle and one at the end: all of 16×16, 1,024 bytes.
  private static func graph() throws -> Graph {
    var g = Graph()
    let w = g.parameter("w", 16, 16)
    let product = try g.matmul(w, w, "product")
    let s = try g.unary(.tanh, try g.matmul(product, w, "m1"), "s")
    let middle = try g.unary(.relu, try g.unary(.neg, s, "n"), "middle")
    let t = try g.unary(.tanh, try g.matmul(middle, w, "m2"), "t")
    g.setLoss(try g.reduce(.mean, try g.unary(.relu, t, "end"), "loss"))
    return g
  }

  private static func call(_ name: String, _ ratio: Double?) -> PolicyCall {
    .init(name: name, arguments: ratio.map { [.init("ratio", .number($0))] } ?? [])
  }

  /// The values that backward reads of `graph`.
  private static let read = ["product", "s", "middle", "t", "end"]

  /// Returns which of `read` are given up.
  private static func givenUp(_ call: PolicyCall, _ p: SchedulingProblem) throws -> Set<String> {
    let s = try Policy.schedule(call, of: p)
    let f = p.analysis.function
    let again = Set(
      s.steps.filter { $0.action == .recompute }.flatMap(\.results).map { f[s.versions[$0.index].value].name })
    return again.intersection(read)
  }

  @Test func `A10 memory, speed and balanced give up different values`() throws {
    let p = try Self.graph().problem()
    // four of five may be kept: one goes
    #expect(try Self.givenUp(Self.call("memory", 0.8), p) == ["product"])  // live longest, most computed from it
    #expect(try Self.givenUp(Self.call("speed", 0.8), p) == ["end"])  // 256 FLOPs; middle takes 512 with n
    #expect(try Self.givenUp(Self.call("balanced", 0.8), p) == ["middle"])  // lives longer than end
  }

  @Test(arguments: ["memory", "speed", "balanced"])
  func `A10 more ratio keeps no fewer bytes`(_ name: String) throws {
    for p in [try Self.graph().problem(), try Self.random(7), try Self.random(8)] {
      let total = p.metrics(of: try Policy.schedule(.init(name: "none"), of: p)).savedBytes
      var last = -1
      for i in 0...20 {
        let ratio = Double(i) / 20
        let m = p.metrics(of: try Policy.schedule(Self.call(name, ratio), of: p))
        #expect(m.savedBytes >= last)
        // up to scalars, which are always kept
        #expect(Double(m.savedBytes) <= ratio * Double(total) + 64)
        last = m.savedBytes
      }
      #expect(last == total)
    }
  }

  private static func random(_ seed: UInt64) throws -> SchedulingProblem {
    var random = SplitMix(seed: seed)
    return try Graph.random(count: 30, &random).problem()
  }

  @Test(arguments: ["memory", "speed", "balanced"])
  func `the ratio is a half where none is given, and nothing else`(_ name: String) throws {
    let p = try Self.graph().problem()
    #expect(try Self.givenUp(Self.call(name, nil), p) == Self.givenUp(Self.call(name, 0.5), p))
    for bad in [-0.1, 1.1] {
      #expect(throws: DiagnosticError.self) { try Policy.schedule(Self.call(name, bad), of: p) }
    }
  }

  @Test(arguments: ["memory()", "speed()", "balanced()", "cost()", "all()", "revolve(slots: 2)"])
  func `A10 a hundred compilations give the same bytes`(_ policy: String) throws {
    let first = try compilation(of: Models.nested, policy: policy).compiled().plan.text
    for _ in 1..<100 { #expect(try compilation(of: Models.nested, policy: policy).compiled().plan.text == first) }
  }

  @Test func `A7 memory gives up the one activation that is 64 times larger first`() throws {
    var g = Graph()
    let (w, wide, narrow) = (g.parameter("w", 16, 16), g.parameter("wide", 16, 1024), g.parameter("narrow", 1024, 16))
    var v = try g.unary(.tanh, w, "a")
    v = try g.unary(.tanh, try g.matmul(v, wide, "m1"), "large")
    v = try g.unary(.tanh, try g.matmul(v, narrow, "m2"), "b")
    g.setLoss(try g.reduce(.mean, try g.unary(.tanh, v, "c"), "loss"))
    let p = try g.problem()
    let f = p.analysis.function
    func recomputed(_ ratio: Double) throws -> [String] {
      let s = try Policy.schedule(Self.call("memory", ratio), of: p)
      return s.steps.filter { $0.action == .recompute }.map { f[s.versions[$0.results[0].index].value].name }
    }
    // large takes 65,536 of 68,608 bytes: 0.99 does without it, 1 does not
    #expect(try recomputed(0.99) == ["m1", "large"])
    #expect(try recomputed(1).isEmpty)
  }

  @Test func `A9 what is dear goes by the shapes`() throws {
    var g = Graph()
    let (w, v) = (g.parameter("w", 16, 128), g.parameter("v", 128, 16))
    let names: [(String, ValueID)] = [
      ("add", try g.append(.elementwise(.binary(.add)), [w, w], "add")),
      ("sub", try g.append(.elementwise(.binary(.sub)), [w, w], "sub")),
      ("mul", try g.append(.elementwise(.binary(.mul)), [w, w], "mul")),
      ("relu", try g.unary(.relu, w, "relu")), ("tanh", try g.unary(.tanh, w, "tanh")),
      ("sigmoid", try g.unary(.sigmoid, w, "sigmoid")),
      ("dropout", try g.append(.random(.dropout(rate: 0.5, key: "dropout")), [w], "dropout")),
      ("transpose", try g.append(.layout(.transpose(axes: [1, 0])), [w], "transpose")),
      // 128 additions for 4 bytes, and 16
      ("rows", try g.append(.reduction(.reduce(.sum, axes: [1], keep: false)), [w], "rows")),
      ("columns", try g.append(.reduction(.reduce(.sum, axes: [0], keep: false)), [w], "columns")),
      ("product", try g.matmul(w, v, "product")),
    ]
    g.setLoss(try g.reduce(.mean, try g.matmul(w, v, "m"), "loss"))
    let p = try SchedulingProblem(g.module.train, rules: [], cost: .flops)
    let dear = names.filter { p.analysis.definition(of: $0.1).map(p.isDear) ?? false }.map(\.0)
    #expect(dear == ["rows", "product"])
  }

  @Test func `A9 cost recomputes what is cheap and frees bytes, never a product`() throws {
    let text = Models.model(
      """
        var h = x
        repeat 4 as layer {
          param weight: f32[D, D]
          param bias:   f32[D]
          h = gelu(h @ weight + bias)
        }
        return h @ out
      """)
    let m = try compilation(of: text, policy: "cost()").compiled()
    let p = m.plan.programs[0]
    var recomputed: [String] = []
    for i in p.instructions { if case .recompute(let o) = i.action { recomputed.append(o.mnemonic) } }
    // gelu reads its operand, so that the sum is kept for it and its result can be had again
    #expect(recomputed == ["gelu", "gelu", "gelu", "gelu"])
    // of relu the result is kept: the sum that it could be had from takes as much
    let relu = try compilation(of: Models.chain, policy: "cost()").compiled()
    #expect(relu.metrics.recomputedCount == 0)
  }

}
