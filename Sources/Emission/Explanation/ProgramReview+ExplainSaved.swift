import Operations
import PlanFormat
import Support

extension ProgramReview {

  /// The values that are kept for the backward part, one a line: what `cgadc explain PLAN saved` prints.
  package var savedExplanation: String {
    let saved = versions.filter { $0.category == .saved }
    var table = TextTable([.left, .right, .left, .left, .left])
    table.append(["type", "bytes", "path", "source", "kept"])
    for v in saved {
      let value = program.values[v.value]
      let reader = v.firstBackwardRead.map { "for step \($0 + 1), \(subject(at: $0))" } ?? ""
      table.append([
        "\(value.type)", "\(v.bytes)", value.name, program.instructions[v.birth].site.description,
        "from step \(v.birth + 1) \(reader)",
      ])
    }
    let sum = saved.reduce(0) { $0 + $1.bytes }
    return table.description + "\(Quantity.count(saved.count, "value")), \(sum) bytes (\(ByteCount(sum)))\n"
  }

}
