import Operations
import Support

extension PlanDifference {

  /// What `cgadc diff` prints: settings, totals, then values, the most important few lines of them unless `isFull`;
  /// empty iff the plans are the same.
  package func text(isFull: Bool = false) -> String {
    if isSame { return "" }
    return settingLines.map { "  \($0)\n" }.joined() + totalTable + lines(isFull: isFull).map { "\($0)\n" }.joined()
  }

  /// What `cgadc diff --markdown` prints, for a comment on a change.
  package func markdown(isFull: Bool = false) -> String {
    if isSame { return "The schedule is the same.\n" }
    var s = "| | old | new | change |\n|---|---:|---:|---:|\n"
    for t in reportedTotals {
      s += "| \(t.name) | \(t.old) | \(t.new) | \(t.change) |\n"
    }
    let settings = settingLines.map { "- \($0)\n" }.joined()
    if !settings.isEmpty { s += "\n" + settings }
    let lines = lines(isFull: isFull)
    if lines.isEmpty { return s }
    return s + "\n```diff\n" + lines.map { ($0.first == "~" ? "!" + $0.dropFirst() : $0) + "\n" }.joined() + "```\n"
  }

  private var settingLines: [String] { settings.map { "\($0.name): \($0.old) -> \($0.new)" } }

  /// A total with its texts.
  private struct ReportedTotal {
    let name: String
    let old: String
    let new: String
    let change: String
  }

  private func total(_ name: String) -> Total { totals.first { $0.name == name } ?? .init(name: name, old: 0, new: 0) }

  /// The totals that people look at, the peak and others that differ.
  private var reportedTotals: [ReportedTotal] {
    let bytes = [
      ("peak_bytes", "peak"), ("persistent_bytes", "persistent"), ("arena_bytes", "arena"), ("saved_bytes", "saved"),
      ("host_bytes", "host"),
    ]
    let (step, again) = (total("step_flops"), total("recompute_flops"))
    let estimate = (
      old: Quantity.percent(step.old.addedSaturating(to: again.old), of: step.old),
      new: Quantity.percent(step.new.addedSaturating(to: again.new), of: step.new)
    )
    let sizes = bytes.compactMap { (key, name) -> ReportedTotal? in
      let t = total(key)
      if t.old == t.new, key != "peak_bytes" { return nil }
      return .init(
        name: name, old: "\(ByteCount(t.old))", new: "\(ByteCount(t.new))",
        change: t.old == t.new ? "same" : "\(Quantity.signed(bytes: t.new - t.old)), \(Self.relative(t))")
    }
    let work = [(step, "step"), (again, "recompute")].filter { $0.0.old != $0.0.new }.map { (t, name) in
      ReportedTotal(
        name: name, old: Quantity.flops(t.old), new: Quantity.flops(t.new),
        change: "\(Quantity.signed(flops: t.new - t.old)), \(Self.relative(t))")
    }
    if estimate.old == estimate.new { return sizes + work }
    return sizes + work + [
      .init(name: "est. step", old: estimate.old, new: estimate.new, change: "of its operations without recomputation")
    ]
  }

  private static func relative(_ t: Total) -> String {
    t.old == 0 ? "new" : (t.new > t.old ? "+" : "") + Quantity.percent(t.new - t.old, of: t.old)
  }

  private var totalTable: String {
    var table = TextTable([.left, .right, .left, .right, .left])
    for t in reportedTotals { table.append(["  \(t.name)", t.old, "->", t.new, t.change]) }
    return table.description
  }

  /// The lines of values, and what is said of places and order.
  private func lines(isFull: Bool) -> [String] {
    var lines = valueLines(isFull: isFull)
    if !evaluation.isEmpty { lines.append("= \(evaluation)") }
    if movedCount > 0 || isReordered {
      let parts = [
        movedCount > 0 ? "\(Quantity.count(movedCount, "value")) at other offsets" : "",
        isReordered ? "instructions in another order" : "",
      ]
      lines.append("= " + parts.filter { !$0.isEmpty }.joined(separator: ", "))
    }
    return lines.isEmpty && settings.isEmpty ? ["= the data or the proof of the bound differ"] : lines
  }

  private func valueLines(isFull: Bool) -> [String] {
    let all = isFull ? groups : shortGroups
    let shown = isFull || all.count <= Self.lineLimit ? Set(all.indices) : Self.largest(all)
    var table = TextTable([.left, .left, .left])
    for (i, g) in all.enumerated() where shown.contains(i) {
      table.append(["\(g.sign) \(g.label)", g.detail, g.differenceText])
    }
    var lines = table.description.split(separator: "\n").map(String.init)
    let rest = all.indices.filter { !shown.contains($0) }
    if !rest.isEmpty {
      let bytes = rest.reduce(0) { $0 + all[$1].difference }
      let count = rest.reduce(0) { $0 + all[$1].count }
      lines.append("= \(Quantity.count(count, "more value")), \(Quantity.signed(bytes: bytes)); --full lists them")
    }
    return lines
  }

  /// Returns the positions of the groups with the largest differences.
  private static func largest(_ groups: [ChangeGroup]) -> Set<Int> {
    let sorted = groups.indices.sorted {
      (abs(groups[$0].difference), groups[$0].count, -$0) > (abs(groups[$1].difference), groups[$1].count, -$1)
    }
    return Set(sorted.prefix(lineLimit))
  }

}

extension ChangeGroup {

  /// The sign that the line begins with.
  fileprivate var sign: String {
    switch kind {
    case .added: "+"
    case .removed: "-"
    case .changed: "~"
    }
  }

  /// `-6.0 MiB each`.
  fileprivate var differenceText: String {
    if difference == 0 { return "" }
    if count > 1, let each { return "\(Quantity.signed(bytes: each)) each" }
    return Quantity.signed(bytes: difference) + (count > 1 ? " in all" : "")
  }

}
