/// Reads grammars in the notation that `Grammar/cgm.ebnf` describes at its start.
struct EBNFReader {

  private enum Mark: Equatable {
    case text(String)
    case symbol(String)
    case prose(String)
    case sign(Character)
  }

  private var marks: ArraySlice<Mark>

  /// The number of choices read.
  private var choices = 0

  /// Returns the productions in `text`, in order.
  static func productions(in text: String) throws -> [(name: String, pattern: Pattern)] {
    var reader = EBNFReader(marks: try marks(in: text)[...])
    var result: [(name: String, pattern: Pattern)] = []
    while let first = reader.marks.popFirst() {
      guard case .symbol(let name) = first else { throw GrammarError(description: "expected a name, found \(first)") }
      try reader.expect("=")
      result.append((name, try reader.choice()))
      try reader.expect(";")
    }
    return result
  }

  private init(marks: ArraySlice<Mark>) { self.marks = marks }

  private mutating func expect(_ sign: Character) throws {
    guard let m = marks.popFirst(), m == .sign(sign) else {
      throw GrammarError(description: "expected \(sign) before \(marks.prefix(5))")
    }
  }

  private mutating func number() -> Int {
    choices += 1
    return choices - 1
  }

  private mutating func choice() throws -> Pattern {
    var alternatives = [try sequence()]
    while marks.first == .sign("|") {
      marks.removeFirst()
      alternatives.append(try sequence())
    }
    return alternatives.count == 1 ? alternatives[0] : .choice(number(), alternatives)
  }

  private mutating func sequence() throws -> Pattern {
    var parts: [Pattern] = []
    while let part = try part() { parts.append(part) }
    if parts.isEmpty { throw GrammarError(description: "an empty alternative before \(marks.prefix(5))") }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func part() throws -> Pattern? {
    switch marks.first {
    case .text(let t)?: return leaf(.text(t))
    case .symbol(let s)?: return leaf(.symbol(s))
    case .prose(let p)?: return leaf(.prose(p))
    case .sign("(")?: return try group(")") { (_, p) in p }
    case .sign("[")?: return try group("]") { .optional($0, $1) }
    case .sign("{")?: return try group("}") { .repetition($0, $1) }
    case .sign?, nil: return nil
    }
  }

  private mutating func leaf(_ p: Pattern) -> Pattern {
    marks.removeFirst()
    return p
  }

  /// Reads what stands between brackets.
  private mutating func group(_ closing: Character, _ make: (Int, Pattern) -> Pattern) throws -> Pattern {
    marks.removeFirst()
    let inner = try choice()
    try expect(closing)
    return closing == ")" ? inner : make(number(), inner)
  }

  /// Cuts `text` into marks, without blanks and comments.
  private static func marks(in text: String) throws -> [Mark] {
    var rest = text[...]
    var result: [Mark] = []
    while let c = rest.first {
      if rest.hasPrefix("(*") {
        _ = try cut(&rest, from: "(*", to: "*)")
      } else if c == "\"" || c == "'" {
        result.append(.text(try cut(&rest, from: String(c), to: String(c))))
      } else if c == "?" {
        let words = try cut(&rest, from: "?", to: "?").split { $0.isWhitespace }
        result.append(.prose(words.joined(separator: " ")))
      } else if c.isLetter {
        let name = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(name.count)
        result.append(.symbol(String(name)))
      } else {
        if !c.isWhitespace { result.append(.sign(c)) }
        rest.removeFirst()
      }
    }
    return result
  }

  /// Removes `opening`, what follows it and `closing` from the start of `text`; returns what was between them.
  private static func cut(_ text: inout Substring, from opening: String, to closing: String) throws -> String {
    text = text.dropFirst(opening.count)
    guard let end = text.firstRange(of: closing) else {
      throw GrammarError(description: "no \(closing) after \(text.prefix(20))")
    }
    defer { text = text[end.upperBound...] }
    return String(text[..<end.lowerBound])
  }

}
