import Operations
import PlanFormat

/// Finds the instructions that are repeated for layer after layer.
///
///     h.1.a  h.1.b  delete h.0.b  h.2.a  h.2.b  delete h.1.b  h.3.a …     3 instructions, for layers 1, 2, 3 …
struct LayerRunFinder {

  /// The most instructions of a layer.
  private static let longestPeriod = 5000

  /// By what the numbers of layers may change: a policy may treat every second or third of them in another way.
  private static let shifts = [1, -1, 2, -2, 3, -3]

  private let program: PlanProgram

  /// The pattern of each entry of the table of values.
  private let patterns: [PathPattern]

  /// The position of the instruction that does what the text says, by action and name.
  private var positions: [String: Int] = [:]

  /// The comparisons that may still be made; a program in which all almost repeats is not compared without end.
  private var effort: Int

  init(_ program: PlanProgram) {
    self.program = program
    patterns = program.values.map { PathPattern($0.name) }
    effort = 64 * program.instructions.count
    positions.reserveCapacity(program.instructions.count)
    for (t, i) in program.instructions.enumerated() where !names(of: i).isEmpty {
      positions[key(i, program.values[names(of: i)[0]].name)] = t
    }
  }

  /// Returns the runs in order; they do not overlap.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  static func runs(in program: PlanProgram) -> [LayerRun] {
    var finder = LayerRunFinder(program)
    var (runs, t) = ([LayerRun](), 0)
    while t < program.instructions.count {
      guard finder.isBoundary(t), let run = finder.run(from: t) else {
        t += 1
        continue
      }
      runs.append(run)
      t = run.range.upperBound
    }
    return runs
  }

  /// The results and operands of an instruction.
  private func names(of i: PlanInstruction) -> [PlanValueIndex] { i.results + i.operands }

  private func key(_ i: PlanInstruction, _ name: String) -> String { "\(i.action.word) \(name)" }

  /// `true` iff the instruction at `t` is of a layer, and of another one than that before.
  private func isBoundary(_ t: Int) -> Bool {
    let layer = subject(t)?.indices ?? []
    return !layer.isEmpty && (t == 0 || subject(t - 1)?.indices != layer)
  }

  private func subject(_ t: Int) -> PathPattern? { names(of: program.instructions[t]).first.map { patterns[$0] } }

  /// Returns the run from `t` that covers most, or `nil` if there is none.
  private mutating func run(from t: Int) -> LayerRun? {
    guard let pattern = subject(t) else { return nil }
    var best: LayerRun?
    for k in pattern.indices.indices {
      for shift in Self.shifts {
        let next = PathFolding.filled(pattern.text) { "\(pattern.indices[$0] + ($0 == k ? shift : 0))" }
        guard let u = positions[key(program.instructions[t], next)], u > t, u - t <= Self.longestPeriod else {
          continue
        }
        let found = run(from: t, period: u - t, shift: shift, firstLayer: pattern.indices[k])
        if let found, found.range.count > best?.range.count ?? 0 { best = found }
      }
    }
    return best
  }

  private mutating func run(from t: Int, period: Int, shift: Int, firstLayer: Int) -> LayerRun? {
    var (changing, matched) = ([[[Bool]]](), 0)
    while t + matched + period < program.instructions.count, effort > 0 {
      effort -= 1
      guard let flags = changes(t + matched, t + matched + period, by: shift),
        matched < period || flags == changing[matched % period]
      else { break }
      if matched < period { changing.append(flags) }
      matched += 1
    }
    let count = matched / period + 1
    if count < 2 || (count - 1) * period < 3 { return nil }
    return .init(
      start: t, period: period, count: count, shift: shift, firstLayer: firstLayer, changing: changing)
  }

  /// Returns which numbers of the names at `a` change by `shift` at `b`; `nil` if the instructions differ in something
  /// else.
  private func changes(_ a: Int, _ b: Int, by shift: Int) -> [[Bool]]? {
    let (i, j) = (program.instructions[a], program.instructions[b])
    guard i.action.word == j.action.word, i.action.operation?.mnemonic == j.action.operation?.mnemonic,
      i.site == j.site, i.workspace?.byteCount == j.workspace?.byteCount, i.note.reason == j.note.reason
    else { return nil }
    let (x, y) = (names(of: i), names(of: j))
    guard x.count == y.count else { return nil }
    var all: [[Bool]] = []
    for (v, w) in zip(x, y) {
      let (p, q) = (patterns[v], patterns[w])
      guard p.text == q.text, program.values[v].type == program.values[w].type else { return nil }
      let differences = zip(p.indices, q.indices).map { $1 - $0 }
      guard differences.allSatisfy({ $0 == 0 || $0 == shift }) else { return nil }
      all.append(differences.map { $0 != 0 })
    }
    return all
  }

}

extension PlanInstruction.Action {

  /// What is done, in a word.
  package var word: String {
    switch self {
    case .compute: "compute"
    case .recompute: "recompute"
    case .update: "update"
    case .delete: "delete"
    case .offload: "offload"
    case .fetch: "fetch"
    }
  }

}

extension String {

  /// A note without the name of what an instruction is there for.
  fileprivate var reason: String { hasPrefix("for ") ? "for" : self }

}
