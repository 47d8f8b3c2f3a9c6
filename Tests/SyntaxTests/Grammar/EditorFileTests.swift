import Foundation
import Testing

/// The files below `Grammar/editors` know the words of the grammar.
@Suite struct EditorFileTests {

  private let grammar: Grammar

  private let patterns: [String]

  private let vimText: String

  init() throws {
    grammar = try Grammar.cgm.get()
    let folder = Grammar.root.appending(path: "Grammar/editors")
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "cgm.tmLanguage.json")))
    patterns = Self.patterns(in: json)
    vimText = try String(contentsOf: folder.appending(path: "vim/syntax/cgm.vim"), encoding: .utf8)
  }

  /// Returns the regular expressions of a TextMate grammar.
  private static func patterns(in json: Any) -> [String] {
    if let list = json as? [Any] { return list.flatMap(patterns(in:)) }
    guard let object = json as? [String: Any] else { return [] }
    let mine = ["match", "begin", "end"].compactMap { object[$0] as? String }
    return mine + object.keys.sorted().compactMap { object[$0] }.flatMap(patterns(in:))
  }

  /// Returns the words of `text`, which may follow a backslash and a letter only in `words` of no regular expression.
  private static func words(in text: String) -> Set<String> {
    Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
  }

  /// What the Vim file says without comments and the names of its groups.
  private var vimRules: String {
    let lines = vimText.split(separator: "\n").filter { $0.hasPrefix("syntax ") }
    return lines.map { $0.split(separator: " ").dropFirst(3).joined(separator: " ") }.joined(separator: "\n")
  }

  @Test func `the TextMate grammar's expressions are sound`() throws {
    #expect(patterns.count > 30)
    for p in patterns { #expect(throws: Never.self) { _ = try NSRegularExpression(pattern: p) } }
  }

  @Test func `every word of the grammar is in both files, and no other is thought to be`() {
    let textMate = Self.words(in: patterns.joined(separator: "\n"))
    let vim = Self.words(in: vimRules)
    #expect(grammar.words.count > 50)
    for w in grammar.words {
      #expect(textMate.contains(w), "cgm.tmLanguage.json lacks '\(w)'")
      #expect(vim.contains(w), "cgm.vim lacks '\(w)'")
    }
    #expect(!textMate.contains("while") && !vim.contains("while"))
  }

  @Test func `references of the TextMate grammar lead somewhere`() throws {
    let url = Grammar.root.appending(path: "Grammar/editors/cgm.tmLanguage.json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    let repository = try #require(object["repository"] as? [String: Any])
    let text = try String(contentsOf: url, encoding: .utf8)
    let names = text.matches(of: /"include": "#([a-z]+)"/).map { String($0.1) }
    #expect(names.count > 10)
    for n in names { #expect(repository[n] != nil, "\(n)") }
    #expect(object["scopeName"] as? String == "source.cgm")
  }

  @Test(arguments: [
    ("constant.numeric", "1_000", true), ("constant.numeric", "0.5", true), ("constant.numeric", "1e-3", true),
    ("constant.numeric", "96 MiB", true), ("constant.numeric", "x1", false),
    ("save|recompute", "  save h.*", true), ("save|recompute", "  save = every(5)", false),
    ("func|block|model", "block Dense(", true), ("func|block|model", "blocks Dense(", false),
    ("f64|f32", "f32[B]", true), ("f64|f32", "xf32", false),
    (#"when)\s"#, "when training {", true), (#"when)\s"#, "when = 3", false),
  ])
  func `an expression of the TextMate grammar takes what it is for`(_ part: String, _ text: String, _ isTaken: Bool)
    throws
  {
    let wanted = part == "constant.numeric" ? "KiB" : part
    let pattern = try #require(patterns.first { $0.contains(wanted) })
    let range = NSRange(location: 0, length: text.utf16.count)
    let match = try NSRegularExpression(pattern: pattern).firstMatch(in: text, range: range)
    #expect((match != nil) == isTaken)
    if isTaken && wanted == "KiB" { #expect(match?.range == range) }
  }

}
