/// A generator of numbers that are the same in every run.
///
/// - Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014 (SplitMix64).
struct SplitMix: RandomNumberGenerator {

  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

}

/// Writes random sentences of the grammar in `Grammar/cgm.ebnf`.
struct SentenceWriter {

  private var random: SplitMix

  /// How many nodes may still be written.
  private var budget = 0

  init(seed: UInt64) { random = .init(seed: seed) }

  /// Returns a file of about `size` nodes.
  mutating func file(size: Int) -> String {
    budget = size
    var text = ""
    while budget > 0 { text += item() + "\n" }
    return text
  }

  private mutating func below(_ n: Int) -> Int { Int.random(in: 0..<n, using: &random) }

  private mutating func pick(_ choices: String...) -> String { choices[below(choices.count)] }

  /// Returns one to three of what `element` writes, with commas between.
  private mutating func list(_ element: (inout Self) -> String) -> String {
    (0...below(3)).map { _ in element(&self) }.joined(separator: ", ")
  }

  private mutating func name() -> String {
    pick("x", "y", "B", "let", "state", "in", "as", "train", "model", "_a1", "save", "if", "data", "else", "KiB", "e5")
  }

  private mutating func item() -> String {
    switch below(8) {
    case 0: return "import std.\(name()) (\(list { $0.name() }))"
    case 1: return "dim \(list { (w) in w.below(2) == 0 ? w.name() : "\(w.name()) = \(w.expression())" })"
    case 2: return "let \(name()) = \(expression())"
    case 3: return "data \(name()): \(type()) = \(expression())"
    case 4: return "train \(pick("", name())) \(body())"
    case 5: return "schedule \(pick("", name())) {\n\((0..<below(3)).map { _ in rule() + "\n" }.joined())}"
    case _:
      let formals = list { (w) in "\(w.name()): \(w.type())\(w.below(3) == 0 ? " = \(w.expression())" : "")" }
      return "\(pick("func", "block", "model")) \(name())(\(formals)) -> \(type()) \(body())"
    }
  }

  private mutating func type() -> String {
    budget -= 1
    if budget <= 0 { return "f32[]" }
    switch below(5) {
    case 0: return pick("dim", "int", "float", "bool")
    case 1: return "(\(list { $0.type() }))"
    case 2: return "bf16[.., \(list { $0.expression() })]"
    case _: return "\(pick("f32", "bool", "u8"))[\(pick("", "..", list { $0.expression() }))]"
    }
  }

  private mutating func body() -> String { "{\n\((0..<below(4)).map { _ in statement() + "\n" }.joined())}" }

  private mutating func statement() -> String {
    budget -= 1
    switch budget <= 0 ? 0 : below(13) {
    case 0: return "return x"
    case 1: return "param \(name()): \(type())\(below(2) == 0 ? " ~ \(expression())" : "")"
    case 2: return "state \(name()): \(type()) = \(expression())"
    case 3: return "\(pick("layer", "var", "update", "metric", "let")) \(name()) = \(expression())"
    case 4: return "let (\(list { $0.name() })) = \(expression())"
    case 5: return "\(name()) \(pick("=", "+=", "-=", "*=", "/=")) \(expression())"
    case 6: return "repeat \(pick("", "i in "))\(expression()) \(body())"
    case 7: return "if \(expression()) \(body())\(pick("", " else \(body())"))"
    case 8: return "when \(pick("training", "evaluation")) \(body())\(pick("", " else \(body())"))"
    case _: return "return \(expression())"
    }
  }

  private mutating func rule() -> String {
    if below(2) == 0 { return "\(name()) = \(expression())" }
    return "\(pick("save", "recompute", "offload")) \(list { $0.selector() })"
  }

  private mutating func selector() -> String {
    let path = (0...below(3)).map { _ in pick("h", "0", "12", "*", "**", "{0..2}", name()) }
    return path.joined(separator: ".") + pick("", " :: \(name())")
  }

  private mutating func expression() -> String {
    let first = comparison()
    return below(12) == 0 ? "\(first) -> \(comparison())" : first
  }

  private mutating func comparison() -> String {
    let first = instance()
    return below(8) == 0 ? "\(first) \(pick("==", "!=", "<", "<=", ">", ">=")) \(instance())" : first
  }

  private mutating func instance() -> String { sum() + (below(10) == 0 ? " as \(name())" : "") }

  private mutating func sum() -> String {
    (0...below(3)).map { _ in operand() }.reduce("") { (text, o) in
      text.isEmpty ? o : "\(text) \(pick("+", "-", "*", "/", "@", "%")) \(o)"
    }
  }

  private mutating func operand() -> String {
    budget -= 1
    if budget <= 0 { return pick("x", "1", "true") }
    let sign = below(8) == 0 ? "-" : ""
    switch below(9) {
    case 0: return sign + pick("1_000", "0.5", "1e-3", "96 MiB", "1 epoch", "2 steps", "0")
    case 1: return sign + pick("\"a\\n\\\"\"", "f32", "bool", "true", "\"\"")
    case 2: return sign + "(\(list { $0.expression() }))"
    case 3: return sign + "[\(list { $0.expression() })]"
    case 4: return sign + "\(name())(\(pick("", list { (w) in w.pick("", "k: ") + w.expression() })))"
    case 5: return sign + "\(name())[\(list { $0.expression() })]"
    case 6: return sign + "\(name()).\(name())"
    case _: return sign + name()
    }
  }

}
