import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// The most values and ways that are listed.
  private static let listed = 12

  /// What is live at the peak, in groups, and what would lower it: what `cgadc explain PLAN peak` prints.
  ///
  /// - Complexity: O(*n* log *n*) where *n* is the number of operands.
  package var peakExplanation: String {
    if program.instructions.isEmpty { return "\(program.name) has no instructions\n" }
    return peakHeading + groupTable(at: peak) + "\n" + largestTable(at: peak) + "\n" + adviceTable + floorLines
  }

  private var peakHeading: String {
    let gap = plan.totals.arenaBytes - liveBytes[peak]
    let parts =
      "persistent \(ByteCount(plan.totals.persistentBytes)) + live in the arena \(ByteCount(liveBytes[peak]))"
      + (gap > 0 ? " + \(ByteCount(gap)) between them" : "")
    return "peak \(ByteCount(plan.totals.peakBytes)) (\(plan.totals.peakBytes) bytes) = \(parts)\n"
      + "step \(peak + 1) of \(program.instructions.count), \(part(at: peak)): \(line(at: peak))\n"
  }

  /// Returns the table of categories.
  func groupTable(at position: Int) -> String {
    var table = TextTable([.left, .right, .right, .right])
    table.append(["  group", "bytes", "share", "values"])
    let whole = memory(at: position)
    for g in breakdown(at: position) {
      table.append([
        "  \(g.category.rawValue)", "\(ByteCount(g.bytes))", Quantity.percent(g.bytes, of: whole), "\(g.count)",
      ])
    }
    return table.description
  }

  /// Returns the largest values of the arena that are live, layers folded.
  private func largestTable(at position: Int) -> String {
    let groups = live(at: position).folded(path: { program.values[$0.value].name }) {
      [$0.category.rawValue, "\($0.bytes)"]
    }
    let sorted = groups.enumerated().sorted { (sum($0.element), $1.offset) > (sum($1.element), $0.offset) }
    var table = TextTable([.right, .left, .left, .left])
    table.append(["  bytes", "group", "live in steps", "largest values of the arena"])
    for (_, g) in sorted.prefix(Self.listed) {
      let (birth, release) = (g.members.map(\.birth).min() ?? 0, g.members.map(\.release).max() ?? 0)
      table.append([
        "  \(ByteCount(sum(g)))", g.members[0].category.rawValue, "\(birth + 1)..\(release)", g.label,
      ])
    }
    let rest = sorted.dropFirst(Self.listed).reduce(0) { $0 + sum($1.element) }
    if rest > 0 { table.append(["  \(ByteCount(rest))", "", "", "and \(sorted.count - Self.listed) more"]) }
    return table.description
  }

  private func sum(_ group: PathGroup<ReviewedVersion>) -> Int { group.members.reduce(0) { $0 + $1.bytes } }

  /// The saved values whose absence would lower the peak, with what that costs.
  private var adviceTable: String {
    let all = reliefs
    if all.isEmpty {
      return "no value is saved over this step without being read by it: only other operations would lower it\n"
    }
    var table = TextTable([.right, .right, .right, .left])
    table.append(["  frees", "live bytes then", "costs", "what would lower it: not to save"])
    for r in all.prefix(Self.listed) {
      let cost = r.recomputation.map { (c) in
        "+\(Quantity.percent(c.flops, of: plan.totals.stepFlops)) FLOPs"
      }
      table.append([
        "  \(ByteCount(r.bytes))", ">= \(ByteCount(plan.totals.persistentBytes + r.liveBytes))", cost ?? "a long chain",
        program.values[r.value].name,
      ])
    }
    let rest = all.count - Self.listed
    return table.description + (rest > 0 ? "  and \(rest) more\n" : "")
  }

  /// What stays whatever is saved.
  private var floorLines: String {
    var s = ""
    let near = liveBytes.count { $0 >= liveBytes[peak] - liveBytes[peak] / 100 }
    if near > 1 { s += "\(near) steps are within 1 % of the peak's live bytes: each has to be lowered\n" }
    if let t = largestInstruction {
      s += "step \(t + 1), \(subject(at: t)), alone needs \(ByteCount(plan.totals.persistentBytes + ownBytes(at: t)))"
      s += " with what it reads, makes and works in, and all storage\n"
    }
    return s
  }

}
