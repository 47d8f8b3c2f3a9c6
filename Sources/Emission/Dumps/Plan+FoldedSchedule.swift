package import PlanFormat
import Operations
import Support

extension Plan {

  /// The schedules of all programs with identical layers folded: one line an instruction of a layer, `i` for its number.
  ///
  ///     h.1..4 (x4, same pattern), steps 12..91, 20 each
  ///     12  compute  h.i.up  matmul  f32[128,256]  131072  262144..655360  varies  mlp.cgm:18
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package var foldedScheduleDump: String {
    var s = "\(header.source)  \(header.model)  \(header.policy)\n"
    for p in programs { s += "\n" + p.foldedSchedule }
    return s
  }

}

extension PlanProgram {

  fileprivate var foldedSchedule: String {
    let lines = scheduleLines()
    let most = lines.reduce(0) { max($0, $1.liveBytes) }
    let runs = LayerRunFinder.runs(in: self)
    let folded = FoldedTable(self, lines, runs)
    let hidden = runs.reduce(0) { $0 + $1.period * ($1.count - 1) }
    var s = "program \(name): \(instructions.count) instructions, at most \(most) live bytes in the arena"
    s += hidden > 0 ? "; \(hidden) folded\n" : "\n"
    if let start = applyStart {
      s += "from step \(start + 1) on: in the last of several micro-batches alone\n"
    }
    return s + folded.text
  }

}

/// The lines of a program with the instructions of repeated layers once.
private struct FoldedTable {

  private let program: PlanProgram

  private let lines: [ScheduleLine]

  /// For each instruction the positions of its lines.
  private var linesOfStep: [Range<Int>]

  private var table = TextTable([.right, .left, .left, .left, .left, .right, .right, .right, .left, .left])

  private var rowCount = 1

  /// The lines that stand before rows.
  private var headings: [Int: String] = [:]

  init(_ program: PlanProgram, _ lines: [ScheduleLine], _ runs: [LayerRun]) {
    self.program = program
    self.lines = lines
    linesOfStep = .init(repeating: 0..<0, count: program.instructions.count)
    for (k, l) in lines.enumerated() {
      let known = linesOfStep[l.step - 1]
      linesOfStep[l.step - 1] = known.isEmpty ? k..<k + 1 : known.lowerBound..<k + 1
    }
    table.append(["step", "action", "value", "operation", "type", "bytes", "live", "offset", "source", "reason"])
    var t = 0
    for run in runs {
      while t < run.start { t = append(t) }
      append(run)
      t = run.range.upperBound
    }
    while t < program.instructions.count { t = append(t) }
  }

  /// The table with its headings.
  var text: String {
    var s = ""
    for (row, line) in table.description.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let h = headings[row] { s += h }
      s += line + "\n"
    }
    return String(s.dropLast())
  }

  /// Appends the lines of the instruction at `t`, and returns the position of the next.
  private mutating func append(_ t: Int) -> Int {
    for k in linesOfStep[t] {
      let l = lines[k]
      append(l, name: l.value, live: "\(l.liveBytes)", offset: l.offset.map { "@\($0)" } ?? "-", reason: l.reason)
    }
    return t + 1
  }

  private mutating func append(_ l: ScheduleLine, name: String, live: String, offset: String, reason: String) {
    table.append([
      "\(l.step)", l.action, name, l.operation, "\(l.type)", "\(l.type.size.value)", live, offset, l.source, reason,
    ])
    rowCount += 1
  }

  private mutating func append(_ run: LayerRun) {
    let range = run.range
    headings[rowCount] =
      "\(prefix(of: run))\(run.layers) (x\(run.count), same pattern), steps "
      + "\(range.lowerBound + 1)..\(range.upperBound), \(run.period) each\n"
    for t in run.start..<run.start + run.period {
      for (n, k) in linesOfStep[t].enumerated() {
        let all = (0..<run.count).map { lines[linesOfStep[t + $0 * run.period].lowerBound + n] }
        let live = (all.map(\.liveBytes).min() ?? 0, all.map(\.liveBytes).max() ?? 0)
        append(
          all[0], name: relative(lines[k].value, run, run.changing[t - run.start][n]),
          live: live.0 == live.1 ? "\(live.0)" : "\(live.0)..\(live.1)", offset: offset(of: all),
          reason: reason(all[0].reason, run))
      }
    }
    headings[rowCount] = "end of layers \(run.layers)\n"
  }

  /// Returns what stands before the number of a layer: `h.`.
  private func prefix(of run: LayerRun) -> String {
    let i = program.instructions[run.start]
    guard let v = (i.results + i.operands).first else { return "" }
    let path = WrappedPath(program.values[v].name).inner
    guard let k = run.changing[0][0].firstIndex(of: true) else { return "" }
    let pattern = PathPattern(path)
    var seen = 0
    let end = pattern.text.firstIndex { (c) in
      if c == "*" { seen += 1 }
      return seen > k
    }
    let head = String(pattern.text[..<(end ?? pattern.text.startIndex)])
    return PathFolding.filled(head) { "\(pattern.indices[$0])" }
  }

  private func offset(of lines: [ScheduleLine]) -> String {
    let same = lines.allSatisfy { $0.offset == lines[0].offset }
    return same ? lines[0].offset.map { "@\($0)" } ?? "-" : "varies"
  }

  /// Returns `name` with `i`, `i+1` … in the place of the numbers that change.
  private func relative(_ name: String, _ run: LayerRun, _ changing: [Bool]) -> String {
    let pattern = PathPattern(name)
    return PathFolding.filled(pattern.text) { (k) in
      changing.indices.contains(k) && changing[k] ? index(pattern.indices[k], run) : "\(pattern.indices[k])"
    }
  }

  private func index(_ n: Int, _ run: LayerRun) -> String {
    let offset = n - run.firstLayer
    return offset == 0 ? "i" : offset > 0 ? "i+\(offset)" : "i\(offset)"
  }

  /// Returns `reason` with the name of what it is for in the same form; that is of the layer or the one beside it.
  private func reason(_ reason: String, _ run: LayerRun) -> String {
    guard reason.hasPrefix("for ") else { return reason }
    let pattern = PathPattern(String(reason.dropFirst(4)))
    let name = PathFolding.filled(pattern.text) { (k) in
      abs(pattern.indices[k] - run.firstLayer) <= abs(run.shift)
        ? index(pattern.indices[k], run) : "\(pattern.indices[k])"
    }
    return "for " + name
  }

}
