import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// What to ask next, after the totals: what `cgadc explain PLAN` prints.
  package var overview: String {
    let t = plan.totals
    var table = TextTable([.left, .left])
    table.append(["  peak", "\(ByteCount(t.peakBytes)) (\(t.peakBytes) bytes)"])
    table.append(["  persistent", "\(ByteCount(t.persistentBytes)), arena \(ByteCount(t.arenaBytes))"])
    table.append(["  saved", "\(ByteCount(t.savedBytes)) kept for the backward part"])
    if t.hostBytes > 0 { table.append(["  host", "\(ByteCount(t.hostBytes)) for what is offloaded"]) }
    table.append([
      "  recompute",
      "\(Quantity.flops(t.recomputeFlops)), \(Quantity.percent(t.recomputeFlops, of: t.stepFlops)) of a step",
    ])
    for (fate, count) in fateCounts { table.append(["  \(fate)", Quantity.count(count, "value")]) }
    return "\(plan.header.source)  \(plan.header.model)  \(plan.header.policy)\n\(table.description)"
      + "ask for peak, saved, step N, a path, or a rule such as 'h.*.attn.**'\n"
  }

  /// How many values of the arena the schedule does what with.
  private var fateCounts: [(String, Int)] {
    var counts: [String: Int] = [:]
    for v in values { counts[v.fate.description, default: 0] += 1 }
    let all = values.map(\.fate.description).filter { (f) in counts[f] != nil }
    var seen = Set<String>()
    return all.filter { seen.insert($0).inserted }.compactMap { (f) in counts[f].map { (f, $0) } }
  }

  /// Returns the instruction at `position` in a line: `matmul a, b -> c  // gpt.cgm:18`.
  func line(at position: Int) -> String {
    let i = program.instructions[position]
    let names = i.operands.map { program.values[$0].name }
    let what: String
    switch i.action {
    case .compute(let o): what = o.text(operands: names)
    case .recompute(let o): what = "recompute " + o.text(operands: names)
    case .update(let o): what = "update " + o.text(operands: names)
    case .delete: what = "delete " + names.joined(separator: ", ")
    case .offload(let host): what = "offload \(names.joined(separator: ", ")) host @\(host)"
    case .fetch(let v, let host): what = "fetch \(program.values[v].name) host @\(host)"
    }
    let results = i.results.map { program.values[$0].name }.joined(separator: ", ")
    return (results.isEmpty ? "" : results + " = ") + what + "  // \(i.site)" + (i.note.isEmpty ? "" : "  \(i.note)")
  }

  /// Returns the part of the program that `position` is in.
  func part(at position: Int) -> String {
    if program.applyStart.map({ position >= $0 }) ?? false { return "apply" }
    if program.backwardStart == nil { return "" }
    return position < backwardStart ? "forward" : "backward"
  }

}
