import Rematerialization
import Support
import Testing

@Suite struct SymmetryTests {

  /// The rows of a program, kept beside it.
  private struct Rows {

    var program = IntegerProgram()
    var cost: [Int] = []
    var least: [Int] = []
    var entries: [[(value: Int, column: Int)]] = []

    mutating func addColumn(_ c: Int) -> Int {
      cost.append(c)
      return program.addColumn(cost: c)
    }

    mutating func addRow(_ l: Int, _ all: [(value: Int, column: Int)]) {
      least.append(l)
      entries.append(all)
      let row = program.addRow(least: l)
      for e in all { program.add(e.value, row, e.column) }
    }

  }

  /// Returns a program of `count` like blocks, each with columns and rows of its own, and one row of all.
  private static func blocks(_ count: Int, seed: UInt64) -> Rows {
    var random = ProblemRandom(seed: seed)
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let costs = (0..<number(2...6)).map { (_) in number(1...90) }
    let weights = costs.map { (_) in number(0...40) }
    let inner = (0..<number(0...4)).map { (_) in
      (least: number(0...1), entries: costs.indices.map { (value: number(-2...3), column: $0) })
    }
    var rows = Rows()
    var shared: [(value: Int, column: Int)] = []
    for _ in 0..<count {
      let columns = costs.map { rows.addColumn($0) }
      shared += zip(weights, columns).map { ($0, $1) }
      for r in inner { rows.addRow(r.least, r.entries.map { ($0.value, columns[$0.column]) }) }
    }
    rows.addRow(weights.reduce(0, +) * count / 3, shared)
    return rows
  }

  @Test func `an optimum of classes is one of the whole`() {
    var solved = 0
    for seed in 0..<200 as Range<UInt64> {
      let rows = Self.blocks(30, seed: seed)
      // none is left out, and so are more classes than a block has columns
      guard let s = rows.program.symmetricOptimum(limit: 6) else { continue }
      for (entries, least) in zip(rows.entries, rows.least) {
        let sum = entries.reduce(0.0) { $0 + Double($1.value) * s.point[$1.column] }
        #expect(sum >= Double(least) - 1e-6, "seed \(seed)")
      }
      let cost = zip(rows.cost, s.point).reduce(0.0) { $0 + Double($1.0) * $1.1 }
      let bound = rows.program.bound(s.duals.map { Int(max(0, $0) * 0x1p30) }, bits: 30)
      #expect(abs(Double(bound) - cost) <= 1 + cost * 1e-6, "seed \(seed): \(bound) \(cost)")
      solved += 1
    }
    #expect(solved >= 100, "\(solved)")
  }

  @Test func `of a class as many are taken as its values add up to`() throws {
    var rows = Rows()
    let columns = (0..<10).map { (_) in rows.addColumn(3) }
    rows.addRow(42, columns.map { (10, $0) })
    let s = try #require(rows.program.symmetricOptimum(limit: 1))
    #expect(s.point.allSatisfy { abs($0 - 0.42) < 1e-9 })
    #expect(s.rounded(first: true) == columns.map { $0 < 4 })
    #expect(s.rounded(first: false) == columns.map { $0 >= 6 })
  }

  @Test func `what is not alike is told apart`() {
    var rows = Rows()
    let columns = (0..<6).map { (_) in rows.addColumn(1) }
    for x in columns.dropLast() { rows.addRow(0, [(1, x), (-1, x + 1)]) }  // a chain: the ends differ from the middle
    rows.addRow(2, columns.map { (1, $0) })
    #expect(rows.program.symmetricOptimum(limit: 5) == nil)
    #expect(rows.program.symmetricOptimum(limit: 6) != nil)
  }

  @Test func `layers that are alike have a bound, however many they are`() throws {
    var p = RematerializationProblem(operations: [], values: [])
    func add(_ cost: Int, _ bytes: Int, _ operands: [Int]) {
      let o = p.operations.count
      p.operations.append(.init(cost: cost, operands: operands, results: [o], isRecomputable: o < 5000))
      p.values.append(.init(bytes: bytes, definition: o))
    }
    for o in 0..<5000 { add(o % 2 == 0 ? 50 : 1, 10, o == 0 ? [] : [o - 1]) }
    for o in (0..<5000).reversed() { add(1, 0, [o]) }
    let solver = RematerializationSolver(p, effort: .init(moves: 2000))
    let found = try #require(solver.solution(within: 37_500))
    // a half of the second of every two values is made again from the first
    #expect(found.bound >= 1245 && found.score.cost <= 1300, "\(found.bound) \(found.score.cost)")
    #expect(found.operandCertificate?.bound == found.bound || found.certificate.bound == found.bound)
  }

}
