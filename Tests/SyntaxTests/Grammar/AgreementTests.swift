import Support
import Syntax
import Testing

/// Parser and grammar agree on texts that are nearly sentences.
@Suite struct AgreementTests {

  private let grammar: Grammar

  init() throws { grammar = try Grammar.cgm.get() }

  @Test(arguments: 0..<20)
  func `three thousand mutated sentences are accepted by both or by none`(_ seed: Int) {
    var mutator = Mutator(grammar, seed: UInt64(seed))
    var counts = [true: 0, false: 0]
    for _ in 0..<150 {
      let text = mutator.text()
      let verdict = Verdict(text)
      if verdict == .exceeding { continue }
      let isSentence = grammar.recognises(text)
      counts[isSentence, default: 0] += 1
      #expect(isSentence == (verdict == .accepted), "\(text.debugDescription)")
    }
    // Both verdicts are common.
    #expect(counts.values.allSatisfy { $0 > 5 }, "\(counts)")
  }

}

/// Makes texts that are nearly sentences.
private struct Mutator {

  private let grammar: Grammar

  private var generator: SentenceGenerator

  private let cases: [String]

  init(_ grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    generator = .init(grammar, seed: seed)
    let accepted = AcceptedCase.items + AcceptedCase.statements + AcceptedCase.expressions
    let rejected = RejectedCase.items + RejectedCase.words + RejectedCase.structure
    cases = (accepted.map(\.text) + rejected.map(\.text)).filter { $0.utf8.count < 400 }
  }

  /// Returns the next text.
  mutating func text() -> String {
    var tokens = generator.below(4) == 0 ? caseTokens() : generator.sentence(size: 5 + generator.below(40))
    for _ in 0..<(1 + generator.below(3)) { mutate(&tokens) }
    let text = generator.text(of: tokens)
    return generator.below(4) == 0 ? withoutCharacter(text) : text
  }

  private mutating func caseTokens() -> [String] {
    Tokenizer.tokens(of: cases[generator.below(cases.count)], by: grammar)?.map(\.text) ?? []
  }

  private mutating func mutate(_ tokens: inout [String]) {
    if tokens.isEmpty { return tokens.append(word()) }
    let i = generator.below(tokens.count)
    switch generator.below(7) {
    case 0: tokens.remove(at: i)
    case 1: tokens.insert(tokens[generator.below(tokens.count)], at: i)
    case 2: tokens.insert(word(), at: i)
    case 3: tokens[i] = word()
    case 4: tokens.swapAt(i, generator.below(tokens.count))
    case 5: tokens[i] = tokens[generator.below(tokens.count)]
    case _: copy(i, &tokens)
    }
  }

  /// Puts a few tokens from `i` on somewhere else.
  private mutating func copy(_ i: Int, _ tokens: inout [String]) {
    let part = tokens[i..<min(tokens.count, i + 1 + generator.below(6))]
    tokens.insert(contentsOf: Array(part), at: generator.below(tokens.count))
  }

  private mutating func word() -> String {
    let kinds = ["NAME", "INTEGER", "FLOAT", "STRING", "NL"]
    let i = generator.below(kinds.count + 5)
    return i < kinds.count ? generator.token(kinds[i]) : grammar.texts[generator.below(grammar.texts.count)]
  }

  private mutating func withoutCharacter(_ text: String) -> String {
    var characters = Array(text.unicodeScalars)
    if characters.isEmpty { return text }
    characters.remove(at: generator.below(characters.count))
    var result = String.UnicodeScalarView()
    result.append(contentsOf: characters)
    return String(result)
  }

}
