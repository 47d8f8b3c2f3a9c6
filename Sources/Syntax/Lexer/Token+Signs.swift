extension Token.Kind {

  /// Returns the sign that starts with `first`, of two characters if `second` fits, and its length; `nil` if none does.
  static func sign(_ first: UInt8, _ second: UInt8?) -> (kind: Token.Kind, length: Int)? {
    if let s = second, let k = pair(Unicode.Scalar(first), Unicode.Scalar(s)) { return (k, 2) }
    return single(Unicode.Scalar(first)).map { ($0, 1) }
  }

  private static func pair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Token.Kind? {
    switch (first, second) {
    case (":", ":"): .doubleColon
    case (".", "."): .doubleDot
    case ("+", "="): .plusEqual
    case ("-", "="): .minusEqual
    case ("*", "="): .starEqual
    case ("/", "="): .slashEqual
    case ("=", "="): .doubleEqual
    case ("!", "="): .notEqual
    case ("<", "="): .lessEqual
    case (">", "="): .greaterEqual
    case ("-", ">"): .arrow
    case ("*", "*"): .doubleStar
    case _: nil
    }
  }

  private static func single(_ first: Unicode.Scalar) -> Token.Kind? {
    switch first {
    case "(": .leftParenthesis
    case ")": .rightParenthesis
    case "[": .leftBracket
    case "]": .rightBracket
    case "{": .leftBrace
    case "}": .rightBrace
    case ",": .comma
    case ":": .colon
    case ".": .dot
    case "=": .equal
    case "<": .less
    case ">": .greater
    case "+": .plus
    case "-": .minus
    case "*": .star
    case "/": .slash
    case "@": .at
    case "%": .percent
    case "~": .tilde
    case _: nil
    }
  }

}
