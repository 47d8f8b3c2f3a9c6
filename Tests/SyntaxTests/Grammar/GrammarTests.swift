import Foundation
import Testing

/// The grammar in `Grammar/cgm.ebnf` and the parser describe one language.
@Suite struct GrammarTests {

  private let grammar: Grammar

  init() throws { grammar = try Grammar.cgm.get() }

  @Test func `all of the grammar is used, and its words are understood`() {
    let outside = ["blank", "comment"]
    var used: Set = ["file"]
    var prose: Set<String> = []
    for name in grammar.names {
      grammar[name].forEachPart { (p) in
        if case .symbol(let s) = p { used.insert(s) }
        if case .prose(let p) = p, name != "NL" { prose.insert(p) }
      }
    }
    #expect(Set(grammar.names).subtracting(used) == Set(outside))
    #expect(prose == Set(CharacterSource.meanings.keys).union(TokenSource.meanings))
  }

  @Test func `the parser accepts sentences made by the grammar, which take every turn it has`() throws {
    var generator = SentenceGenerator(grammar, seed: 1)
    let all = SentenceGenerator.allTurns(of: grammar)
    for i in 0..<3000 where i < 600 || generator.taken != all {
      let tokens = generator.sentence(size: 20 + i % 300)
      let text = generator.text(of: tokens)
      try #require(Verdict(text) != .rejected, "\(text.debugDescription)")
    }
    let missed = all.subtracting(generator.taken)
    #expect(missed.isEmpty, "\(missed)")
  }

  @Test(arguments: modelFiles)
  func `the grammar recognises every model of the package`(_ path: String) throws {
    let text = try String(contentsOf: Grammar.root.appending(path: path), encoding: .utf8)
    #expect(grammar.recognises(text))
  }

  @Test func `there are models to recognise`() {
    #expect(modelFiles.count >= 15)
  }

  @Test(arguments: AcceptedCase.items + AcceptedCase.statements + AcceptedCase.expressions)
  func `the grammar recognises what is accepted`(_ c: AcceptedCase) { #expect(grammar.recognises(c.text)) }

  @Test(arguments: RejectedCase.items + RejectedCase.words + RejectedCase.structure)
  func `the grammar recognises nothing that is rejected, limits apart`(_ c: RejectedCase) {
    let verdict = Verdict(c.text)
    if verdict != .exceeding { #expect(!grammar.recognises(c.text)) }
  }

}

/// The paths of all models that are to be accepted, in order.
private let modelFiles: [String] = ["samples", "Tests/CompilerTests/cases/accepted", "Sources"].flatMap { (folder) in
  let all = FileManager.default.enumerator(atPath: Grammar.root.appending(path: folder).path)?.allObjects ?? []
  return all.compactMap { $0 as? String }.filter { $0.hasSuffix(".cgm") }.sorted().map { "\(folder)/\($0)" }
}
