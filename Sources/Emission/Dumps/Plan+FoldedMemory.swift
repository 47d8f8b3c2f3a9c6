package import PlanFormat
import Operations
import Support

extension Plan {

  /// Where values lie and when, those that differ in the number of a layer alone in one line, the largest first.
  package var foldedMemoryMap: String {
    var s = "persistent: \(totals.persistentBytes) bytes\n"
    var table = TextTable([.right, .right, .left, .left, .left])
    table.append(["bytes", "each", "offsets", "kind", "names"])
    for g in storage.folded(path: \.storage.name, by: { [$0.storage.kind.rawValue, "\($0.storage.type)"] }) {
      let bytes = g.members[0].storage.type.size.value
      table.append([
        "\(bytes * g.members.count)", "\(bytes)", Self.range(g.members.map(\.offset)),
        g.members[0].storage.kind.rawValue,
        g.label,
      ])
    }
    s += table.description
    for k in programs.indices { s += "\n" + ProgramReview(self, program: k).foldedArena }
    return s
  }

  /// Returns `@low..@high`.
  fileprivate static func range(_ offsets: [Int]) -> String {
    let (low, high) = (offsets.min() ?? 0, offsets.max() ?? 0)
    return low == high ? "@\(low)" : "@\(low)..@\(high)"
  }

}

extension ProgramReview {

  fileprivate var foldedArena: String {
    let held = versions.filter { $0.birth >= 0 }
    let groups = held.folded(path: { program.values[$0.value].name }) { [$0.category.rawValue, "\($0.bytes)"] }
    let sorted = groups.enumerated().sorted { ($1.element.bytes, $0.offset) < ($0.element.bytes, $1.offset) }
    var table = TextTable([.right, .right, .left, .left, .left, .left])
    table.append(["bytes", "each", "offsets", "steps", "group", "values"])
    for (_, g) in sorted {
      let offsets = g.members.compactMap { program.values[$0.value].arenaOffset }
      let (birth, death) = (g.members.map(\.birth).min() ?? 0, g.members.map(\.deletion).max() ?? 0)
      table.append([
        "\(g.bytes)", "\(g.members[0].bytes)", Plan.range(offsets), "[\(birth + 1), \(death + 1))",
        g.members[0].category.rawValue, g.label,
      ])
    }
    return "arena of \(program.name): \(held.count) values, \(program.instructions.count) steps\n" + table.description
  }

}

extension PathGroup<ReviewedVersion> {

  /// The bytes of all members.
  fileprivate var bytes: Int { members.reduce(0) { $0 + $1.bytes } }

}
