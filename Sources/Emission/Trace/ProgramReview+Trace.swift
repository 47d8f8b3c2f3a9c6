import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// The tracks of a trace, in order.
  private enum Track: Int, CaseIterable {
    case forward = 1
    case backward, recompute, update
  }

  /// The step as a trace that Chrome and Perfetto open: a slice for each instruction but deletions, in tracks of the forward
  /// part, the backward part, recomputations and updates, and the live bytes by group as a counter.
  ///
  /// Of a planned step the time is made up: a thousand operations take a microsecond, an instruction at least one.
  ///
  /// - Complexity: O(*n*) where *n* is the number of operands.
  package func trace(_ measured: MeasuredStep? = nil) -> String {
    var text = TraceText()
    text.name(process: 1, measured == nil ? "planned \(program.name)" : "measured \(program.name)")
    for t in Track.allCases { text.name(process: 1, thread: t.rawValue, "\(t)") }
    let clock = measured.map(TraceClock.init(measured:)) ?? TraceClock(planned: plannedDurations)
    var totals = [Int](repeating: 0, count: ReviewCategory.allCases.count)
    var changes = changes
    for (t, i) in program.instructions.enumerated() {
      if i.action != .delete { text.append(slice(i, at: t, clock)) }
      for c in changes[t] { totals[c.category] += c.bytes }
      changes[t] = []
      appendCounters(to: &text, i, at: t, clock, totals, measured)
    }
    return text.document([
      ("source", plan.header.source), ("model", plan.header.model), ("policy", plan.header.policy),
      ("time", measured == nil ? "1 us for 1000 operations" : "measured"),
    ])
  }

  /// For each instruction its duration in nanoseconds where nothing is measured.
  private var plannedDurations: [Int] {
    program.instructions.indices.map { program.instructions[$0].action == .delete ? 0 : max(1000, flops(at: $0)) }
  }

  /// For each instruction what begins and ends with it, by category.
  var changes: [[(category: Int, bytes: Int)]] {
    var changes = [[(category: Int, bytes: Int)]](repeating: [], count: program.instructions.count + 1)
    for v in versions where v.bytes > 0 {
      changes[v.birth].append((v.category.position, v.bytes))
      changes[v.release].append((v.category.position, -v.bytes))
    }
    return changes
  }

  private func slice(_ i: PlanInstruction, at t: Int, _ clock: TraceClock) -> String {
    let name = "\(i.action.operation?.mnemonic ?? i.action.word) \(subject(at: t))".quotedAsJSON
    var args = "\"step\": \(t + 1), \"flops\": \(flops(at: t)), \"source\": \(i.site.description.quotedAsJSON)"
    if let v = i.results.first { args += ", \"bytes\": \(versions[v].bytes), \"type\": \"\(program.values[v].type)\"" }
    if !i.note.isEmpty { args += ", \"reason\": \(i.note.quotedAsJSON)" }
    let track = track(of: i, at: t)
    return "\"name\": \(name), \"cat\": \"\(track)\", \"ph\": \"X\", \"pid\": 1, \"tid\": \(track.rawValue), "
      + "\"ts\": \(clock.start(t)), \"dur\": \(clock.duration(t)), \"args\": {\(args)}"
  }

  private func track(of i: PlanInstruction, at t: Int) -> Track {
    switch i.action {
    case .recompute: .recompute
    case .update: .update
    case .compute, .delete, .offload, .fetch: t < backwardStart ? .forward : .backward
    }
  }

  private func appendCounters(
    to text: inout TraceText, _ i: PlanInstruction, at t: Int, _ clock: TraceClock, _ totals: [Int],
    _ measured: MeasuredStep?
  ) {
    var all = totals
    all[ReviewCategory.workspace.position] = i.workspace?.byteCount ?? 0
    let used = ReviewCategory.ofArena.filter { $0 != .fetched || plan.totals.hostBytes > 0 }
    let series = used.map { "\"\($0.rawValue)\": \(all[$0.position])" }.joined(separator: ", ")
    text.append(
      "\"name\": \"live bytes\", \"ph\": \"C\", \"pid\": 1, \"tid\": 0, \"ts\": \(clock.start(t)), \"args\": {\(series)}"
    )
    guard let measured else { return }
    text.append(
      "\"name\": \"measured live bytes\", \"ph\": \"C\", \"pid\": 1, \"tid\": 0, \"ts\": \(clock.start(t)), "
        + "\"args\": {\"bytes\": \(measured.liveBytes[t])}")
  }

}

extension ReviewCategory {

  /// The categories of what lies in the arena.
  package static let ofArena: [ReviewCategory] = [
    .gradients, .adjoints, .saved, .transient, .recomputed, .fetched, .workspace,
  ]

  /// The position among all categories.
  package var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }

}
