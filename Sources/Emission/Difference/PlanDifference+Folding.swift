extension PlanDifference {

  /// The most lines of values that people get unless they ask for all.
  static let lineLimit = 9

  /// The parts of a path that are kept: a list of layers and the number of one.
  private static let leastDepth = 2

  /// Every change with the layers folded, and gradients and slots with what they are of.
  var groups: [ChangeGroup] {
    let (wrapped, rest) = wholeInstances
    return wrapped + folded(rest)
  }

  /// The changes in few lines: `groups`, folded further into the instances they are in where they are too many.
  var shortGroups: [ChangeGroup] {
    let (wrapped, rest) = wholeInstances
    var short = folded(rest)
    var depth = 6
    while wrapped.count + short.count > Self.lineLimit, depth >= Self.leastDepth {
      short = folded(rest, toDepth: depth)
      depth -= 1
    }
    return wrapped + short
  }

  /// Returns a line for each instance that is in one plan alone, and the changes that are not of such an instance.
  private var wholeInstances: (groups: [ChangeGroup], rest: [ValueChange]) {
    let added = newInstances(.added, besides: oldPaths)
    let removed = newInstances(.removed, besides: newPaths)
    let names = values.map { (c) in c.kind == .added ? added[c.path] : c.kind == .removed ? removed[c.path] : nil }
    var (members, order) = ([String: [ValueChange]](), [String]())
    var rest: [ValueChange] = []
    for (c, name) in zip(values, names) {
      guard let name else {
        rest.append(c)
        continue
      }
      let pattern = PathPattern(name, isInstance: true)
      let key = "\(c.kind.rawValue) \(pattern.text)"
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(c)
    }
    let all = order.compactMap { (key) -> ChangeGroup? in
      guard let m = members[key], let c = m.first else { return nil }
      let known = c.kind == .added ? added : removed
      let label = PathFolding.label(m.compactMap { known[$0.path].map { PathPattern($0, isInstance: true) } })
      return .init(c.kind, label + ".**", Quantity.count(m.count, "value"), m)
    }
    return (all, rest)
  }

  /// Returns for each path that is of an instance no path of `others` is of, the outermost such instance.
  private func newInstances(_ kind: ValueChange.Kind, besides others: [String]) -> [String: String] {
    let changed = values.filter { $0.kind == kind }
    if changed.isEmpty { return [:] }
    var known = Set<String>()
    for path in others { for p in WrappedPath(path).inner.prefixes where !known.insert(p).inserted { break } }
    var result: [String: String] = [:]
    for c in changed {
      let inner = WrappedPath(c.path).inner
      if let p = inner.prefixes.last(where: { $0 != inner && !known.contains($0) }) { result[c.path] = p }
    }
    return result
  }

  /// Returns lines of changes of one detail and one path but for the numbers of layers and what stands around it; the
  /// parts of paths beyond `depth` are left out.
  private func folded(_ changes: [ValueChange], toDepth depth: Int? = nil) -> [ChangeGroup] {
    var (positions, lines) = (
      [LineKey: Int](), [(patterns: [PathPattern], wrappers: [String], members: [ValueChange])]()
    )
    for c in changes {
      let path = WrappedPath(c.path)
      let short = depth.map { path.inner.shortened(to: $0) } ?? path.inner
      let pattern = PathPattern(short, isInstance: short != path.inner)
      let key = LineKey(kind: c.kind, detail: depth == nil ? c.detail : c.shortDetail, pattern: pattern.text)
      let position = positions[key, default: lines.count]
      if position == lines.count {
        positions[key] = position
        lines.append(([], [], []))
      }
      lines[position].patterns.append(pattern)
      lines[position].members.append(c)
      if !lines[position].wrappers.contains(path.wrapper) { lines[position].wrappers.append(path.wrapper) }
    }
    return lines.map { (l) in
      if l.members.count == 1 { return .init(l.members[0].kind, l.members[0].path, l.members[0].detail, l.members) }
      let detail = depth == nil ? l.members[0].detail : l.members[0].shortDetail
      return .init(l.members[0].kind, label(l, depth), detail, l.members)
    }
  }

  private func label(
    _ line: (patterns: [PathPattern], wrappers: [String], members: [ValueChange]), _ depth: Int?
  ) -> String {
    let total = patternTotals[line.patterns[0].text]
    var path = PathFolding.label(line.patterns, total: total.map { $0 * line.wrappers.count })
    if line.members.contains(where: { WrappedPath($0.path).inner.partCount > depth ?? .max }) { path += ".**" }
    let around = line.wrappers.filter { !$0.isEmpty }
    if line.wrappers.count == 1 { path = WrappedPath(line.members[0].path).around(path) }
    if line.wrappers.count > 1 { path += " and its \(around.joined(separator: ", "))" }
    return path + PathFolding.count(line.members.count)
  }

}

/// What changes of one line have in common.
private struct LineKey: Hashable {
  let kind: ValueChange.Kind
  let detail: String
  let pattern: String
}

extension ValueChange {

  /// What is different, without sizes that need not be the same for all of an instance.
  fileprivate var shortDetail: String {
    guard let old, let new else { return (new ?? old).map { "\($0.fate)" } ?? "" }
    if old.fate != new.fate { return "\(old.fate) -> \(new.fate)" }
    return old.type != new.type ? "other sizes" : "computed otherwise"
  }

}

extension String {

  /// The path and the instances it is in, from the path itself to the outermost one.
  fileprivate var prefixes: [String] {
    var all = [self]
    var end = endIndex
    while let point = self[..<end].lastIndex(of: ".") {
      all.append(String(self[..<point]))
      end = point
    }
    return all
  }

  /// The number of parts, which points separate.
  fileprivate var partCount: Int { utf8.count { $0 == UInt8(ascii: ".") } + 1 }

  /// Returns the first `depth` parts.
  fileprivate func shortened(to depth: Int) -> String {
    partCount <= depth ? self : split(separator: ".").prefix(depth).joined(separator: ".")
  }

}
