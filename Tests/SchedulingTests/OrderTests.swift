import IR
import Operations
import Scheduling
import Support
import TestSupport
import Testing

/// The order of instructions, beside all orders and the source's.
@Suite struct OrderTests {

  /// Two values of 4,096 bytes, each wanted only for its sum of 4.
  private static func branches() throws -> Graph {
    var g = Graph()
    let x = g.parameter("x", 1)
    func wide(_ name: String, _ g: inout Graph) throws -> ValueID {
      try g.append(.reduction(.broadcast(extents: [1024], inserted: [])), [x], name)
    }
    let (a, b) = (try wide("a", &g), try wide("b", &g))
    let (s, t) = (try g.reduce(.sum, a, "s"), try g.reduce(.sum, b, "t"))
    g.setLoss(try g.append(.elementwise(.binary(.add)), [s, t], "all"))
    return g
  }

  @Test func `what dies early is computed before the next branch begins`() throws {
    let f = try Self.branches().module.train
    let found = try #require(f.reordered(workspace: .none))
    #expect(f.instructions.map { f[$0.results[0]].name } == ["a", "b", "s", "t", "all"])
    #expect(found.function.instructions.map { found.function[$0.results[0]].name } == ["a", "s", "b", "t", "all"])
    // s at the earliest: a, b and s live together; then s, b and t
    #expect(found.liveBytes == (4096 + 4096 + 4, 4 + 4096 + 4))
  }

  @Test func `where nothing is gained the order is that of the source`() throws {
    var g = Graph()
    let x = g.parameter("x", 16, 16)
    let (a, b) = (try g.unary(.exp, x, "a"), try g.unary(.tanh, x, "b"))
    let sum = try g.append(.elementwise(.binary(.add)), [a, b], "sum")
    g.setLoss(try g.reduce(.mean, sum, "loss"))
    #expect(g.module.train.reordered(workspace: .none) == nil)
    #expect(try g.differentiated().reordered(workspace: .none) == nil)
  }

  @Test func `of two branches the one that needs more comes first`() throws {
    var g = Graph()
    let x = g.parameter("x", 1)
    // "few" keeps 4,096 bytes that its sum of squares needs no more; "many" needs twice 65,536 for a moment
    let few = try g.append(.reduction(.broadcast(extents: [1024], inserted: [])), [x], "few")
    let many = try g.append(.reduction(.broadcast(extents: [16384], inserted: [])), [x], "many")
    let rest = try g.append(.layout(.slice(starts: [0], extents: [1024])), [many], "rest")
    g.setLoss(try g.reduce(.sum, try g.append(.elementwise(.binary(.add)), [few, rest], "sum"), "all"))
    let found = try #require(g.module.train.reordered(workspace: .none))
    let names = found.function.instructions.map { found.function[$0.results[0]].name }
    #expect(names == ["many", "rest", "few", "sum", "all"])
    #expect(found.liveBytes == (4096 + 65536 + 4096, 65536 + 4096))
  }

  @Test func `of small graphs nine in ten get the best of all orders, and none a worse one than the source's`() throws {
    var random = SplitMix(seed: 5)
    var (improvable, optimal) = (0, 0)
    for _ in 0..<60 {
      let f = try Graph.uneven(count: 4, &random).module.train
      var leastPeak = LeastPeak(of: f)
      let least = try #require(leastPeak(of: 1 << f.instructions.count - 1))
      let written = Self.liveBytes(f)
      let found = f.reordered(workspace: .none)
      #expect(found.map { $0.liveBytes.written } ?? written == written)
      let reached = found.map { Self.liveBytes($0.function) } ?? written
      #expect(found.map { $0.liveBytes.reordered } ?? written == reached)
      #expect(reached >= least && reached <= written)
      improvable += written > least ? 1 : 0
      optimal += written > least && reached == least ? 1 : 0
    }
    #expect(improvable > 40 && optimal * 10 >= improvable * 9, "\(optimal) of \(improvable)")
  }

  @Test func `parts, names, results and uses stay`() throws {
    var random = SplitMix(seed: 6)
    var moved = 0
    for i in 0..<60 {
      var g = try Graph.uneven(count: 10, &random)
      g.train(microBatches: i % 3 == 0 ? 2 : 1, clip: i % 2 == 0 ? 1 : nil)
      let f = try g.differentiated()
      guard let found = f.reordered(workspace: .processor(threads: 2))?.function else { continue }
      moved += 1
      #expect(Self.sentences(f, 0..<Self.border(f)) == Self.sentences(found, 0..<Self.border(found)))
      #expect(Self.sentences(f, 0..<f.instructions.count) == Self.sentences(found, 0..<f.instructions.count))
      #expect(f.results.map { f[$0.value].name } == found.results.map { found[$0.value].name })
      #expect(f.backwardStart == found.backwardStart && f.applyStart == found.applyStart)
    }
    #expect(moved > 10)
  }

