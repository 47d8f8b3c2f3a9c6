import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// Instructions of one kind with their time.
  private struct Share {
    var name: String
    var count = 0
    var nanoseconds = 0
    var recomputed = 0
  }

  /// Returns the time of a measured step, and the part of it that is recomputation.
  func measuredLine(_ m: MeasuredStep) -> String {
    let all = m.durations.reduce(0, +)
    let again = program.instructions.indices.reduce(0) { $0 + (isRecompute($1) ? m.durations[$1] : 0) }
    let most = m.liveBytes.max() ?? 0
    return "\(Self.milliseconds(m.duration)) a step, \(Self.milliseconds(all)) of it in instructions, "
      + "\(Quantity.percent(again, of: all)) of that recomputation; peak of the arena \(ByteCount(most)), planned \(ByteCount(liveBytes[peak]))"
  }

  private func isRecompute(_ t: Int) -> Bool {
    if case .recompute = program.instructions[t].action { return true }
    return false
  }

  /// Returns the tables of time by operation and by path, for people at a terminal: what `cgad run --profile` prints.
  package func profile(_ m: MeasuredStep) -> String {
    var s = measuredLine(m) + "\n\n"
    for (title, shares) in [("operation", byOperation(m)), ("path", byPath(m))] {
      var table = TextTable([.left, .right, .right, .right, .right])
      table.append([title, "executed", "time", "share", "recompute"])
      for r in rows(shares, m) { table.append(r) }
      s += table.description + (title == "operation" ? "\n" : "")
    }
    return s
  }

  func profileTable(_ m: MeasuredStep) -> String {
    var s = ""
    for (title, shares) in [("operation", byOperation(m)), ("path", byPath(m))] {
      var table = HTMLTable([title, "executed", "time", "share", "of it recompute"], numeric: [1, 2, 3, 4])
      for r in rows(shares, m) { table.append(["<code>\(Markup.escaped(r[0]))</code>"] + r.dropFirst()) }
      s += table.html
    }
    return s
  }

  private func rows(_ shares: [Share], _ m: MeasuredStep) -> [[String]] {
    let all = m.durations.reduce(0, +)
    return shares.prefix(20).map { (r) in
      [
        r.name, "\(r.count)", Self.milliseconds(r.nanoseconds), Quantity.percent(r.nanoseconds, of: all),
        r.recomputed == 0 ? "-" : Quantity.percent(r.recomputed, of: r.nanoseconds),
      ]
    }
  }

  private func byOperation(_ m: MeasuredStep) -> [Share] {
    shares(m) { program.instructions[$0].action.operation?.mnemonic ?? program.instructions[$0].action.word }
  }

  /// By path with layers folded.
  private func byPath(_ m: MeasuredStep) -> [Share] {
    shares(m) { PathPattern(subject(at: $0).withoutVersion).text }
  }

  private func shares(_ m: MeasuredStep, _ name: (Int) -> String) -> [Share] {
    var (positions, shares) = ([String: Int](), [Share]())
    for (t, i) in program.instructions.enumerated() where i.action != .delete {
      let key = name(t)
      let k = positions[key, default: shares.count]
      if k == shares.count {
        positions[key] = k
        shares.append(.init(name: key))
      }
      shares[k].count += 1
      shares[k].nanoseconds += m.durations[t]
      if isRecompute(t) { shares[k].recomputed += m.durations[t] }
    }
    return shares.sorted { ($1.nanoseconds, $0.name) < ($0.nanoseconds, $1.name) }
  }

  private static func milliseconds(_ nanoseconds: Int) -> String {
    let thousandths = (nanoseconds + 500) / 1000
    let rest = thousandths % 1000
    return "\(thousandths / 1000).\(rest < 10 ? "00" : rest < 100 ? "0" : "")\(rest) ms"
  }

}
