/// The tokens of a text, against which the productions of `file` are matched, and the rules that the grammar tells in words.
struct TokenSource: MatchSource {

  private struct Node {

    let token: GrammarToken

    /// The position behind the token.
    let next: Int

  }

  private var nodes: [Node]

  /// Where a path that starts with the number at a position is to be read: as two indices and a point.
  private var indices: [Int: Int] = [:]

  private let reserved: Set<String>

  /// The position behind all tokens.
  let end: Int

  init(_ tokens: [GrammarToken], _ grammar: Grammar) {
    nodes = tokens.enumerated().map { (i, t) in Node(token: t, next: i + 1) }
    end = tokens.count
    reserved = grammar.reserved
    // What is looked up at the end is no token.
    nodes.append(.init(token: .init(kind: "end", text: "", startsLine: true), next: end))
    for (i, t) in tokens.enumerated() where t.kind == "FLOAT" && t.text.allSatisfy({ !"eE".contains($0) }) {
      indices[i] = nodes.count
      let parts = t.text.split(separator: ".").map(String.init)
      nodes.append(
        .init(token: .init(kind: "INTEGER", text: parts[0], startsLine: t.startsLine), next: nodes.count + 1))
      nodes.append(.init(token: .init(kind: "", text: ".", startsLine: false), next: nodes.count + 1))
      nodes.append(.init(token: .init(kind: "INTEGER", text: parts[1], startsLine: false), next: i + 1))
    }
  }

  /// A unit stands on the line of its number.
  func end(ofText text: String, in name: String, at position: Int) -> Int? {
    let n = nodes[position]
    guard n.token.text == text, n.token.kind == "NAME" || n.token.kind.isEmpty else { return nil }
    return name == "unit" && n.token.startsLine ? nil : n.next
  }

  func end(ofProse prose: String, at position: Int) -> Int? {
    let n = nodes[position]
    guard Self.meanings.contains(prose), n.token.kind == "NAME" else { return nil }
    return reserved.contains(n.token.text) ? nil : n.next
  }

  func end(ofToken name: String, at position: Int) -> Int? {
    nodes[position].token.kind == name ? nodes[position].next : nil
  }

  func isLeaf(_ name: String) -> Bool { Grammar.isToken(name) }

  /// At the start of a path `0.1` is two segments.
  func start(of name: String, at position: Int) -> Int { name == "sel" ? indices[position] ?? position : position }

  /// What the words of the grammar may say of a token.
  static let meanings = [#"a NAME that is no dtype and neither "true" nor "false""#]

}

extension Grammar {

  /// Returns `true` iff `text` is a sentence of the grammar.
  func recognises(_ text: String, as name: String = "file") -> Bool {
    guard let tokens = Tokenizer.tokens(of: text, by: self) else { return false }
    let source = TokenSource(tokens, self)
    return Matcher(self, source).ends(of: name, at: 0).last == source.end
  }

}
