/// What patterns are matched against: the characters of a text, or its tokens.
protocol MatchSource {

  /// Returns the end of what stands at `position` if that is `text`, used in the production of `name`.
  func end(ofText text: String, in name: String, at position: Int) -> Int?

  /// Returns the end of what stands at `position` if it is what `prose` says.
  func end(ofProse prose: String, at position: Int) -> Int?

  /// Returns the end of the token at `position` if it is a `name`, a symbol for which `isLeaf` is true.
  func end(ofToken name: String, at position: Int) -> Int?

  /// `true` iff the symbol `name` is matched by `end(ofToken:at:)`, and not by its production.
  func isLeaf(_ name: String) -> Bool

  /// Returns the position from which the production of `name` is to be matched at `position`.
  func start(of name: String, at position: Int) -> Int

}

/// Finds everything that a production may describe at a position of a source.
///
/// It shares nothing with the parser. All ways to match are followed, and what was found is remembered.
///
/// - Requires: the grammar is not left-recursive.
/// - Complexity: O(*n*³) in the length of the source for any grammar, and about O(*n*) for ours.
final class Matcher<Source: MatchSource> {

  private struct Key: Hashable {

    let name: String

    let position: Int

  }

  private let grammar: Grammar

  private let source: Source

  private var known: [Key: [Int]] = [:]

  init(_ grammar: Grammar, _ source: Source) {
    self.grammar = grammar
    self.source = source
  }

  /// Returns where the texts of the production of `name` that start at `position` end, in order.
  func ends(of name: String, at position: Int) -> [Int] {
    let key = Key(name: name, position: position)
    if let result = known[key] { return result }
    let result = ends(of: grammar[name], in: name, at: source.start(of: name, at: position))
    known[key] = result
    return result
  }

  private func ends(of pattern: Pattern, in name: String, at position: Int) -> [Int] {
    switch pattern {
    case .text(let t): return list(source.end(ofText: t, in: name, at: position))
    case .prose(let p): return list(source.end(ofProse: p, at: position))
    case .symbol(let s):
      return source.isLeaf(s) ? list(source.end(ofToken: s, at: position)) : ends(of: s, at: position)
    case .sequence(let parts):
      return parts.reduce([position]) { (starts, part) in ends(of: part, in: name, from: starts) }
    case .choice(_, let parts): return union(parts.map { ends(of: $0, in: name, at: position) })
    case .optional(_, let part): return union([[position], ends(of: part, in: name, at: position)])
    case .repetition(_, let part): return ends(ofMany: part, in: name, at: position)
    }
  }

  private func list(_ end: Int?) -> [Int] { end.map { [$0] } ?? [] }

  private func ends(of pattern: Pattern, in name: String, from starts: [Int]) -> [Int] {
    if starts.count == 1 { return ends(of: pattern, in: name, at: starts[0]) }
    return union(starts.map { ends(of: pattern, in: name, at: $0) })
  }

  private func ends(ofMany part: Pattern, in name: String, at position: Int) -> [Int] {
    var found: Set<Int> = [position]
    var pending = [position]
    while let p = pending.popLast() {
      for end in ends(of: part, in: name, at: p) where found.insert(end).inserted { pending.append(end) }
    }
    return found.sorted()
  }

  private func union(_ sets: [[Int]]) -> [Int] {
    let filled = sets.filter { !$0.isEmpty }
    return filled.count < 2 ? filled.first ?? [] : Set(filled.joined()).sorted()
  }

}
