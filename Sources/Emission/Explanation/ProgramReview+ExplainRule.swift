import Operations
package import PlanFormat
import Support

extension ProgramReview {

  /// Returns what the schedule does with the values that `isSelected` is true of, layers folded; `nil` if there are none.
  package func explanation(ofRule rule: String, selecting isSelected: (ReviewedValue, PlanInstruction) -> Bool)
    -> String?
  {
    let selected = values.filter { (v) in
      let birth = versions[v.versions[0]].birth
      return birth >= 0 && isSelected(v, program.instructions[birth])
    }
    if selected.isEmpty { return nil }
    let bytes = selected.reduce(0) { $0 + $1.type.size.value }
    var table = TextTable([.left, .right, .left, .left])
    table.append(["  fate", "bytes each", "type", "values"])
    for g in selected.folded(path: \.path, by: { [$0.fate.description, "\($0.type)"] }) {
      let v = g.members[0]
      table.append(["  \(v.fate)", "\(ByteCount(v.type.size.value))", "\(v.type)", g.label])
    }
    let known = "\(rule): \(Quantity.count(selected.count, "value")), \(ByteCount(bytes)) in all\n"
    return known + table.description
  }

}
