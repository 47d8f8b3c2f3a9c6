import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// The bytes in use from instruction to instruction, stacked by group, with the peak marked.
  ///
  /// Where there are more instructions than columns, a column shows the one with most live bytes.
  var memoryChart: String {
    let frame = ChartFrame(self, upTo: max(memory(at: peak), min(plan.header.budget ?? 0, memory(at: peak) * 5 / 4)))
    let stacks = columnStacks(frame)
    var areas = ""
    for c in stackedCategories.indices.reversed() {
      areas += "<path class=\"c-\(stackedCategories[c].rawValue)\" d=\"\(area(stacks.map { $0[c] }, frame))\"/>\n"
    }
    let content = frame.background + areas + frame.marks(peak: memory(at: peak), budget: plan.header.budget)
    return ChartFrame.figure(content, label: "Memory over the step, \(ByteCount(memory(at: peak))) at its peak")
  }

  /// The groups that are there at some instruction, from bottom to top.
  var stackedCategories: [ReviewCategory] {
    let stored = Set(plan.storage.map { ReviewCategory($0.storage.kind) })
    let held = Set(versions.filter { $0.bytes > 0 }.map(\.category))
    let works = program.instructions.contains { $0.workspace != nil }
    return ReviewCategory.allCases.filter {
      stored.contains($0) || held.contains($0) || works && $0 == .workspace
    }
  }

  /// Returns for each column the sums up to each group.
  private func columnStacks(_ frame: ChartFrame) -> [[Int]] {
    let categories = stackedCategories
    let stored = persistentBytes
    var totals = ReviewCategory.allCases.map { stored[$0] ?? 0 }
    let changes = changes
    var stacks: [[Int]] = []
    for c in 0..<frame.columns {
      var best: (live: Int, stack: [Int]) = (-1, [])
      for t in frame.positions(of: c) {
        for change in changes[t] { totals[change.category] += change.bytes }
        if liveBytes[t] <= best.live { continue }
        totals[ReviewCategory.workspace.position] = program.instructions[t].workspace?.byteCount ?? 0
        best = (liveBytes[t], categories.map { totals[$0.position] })
      }
      var sum = plan.totals.persistentBytes - stored.values.reduce(0, +)  // what alignment adds, below all
      stacks.append(
        best.stack.map { (bytes) in
          sum += bytes
          return sum
        })
    }
    return stacks
  }

  /// Returns the path of the area below `tops`.
  private func area(_ tops: [Int], _ frame: ChartFrame) -> String {
    var s = "M\(Markup.number(frame.x(0))) \(Markup.number(frame.y(0)))"
    var last: Double?
    for (c, top) in tops.enumerated() {
      let y = frame.y(top)
      if y != last {
        if last != nil { s += "H\(Markup.number(frame.x(frame.positions(of: c).lowerBound)))" }
        s += "V\(Markup.number(y))"
      }
      last = y
    }
    return s + "H\(Markup.number(frame.x(program.instructions.count)))V\(Markup.number(frame.y(0)))Z"
  }

}
