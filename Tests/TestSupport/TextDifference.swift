/// Returns the lines of two texts that differ, those of `expected` behind `-` and those of `observed` behind `+`.
///
/// Common lines at both ends are left out; what is between them is not aligned further.
package func difference(expected: String, observed: String) -> String {
  let (e, o) = (
    expected.split(separator: "\n", omittingEmptySubsequences: false),
    observed.split(separator: "\n", omittingEmptySubsequences: false)
  )
  let start = zip(e, o).prefix { $0 == $1 }.count
  let end = zip(e.dropFirst(start).reversed(), o.dropFirst(start).reversed()).prefix { $0 == $1 }.count
  let removed = e[start..<(e.count - end)].prefix(20).map { "- \($0)" }
  let added = o[start..<(o.count - end)].prefix(20).map { "+ \($0)" }
  return (["line \(start + 1):"] + removed + added).joined(separator: "\n")
}
