import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// The most lines of the table.
  private static let listed = 30

  /// The table of the values of the arena that take most bytes, with what is done with them and why.
  var largestValues: String {
    let held = values.filter { versions[$0.versions[0]].birth >= 0 }
    let groups = held.folded(path: \.path) { ["\($0.fate)", "\($0.type)"] }
    let sorted = groups.enumerated().sorted { ($1.element.bytes, $0.offset) < ($0.element.bytes, $1.offset) }
    var table = HTMLTable(["value", "type", "bytes", "each", "", "why"], numeric: [2, 3])
    for (_, g) in sorted.prefix(Self.listed) {
      let v = g.members[0]
      table.append([
        "<code>\(Markup.escaped(g.label))</code>", "<code>\(v.type)</code>", "\(ByteCount(g.bytes))",
        g.members.count > 1 ? "\(ByteCount(v.type.size.value))" : "",
        "<span style=\"white-space:nowrap\">\(ReviewPage.chip(v.fate.category))\(v.fate)</span>",
        Markup.escaped(reason(of: v)),
      ])
    }
    return table.html
  }

  /// Returns why `v` is treated as it is.
  private func reason(of v: ReviewedValue) -> String {
    let first = versions[v.versions[0]]
    switch v.fate {
    case .saved:
      return first.firstBackwardRead.map { "read in step \($0 + 1) by \(subject(at: $0))" } ?? ""
    case .recomputed, .savedAndRecomputed:
      let again = versions[v.versions[1]].birth
      let note = program.instructions[again].note
      return "deleted in step \(first.deletion + 1), again in step \(again + 1) \(note)"
    case .offloaded:
      let again = versions[v.versions[1]].birth
      return "on the host from step \(first.deletion + 1) to \(again + 1) \(program.instructions[again].note)"
    case .transient, .backward:
      if first.deletion == program.instructions.count { return "kept to the end of the step" }
      let note = program.instructions[first.deletion].note
      return "steps \(first.birth + 1) to \(first.deletion + 1)" + (note.isEmpty ? "" : ", \(note)")
    case .storage: return ""
    }
  }

}

extension PathGroup<ReviewedValue> {

  /// The bytes of all members.
  fileprivate var bytes: Int { members.reduce(0) { $0 + $1.type.size.value } }

}

extension ReviewedValue.Fate {

  /// The group whose colour it has.
  fileprivate var category: ReviewCategory {
    switch self {
    case .storage(let kind): .init(kind)
    case .saved: .saved
    case .offloaded: .fetched
    case .transient: .transient
    case .recomputed, .savedAndRecomputed: .recomputed
    case .backward: .adjoints
    }
  }

}
