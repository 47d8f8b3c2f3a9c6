import Foundation

/// Why a text is no grammar.
struct GrammarError: Error, CustomStringConvertible {

  let description: String

}

/// The productions of an EBNF file.
struct Grammar: Sendable {

  /// The left sides, in the order of the file.
  let names: [String]

  /// The right sides by left side.
  private let patterns: [String: Pattern]

  /// The tokens written between quotes in the productions of tokens, sorted.
  let texts: [String]

  /// The words among `texts`.
  let words: [String]

  /// The texts that are no words, the longest first.
  let signs: [String]

  /// The words that no declaration may have as its name.
  let reserved: Set<String>

  /// The units of numbers.
  let units: Set<String>

  /// Creates a grammar of `productions`.
  ///
  /// - Throws: if a name has two productions, or is used without one.
  init(_ productions: [(name: String, pattern: Pattern)]) throws {
    let patterns = try Dictionary(productions.map { ($0.name, $0.pattern) }) { (_, _) in
      throw GrammarError(description: "two productions of one name")
    }
    for (name, pattern) in productions {
      for s in Self.symbols(in: pattern) where patterns[s] == nil {
        throw GrammarError(description: "\(name) uses \(s), which has no production")
      }
    }
    let ofTokens = Self.productionsOfTokens(in: patterns)
    names = productions.map(\.name)
    texts = Set(ofTokens.flatMap(Self.texts(in:))).sorted()
    words = texts.filter { $0.first?.isLetter == true }
    signs = texts.filter { $0.first?.isLetter == false }.sorted { ($1.count, $0) < ($0.count, $1) }
    reserved = Set(patterns["dtype"].map(Self.texts(in:)) ?? []).union(["true", "false"])
    units = Set(patterns["unit"].map(Self.texts(in:)) ?? [])
    self.patterns = patterns
  }

  /// The package's folder.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The grammar of models, from its file.
  static let cgm = Result {
    try Grammar(
      EBNFReader.productions(in: String(contentsOf: root.appending(path: "Grammar/cgm.ebnf"), encoding: .utf8)))
  }

  /// The right side of the production of `name`.
  ///
  /// - Requires: there is one.
  subscript(name: String) -> Pattern {
    guard let p = patterns[name] else { preconditionFailure("no production \(name)") }
    return p
  }

  /// Returns the names of the productions used by `pattern`, in order.
  private static func symbols(in pattern: Pattern) -> [String] {
    var result: [String] = []
    pattern.forEachPart { (p) in if case .symbol(let s) = p { result.append(s) } }
    return result
  }

  /// `true` iff `name` is that of a token: written in capitals.
  static func isToken(_ name: String) -> Bool { name == name.uppercased() }

  /// Returns the right sides whose parts are tokens: those that `file` leads to, tokens excluded.
  private static func productionsOfTokens(in patterns: [String: Pattern]) -> [Pattern] {
    var found: Set = ["file"]
    var pending = ["file"]
    var result: [Pattern] = []
    while let next = pending.popLast().flatMap({ patterns[$0] }) {
      result.append(next)
      for s in symbols(in: next) where !isToken(s) && found.insert(s).inserted { pending.append(s) }
    }
    return result
  }

  /// Returns the texts between quotes in `pattern`, in order.
  static func texts(in pattern: Pattern) -> [String] {
    var result: [String] = []
    pattern.forEachPart { (p) in if case .text(let t) = p { result.append(t) } }
    return result
  }

}
