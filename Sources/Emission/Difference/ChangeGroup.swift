/// Changes that people read as one line.
struct ChangeGroup: Hashable {

  let kind: ValueChange.Kind

  /// What is changed: `h.*.attn.weights (x6)`.
  let label: String

  /// How.
  let detail: String

  let count: Int

  /// The sum of the differences in bytes.
  let difference: Int

  /// The difference of each, if all have the same.
  let each: Int?

  init(_ kind: ValueChange.Kind, _ label: String, _ detail: String, _ members: [ValueChange]) {
    self.kind = kind
    self.label = label
    self.detail = detail
    count = members.count
    difference = members.reduce(0) { $0 + $1.difference }
    each = members.allSatisfy { $0.difference == members[0].difference } ? members[0].difference : nil
  }

}
