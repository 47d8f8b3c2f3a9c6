/// Writes random sentences of a grammar, and counts which of its choices it took.
struct SentenceGenerator {

  /// An alternative of a choice; of an optional part and of a repetition 0 is nothing and 1 something.
  struct Turn: Hashable {

    let choice: Int

    let alternative: Int

  }

  private let grammar: Grammar

  private var random: SplitMix

  /// The turns taken so far.
  private(set) var taken: Set<Turn> = []

  /// How many more tokens may be written before everything is made as short as it can be.
  private var budget = 0

  /// `true` iff the characters of a token are being written.
  private var isInToken = false

  /// The least depth of what each production describes.
  private let depths: [String: Int]

  init(_ grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    random = .init(seed: seed)
    depths = Self.depths(of: grammar)
  }

  /// All turns that sentences of `grammar` may take.
  static func allTurns(of grammar: Grammar) -> Set<Turn> {
    var result: Set<Turn> = []
    for name in grammar.names where name != "blank" && name != "comment" {
      grammar[name].forEachPart { (p) in
        switch p {
        case .choice(let id, let parts): for i in parts.indices { result.insert(.init(choice: id, alternative: i)) }
        case .optional(let id, _), .repetition(let id, _):
          for i in 0...1 { result.insert(.init(choice: id, alternative: i)) }
        case .text, .symbol, .prose, .sequence: break
        }
      }
    }
    return result
  }

  /// Returns the tokens of a sentence of about `size` tokens.
  mutating func sentence(size: Int) -> [String] {
    budget = size
    var tokens: [String] = []
    write(grammar["file"], &tokens)
    return tokens
  }

  /// Returns `tokens` as a text, with a random choice of blanks and comments where the tokens remain the same.
  mutating func text(of tokens: [String]) -> String {
    var text = ""
    var brackets = 0
    for t in tokens {
      let isSeparate = t == "\n" || text.last.map { "()[]{},\n".contains($0) } ?? true || "()[]{},".contains(t)
      text +=
        separator(isNeeded: !isSeparate, mayBreak: brackets > 0 && !grammar.units.contains(t))
        + (t == "\n" ? newline() : t)
      brackets += "([".contains(t) ? 1 : ")]".contains(t) ? -1 : 0
    }
    return text
  }

  /// Returns an example of the token `kind`.
  mutating func token(_ kind: String) -> String {
    if kind == "NL" { return "\n" }
    if kind == "NAME", below(3) > 0 { return grammar.words[below(grammar.words.count)] }
    let outer = budget
    budget = 20
    isInToken = true
    var characters: [String] = []
    write(grammar[kind], &characters)
    isInToken = false
    budget = outer
    return characters.joined()
  }

  /// Returns a number from 0 that is less than `count`.
  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  private mutating func separator(isNeeded: Bool, mayBreak: Bool) -> String {
    switch below(12) {
    case 0: "  "
    case 1: "\t"
    case 2: mayBreak ? " // é\n " : " "
    case 3: mayBreak ? "\r\n" : " "
    case 4..<8: isNeeded ? " " : ""
    case _: " "
    }
  }

  private mutating func newline() -> String { ["\n", "\n", "\n", "\r\n", " // )\n", "\n \n"][below(6)] }

  private mutating func take(_ choice: Int, _ alternative: Int) {
    taken.insert(.init(choice: choice, alternative: alternative))
  }

  private mutating func write(_ pattern: Pattern, _ tokens: inout [String]) {
    switch pattern {
    case .text(let t):
      budget -= 1
      tokens.append(t)
    case .prose(let p): tokens.append(example(of: p))
    case .symbol(let s): write(symbol: s, &tokens)
    case .sequence(let parts): writeAll(parts, &tokens)
    case .choice(let id, let parts):
      let i = alternative(of: id, parts)
      write(parts[i], &tokens)
    case .optional(let id, let part): writeMany(part, atMost: 1, id, &tokens)
    case .repetition(let id, let part): writeMany(part, atMost: isInToken ? 2 : 3, id, &tokens)
    }
  }

  private mutating func write(symbol: String, _ tokens: inout [String]) {
    if Grammar.isToken(symbol) {
      budget -= 1
      tokens.append(token(symbol))
    } else {
      write(grammar[symbol], &tokens)
    }
  }

  private mutating func writeMany(_ part: Pattern, atMost limit: Int, _ id: Int, _ tokens: inout [String]) {
    let isNew = !taken.contains(.init(choice: id, alternative: 1)) && below(2) == 0
    let isWanted = isNew || (budget > 10 && below(3) > 0)
    let count = budget <= 0 ? 0 : isWanted ? 1 + below(limit) : below(limit + 1)
    take(id, min(count, 1))
    writeAll(Array(repeating: part, count: count), &tokens)
  }

  /// Writes `parts`, to each of which goes all of the budget that is left, or now and then a part.
  private mutating func writeAll(_ parts: [Pattern], _ tokens: inout [String]) {
    for (i, p) in parts.enumerated() {
      let share = i == parts.count - 1 || below(4) > 0 ? budget : budget / 2
      let rest = budget - share
      budget = share
      write(p, &tokens)
      budget += rest
    }
  }

  /// Takes one of `parts`, where the budget is spent a shallow one, and half of the time one that was never taken.
  private mutating func alternative(of id: Int, _ parts: [Pattern]) -> Int {
    let all = parts.map { Self.depth(of: $0, depths) }
    let least = all.min() ?? 0
    let possible = parts.indices.filter { budget > 0 || all[$0] == least }
    let new = possible.filter { !taken.contains(.init(choice: id, alternative: $0)) }
    let candidates = new.isEmpty || below(2) == 0 ? possible : new
    let i = candidates[below(candidates.count)]
    take(id, i)
    return i
  }

  /// Returns an example of what `prose` says.
  private mutating func example(of prose: String) -> String {
    if let includes = CharacterSource.meanings[prose] {
      let all = ((32..<127).map { Unicode.Scalar(UInt8($0)) } + ["\t", "\u{e9}", "\u{1f600}", "\u{9b}"]).filter(
        includes)
      return String(all[below(all.count)])
    }
    var name = token("NAME")
    while grammar.reserved.contains(name) { name = token("NAME") }
    return name
  }

  /// Returns the least depth of the sentences of each production.
  private static func depths(of grammar: Grammar) -> [String: Int] {
    var depths: [String: Int] = [:]
    for _ in grammar.names {
      for name in grammar.names { depths[name] = 1 + depth(of: grammar[name], depths) }
    }
    return depths
  }

  private static func depth(of pattern: Pattern, _ depths: [String: Int]) -> Int {
    switch pattern {
    case .text, .prose, .optional, .repetition: 0
    case .symbol(let s): Grammar.isToken(s) ? 0 : depths[s] ?? 1000
    case .sequence(let parts): parts.map { depth(of: $0, depths) }.max() ?? 0
    case .choice(_, let parts): parts.map { depth(of: $0, depths) }.min() ?? 0
    }
  }

}