  private static func border(_ f: Function) -> Int { f.backwardStart?.index ?? f.instructions.count }

  /// The instructions of `range` as texts with names, sorted.
  private static func sentences(_ f: Function, _ range: Range<Int>) -> [String] {
    f.instructions[range].map { (i) in
      "\(i.results.map { f[$0].name }) = \(i.operation) \(i.operands.map { f[$0].name })"
    }.sorted()
  }

  /// The most live bytes of `f` if every value is kept to its last use.
  private static func liveBytes(_ f: Function) -> Int {
    let analysis = StepAnalysis(f)
    let schedule = analysis.schedule(saving: .init(repeating: true, count: f.values.count))
    return analysis.metrics(of: schedule, cost: .flops).liveBytes
  }

}

/// The least peak of all orders of a forward part, found over the sets of what may be executed first.
private struct LeastPeak {

  private let function: Function

  /// The least peak of the orders of each set that was asked for, by its bits; `nil` where some of it cannot come first.
  private var known: [Int: Int?] = [0: 0]

  init(of function: Function) { self.function = function }

  /// Returns the least peak of all orders of the instructions `set`, or `nil` if some of them cannot come first.
  mutating func callAsFunction(of set: Int) -> Int? {
    if let peak = known[set] { return peak }
    var least: Int?
    for i in function.instructions.indices where set & 1 << i != 0 {
      let before = set & ~(1 << i)
      guard isReady(i, after: before), let first = self(of: before) else { continue }
      least = min(least ?? .max, max(first, bytes(of: i, after: before)))
    }
    known[set] = .some(least)
    return least
  }

  private func isReady(_ i: Int, after set: Int) -> Bool {
    function.instructions[i].operands.allSatisfy { (o) in
      if case .instruction(let d) = function[o].origin { set & 1 << d.index != 0 } else { true }
    }
  }

  /// Returns the bytes of what is live while `i` is executed after `set`.
  private func bytes(of i: Int, after set: Int) -> Int {
    let instruction = function.instructions[i]
    func isRead(_ v: ValueID, _ later: Int) -> Bool {
      function.results.contains { $0.value == v }
        || function.instructions.indices.contains {
          later & 1 << $0 == 0 && function.instructions[$0].operands.contains(v)
        }
    }
    var total = instruction.results.reduce(0) { $0 + function[$1].type.size.value }
    for d in function.instructions.indices where set & 1 << d != 0 {
      for v in function.instructions[d].results where isRead(v, set) { total += function[v].type.size.value }
    }
    guard case .elementwise = instruction.operation else { return total }
    let overwritten = instruction.operands.first { (o) in
      if case .storage = function[o].origin { return false }
      return function[o].type == function[instruction.results[0]].type && !isRead(o, set | 1 << i)
    }
    return total - (overwritten.map { function[$0].type.size.value } ?? 0)
  }

}

extension Graph {

  /// Returns a random graph of `count` operations on values of different sizes, with a sum as its loss.
  fileprivate static func uneven(count: Int, _ random: inout SplitMix) throws -> Graph {
    var g = Graph()
    var values = [g.parameter("p", 1), g.parameter("q", 1)]
    var used = Set<Int>()
    for i in 0..<count {
      let o = Int.random(in: Swift.max(0, values.count - 4)..<values.count, using: &random)
      used.insert(o)
      let extent = g.module.train[values[o]].type.extents[0]
      let size = [1, 2, 8, 64, 256].randomElement(using: &random) ?? 1
      let operation: Operation =
        extent == 1
        ? .reduction(.broadcast(extents: [size], inserted: []))
        : size < extent ? .layout(.slice(starts: [0], extents: [size])) : .elementwise(.unary(.tanh))
      values.append(try g.append(operation, [values[o]], "v\(i)"))
    }
    var sum: ValueID?
    for i in values.indices where !used.contains(i) || i < 2 {
      let part = try g.reduce(.sum, values[i], "sum\(i)")
      sum = try sum.map { try g.append(.elementwise(.binary(.add)), [$0, part], "add\(i)") } ?? part
    }
    g.setLoss(sum ?? values[0])
    return g
  }

}
