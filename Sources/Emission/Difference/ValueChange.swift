/// How one value differs between two plans.
package struct ValueChange: Hashable, Sendable {

  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case added, removed, changed
  }

  package let path: String

  package let old: ValueFacts?

  package let new: ValueFacts?

  package var kind: Kind { old == nil ? .added : new == nil ? .removed : .changed }

  /// What is different, for people: `saved -> recomputed`.
  var detail: String {
    guard let old, let new else { return (new ?? old).map { "\($0.type)  \($0.fate)" } ?? "" }
    var parts: [String] = []
    if old.type != new.type { parts.append("\(old.type) -> \(new.type)") }
    if old.fate != new.fate { parts.append("\(old.fate) -> \(new.fate)") }
    if parts.isEmpty { parts.append("computed otherwise") }
    return parts.joined(separator: "  ")
  }

  /// The bytes that are kept for the backward part, or all the time, now and were not before.
  var keptDifference: Int { (new?.keptBytes ?? 0) - (old?.keptBytes ?? 0) }

  /// The difference that people are told: in what is kept, or where that is the same in size.
  var difference: Int {
    guard let old, let new, keptDifference == 0 else { return keptDifference }
    return new.bytes - old.bytes
  }

}
