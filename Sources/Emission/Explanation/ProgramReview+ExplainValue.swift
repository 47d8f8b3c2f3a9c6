import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// The most readers of a version that are listed.
  private static let listed = 8

  /// Returns the value called `path`, with or without the number of a version.
  package func value(at path: String) -> ReviewedValue? {
    values.first { $0.path == path } ?? values.first { $0.path == path.withoutVersion }
  }

  /// Returns where `value` is born, read, deleted and computed again, why, and what another choice would cost: what
  /// `cgadc explain PLAN VALUE` prints.
  package func explanation(of value: ReviewedValue) -> String {
    let first = versions[value.versions[0]]
    var s = "\(value.path) : \(value.type), \(ByteCount(value.type.size.value)), \(value.fate)\n"
    if first.birth >= 0 {
      let flops = flops(at: first.birth)
      s += "  \(line(at: first.birth))\n"
      s += "  \(Quantity.flops(flops)), \(Quantity.percent(flops, of: plan.totals.stepFlops)) of a step\n"
    } else if case .storage(let k) = program.values[first.value].place {
      let p = plan.storage[k]
      s += "  declared at \(p.storage.site), @\(p.offset) of persistent storage"
      s += p.storage.initializer.map { " ~ \($0)" } ?? ""
      s += "\n"
    }
    return s + "\n" + eventTable(of: value) + alternative(to: value)
  }

  /// Returns what happens to the versions of `value`, in order.
  private func eventTable(of value: ReviewedValue) -> String {
    let own = Set(value.versions)
    var reads = 0
    var table = TextTable([.right, .left, .left, .left])
    table.append(["  step", "what", "name", "where and why"])
    for (t, i) in program.instructions.enumerated() {
      if let r = i.results.first(where: own.contains) {
        table.append(["  \(t + 1)", i.action.verb, program.values[r].name, place(of: r, at: t)])
        reads = 0
      }
      guard let o = i.operands.first(where: own.contains) else { continue }
      reads += 1
      if i.action == .delete {
        table.append(["  \(t + 1)", "deleted", program.values[o].name, i.note])
      } else if reads <= Self.listed {
        table.append(["  \(t + 1)", verb(i, o), subject(at: t), takeovers[t] == o ? "in its place" : ""])
      }
    }
    return table.description
  }

  private func verb(_ i: PlanInstruction, _ o: PlanValueIndex) -> String {
    if case .offload = i.action { return "offloaded" }
    guard case .update(let operation) = i.action, i.operands.prefix(operation.writtenCount).contains(o) else {
      return "read by"
    }
    return "updated with"
  }

  private func place(of r: PlanValueIndex, at t: Int) -> String {
    let offset = program.values[r].arenaOffset.map { "@\($0)" } ?? ""
    let note = program.instructions[t].note
    return [offset, note].filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// Returns what it would cost to do otherwise; nothing where there is no choice.
  private func alternative(to value: ReviewedValue) -> String {
    switch value.fate {
    case .saved, .savedAndRecomputed: costOfRecomputing(value)
    case .recomputed: costOfSaving(value)
    case .storage, .transient, .backward, .offloaded: ""
    }
  }

  private func costOfSaving(_ value: ReviewedValue) -> String {
    let (first, second) = (versions[value.versions[0]], versions[value.versions[1]])
    let most = RangeMaximum(liveBytes)(in: first.release..<max(second.birth, first.release))
    let flops = value.versions.dropFirst().reduce(0) { $0 + self.flops(at: versions[$1].birth) }
    let peak = plan.totals.persistentBytes + max(liveBytes[peak], most + first.bytes)
    return
      "\nto save it: \(ByteCount(first.bytes)) more from step \(first.release + 1) to \(second.birth + 1); live bytes "
      + "peak at \(ByteCount(peak)), now \(ByteCount(memory(at: self.peak))); "
      + "\(Quantity.flops(flops)) less, \(Quantity.percent(flops, of: plan.totals.stepFlops)) of a step\n"
  }

  private func costOfRecomputing(_ value: ReviewedValue) -> String {
    let first = versions[value.versions[0]]
    guard let reader = first.firstBackwardRead else { return "" }
    let start = (first.lastForwardRead ?? first.birth) + 1
    let again = recomputation(of: first.value, at: reader)
    let price = again.map { (r) in
      "\(Quantity.count(r.count, "operation")), \(Quantity.flops(r.flops)), "
        + "\(Quantity.percent(r.flops, of: plan.totals.stepFlops)) of a step"
    }
    let holds = start <= peak && peak < reader ? "the peak is among them" : "the peak is not among them"
    return "\nto recompute it: frees \(ByteCount(first.bytes)) from step \(start + 1) to \(reader), \(holds); "
      + "\(price ?? "a chain of operations that is long or cannot be repeated") more\n"
  }

}

extension PlanInstruction.Action {

  /// What it does to its result, for people.
  fileprivate var verb: String {
    switch self {
    case .compute: "computed"
    case .recompute: "recomputed"
    case .update: "updated"
    case .delete: "deleted"
    case .offload: "offloaded"
    case .fetch: "fetched"
    }
  }

}
