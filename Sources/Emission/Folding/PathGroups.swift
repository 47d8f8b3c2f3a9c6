/// Members whose paths differ in the numbers of layers alone and whose `key` is the same, in order of the first of each.
struct PathGroup<Member> {

  /// The paths of all members as one.
  let label: String

  let members: [Member]

}

extension Sequence {

  /// Returns the elements in groups of one pattern of `path` and one `key`.
  ///
  /// - Complexity: O(*n*) on average, for *n* characters of paths.
  func folded<Key: Hashable>(
    path: (Element) -> String, totals: [String: Int] = [:], by key: (Element) -> Key
  ) -> [PathGroup<Element>] {
    var (positions, groups) = ([FoldingKey<Key>: Int](), [(patterns: [PathPattern], members: [Element])]())
    for e in self {
      let pattern = PathPattern(path(e))
      let position = positions[.init(pattern: pattern.text, key: key(e)), default: groups.count]
      if position == groups.count {
        positions[.init(pattern: pattern.text, key: key(e))] = position
        groups.append(([], []))
      }
      groups[position].patterns.append(pattern)
      groups[position].members.append(e)
    }
    return groups.map { (g) in
      let label = PathFolding.label(g.patterns, total: totals[g.patterns[0].text])
      return .init(label: label + PathFolding.count(g.members.count), members: g.members)
    }
  }

}

/// What elements are grouped by.
private struct FoldingKey<Key: Hashable>: Hashable {

  let pattern: String

  let key: Key

}
