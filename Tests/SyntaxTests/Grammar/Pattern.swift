/// A part of the right side of a production.
///
/// Where a sentence has a choice, the pattern has a number of its own in the grammar, so that choices can be counted.
indirect enum Pattern: Sendable {

  /// `"x"`: this text.
  case text(String)

  /// What another production describes, or a token.
  case symbol(String)

  /// `? x ?`: what the words say.
  case prose(String)

  case sequence([Pattern])

  /// `x | y`
  case choice(Int, [Pattern])

  /// `[ x ]`
  case optional(Int, Pattern)

  /// `{ x }`
  case repetition(Int, Pattern)

}

extension Pattern {

  /// Calls `action` with the pattern and all it is made of, the outermost first.
  func forEachPart(_ action: (Pattern) -> Void) {
    action(self)
    switch self {
    case .text, .symbol, .prose: break
    case .sequence(let parts), .choice(_, let parts): for p in parts { p.forEachPart(action) }
    case .optional(_, let part), .repetition(_, let part): part.forEachPart(action)
    }
  }

}
