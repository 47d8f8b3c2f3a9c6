import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// Returns what is done at `step`, counted from 1, with what is live: what `cgadc explain PLAN step N` prints.
  ///
  /// - Requires: there is such a step.
  package func explanation(ofStep step: Int) -> String {
    let t = step - 1
    let before = t == 0 ? 0 : liveBytes[t - 1]
    var s = "step \(step) of \(program.instructions.count), \(part(at: t)): \(line(at: t))\n"
    let flops = flops(at: t)
    if flops > 0 {
      s += "  \(Quantity.flops(flops)), \(Quantity.percent(flops, of: plan.totals.stepFlops)) of a step\n"
    }
    s += "  live bytes \(liveBytes[t]) (\(ByteCount(liveBytes[t]))), \(Quantity.signed(bytes: liveBytes[t] - before))"
    s += t == peak ? ": the peak\n" : ", \(Quantity.percent(liveBytes[t], of: liveBytes[peak])) of the peak's\n"
    return s + ownTable(at: t) + "\n" + groupTable(at: t)
  }

  /// Returns what the instruction reads, makes and works in.
  private func ownTable(at t: Int) -> String {
    let i = program.instructions[t]
    var table = TextTable([.left, .left, .left, .right, .left, .left])
    for o in i.operands { table.append(row(verb(i), o, at: t)) }
    for r in i.results { table.append(row("makes", r, at: t)) }
    if let w = i.workspace { table.append(["  works in", "", "", "\(ByteCount(w.byteCount))", "@\(w.offset)", ""]) }
    return table.description
  }

  /// What an instruction does with its operands.
  private func verb(_ i: PlanInstruction) -> String {
    switch i.action {
    case .compute, .recompute, .update, .fetch: "reads"
    case .delete: "deletes"
    case .offload: "copies"
    }
  }

  private func row(_ verb: String, _ v: PlanValueIndex, at t: Int) -> [String] {
    let (value, life) = (program.values[v], versions[v])
    let born = life.birth < 0 ? "storage" : life.birth == t ? "" : "from step \(life.birth + 1)"
    let end =
      life.deletion == t || life.birth < 0
      ? ""
      : life.deletion < liveBytes.count
        ? "deleted in step \(life.deletion + 1)" : "to the end"
    let taken = takeovers[t] == v ? "overwritten by the result" : end
    return [
      "  \(verb)", value.name, "\(value.type)", "\(ByteCount(value.type.size.value))",
      value.arenaOffset.map { "@\($0)" } ?? "storage",
      [life.category.rawValue, born == "storage" ? "" : born, taken].filter { !$0.isEmpty }.joined(separator: ", "),
    ]
  }

}
