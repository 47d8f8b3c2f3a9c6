import Foundation
import Scheduling
import TestSupport
import Testing

/// Reversals of chains of equal stages, counted.
@Suite struct ReversalTests {

  /// Stages, slots, the least runs beside recordings, and the least runs in all if slots may hold records.
  private static let figures = [
    (1, 1, 0, 1), (10, 3, 15, 19), (56, 5, 140, 161), (100, 10, 222, 237),
    // 250 · 6 − C(20, 15) / … by the closed form; pairs checked against published implementations
    (250, 14, 614, 640), (250, 15, 597, 622), (250, 16, 579, 603),
  ]

  @Test(arguments: figures)
  func `counts are those of the literature`(_ n: Int, _ s: Int, _ extra: Int, _ mixed: Int) {
    #expect(ReversalTable.extraSteps(stages: n, slots: s) == extra)
    #expect(ReversalTable(stages: n, slots: s, holdsRecords: false).forwardSteps(stages: n, slots: s) == extra + n)
    #expect(ReversalTable(stages: n, slots: s, holdsRecords: true).forwardSteps(stages: n, slots: s) == mixed)
  }

  @Test func `the closed form for many stages`() {
    #expect(ReversalTable.extraSteps(stages: 365, slots: 4) == 2128)
    #expect(ReversalTable.extraSteps(stages: 1000, slots: 20) == 2747)
    // one slot, the start's: stage k is reached in k runs, 0 + 1 + … + 9
    #expect(ReversalTable.extraSteps(stages: 10, slots: 1) == 45)
    // a slot for each: one sweep
    #expect(ReversalTable.extraSteps(stages: 10, slots: 10) == 9)
  }

  /// Checks every row of the table of counts in the file that `CGAD_REVOLVE_COUNTS` names, where it is set.
  @Test func `every row of a file of counts`() throws {
    guard let path = ProcessInfo.processInfo.environment["CGAD_REVOLVE_COUNTS"] else { return }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
    let rows = lines.map { $0.split(separator: ",").compactMap { Int($0) } }
    let (n, s) = (rows.map { $0[0] }.max() ?? 1, rows.map { $0[1] }.max() ?? 1)
    let plain = ReversalTable(stages: n, slots: s, holdsRecords: false)
    let mixed = ReversalTable(stages: n, slots: s, holdsRecords: true)
    for r in rows {
      #expect(ReversalTable.extraSteps(stages: r[0], slots: r[1]) == r[2])
      #expect(plain.forwardSteps(stages: r[0], slots: r[1]) == r[3])
      #expect(mixed.forwardSteps(stages: r[0], slots: r[1]) == r[4])
    }
    #expect(rows.count > 1000)
  }

  /// Carries `actions` out on a chain of `n` stages and returns the stages run and the most slots in use.
  private static func run(_ actions: [ChainAction], _ n: Int) throws -> (runs: Int, slots: Int) {
    var (states, records, runs, most, next): (Set<Int>, Set<Int>, Int, Int, Int) = ([0], [], 0, 1, n - 1)
    func reach(_ k: Int) throws -> Int {
      let from = try #require((states.union(records.map { $0 + 1 })).filter { $0 <= k }.max())
      return k - from
    }
    for a in actions {
      switch a {
      case .keep(let k):
        runs += try reach(k)
        states.insert(k)
      case .release(let k): states.remove(k)
      case .record(let s, let isLast):
        runs += try reach(s) + 1
        if isLast {
          records.insert(s)
          continue
        }
        // the record takes the slot of the state that it starts from
        states.remove(s)
        records.insert(s)
      case .reverse(let s):
        #expect(s == next)
        #expect(records.remove(s) != nil)
        next -= 1
      }
      most = max(most, states.count + records.count)
    }
    #expect(next == -1)
    return (runs, most)
  }

  @Test(arguments: [(1, 1), (2, 1), (7, 2), (10, 3), (56, 5), (100, 10)], [false, true])
  func `the actions reverse every stage with as many runs and slots as counted`(_ c: (Int, Int), _ mixed: Bool) throws {
    let (n, s) = c
    let table = ReversalTable(stages: n, slots: s, holdsRecords: mixed)
    let (runs, slots) = try Self.run(table.actions(stages: n), n)
    #expect(runs == table.forwardSteps(stages: n, slots: s))
    #expect(slots <= s)
  }

}
