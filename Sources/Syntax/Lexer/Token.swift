import Support

/// A word, literal or sign of the source.
struct Token {

  /// The kinds of tokens.
  enum Kind: UInt8 {

    case name
    case integer
    case float
    case string

    /// Something that was reported already.
    case invalid

    /// The end of a line where it ends a statement.
    case newline

    case endOfFile
    case leftParenthesis
    case rightParenthesis
    case leftBracket
    case rightBracket
    case leftBrace
    case rightBrace
    case comma
    case colon
    case doubleColon
    case dot
    case doubleDot
    case equal
    case plusEqual
    case minusEqual
    case starEqual
    case slashEqual
    case doubleEqual
    case notEqual
    case less
    case lessEqual
    case greater
    case greaterEqual
    case plus
    case minus
    case star
    case doubleStar
    case slash
    case at
    case percent
    case arrow
    case tilde

  }

  let kind: Kind

  let span: SourceSpan

  /// `true` iff no other token stands before this one on its line.
  let startsLine: Bool

  /// The text of a name; empty for other kinds.
  let text: String

}

extension Token.Kind {

  /// The kind as messages call it.
  var description: String {
    switch self {
    case .name: "a name"
    case .integer: "an integer"
    case .float: "a number"
    case .string: "a string"
    case .invalid: "an invalid character"
    case .newline: "the end of the line"
    case .endOfFile: "the end of the file"
    case .leftParenthesis: "'('"
    case .rightParenthesis: "')'"
    case .leftBracket: "'['"
    case .rightBracket: "']'"
    case .leftBrace: "'{'"
    case .rightBrace: "'}'"
    case .comma: "','"
    case .colon: "':'"
    case .doubleColon: "'::'"
    case .dot: "'.'"
    case .doubleDot: "'..'"
    case .equal: "'='"
    case .plusEqual: "'+='"
    case .minusEqual: "'-='"
    case .starEqual: "'*='"
    case .slashEqual: "'/='"
    case .doubleEqual: "'=='"
    case .notEqual: "'!='"
    case .less: "'<'"
    case .lessEqual: "'<='"
    case .greater: "'>'"
    case .greaterEqual: "'>='"
    case .plus: "'+'"
    case .minus: "'-'"
    case .star: "'*'"
    case .doubleStar: "'**'"
    case .slash: "'/'"
    case .at: "'@'"
    case .percent: "'%'"
    case .arrow: "'->'"
    case .tilde: "'~'"
    }
  }

  /// The sign of an assignment, or `nil`.
  var assignmentOperator: AssignmentOperator? {
    if self == .equal { return .set }
    if self == .plusEqual { return .add }
    if self == .minusEqual { return .subtract }
    if self == .starEqual { return .multiply }
    return self == .slashEqual ? .divide : nil
  }

  /// The sign of a comparison, or `nil`.
  var comparisonOperator: ComparisonOperator? {
    if self == .doubleEqual { return .equal }
    if self == .notEqual { return .notEqual }
    if self == .less { return .less }
    if self == .lessEqual { return .lessOrEqual }
    if self == .greater { return .greater }
    return self == .greaterEqual ? .greaterOrEqual : nil
  }

  /// The sign of arithmetic, or `nil`.
  var arithmeticOperator: ArithmeticOperator? {
    if self == .plus { return .add }
    if self == .minus { return .subtract }
    if self == .star { return .multiply }
    if self == .slash { return .divide }
    if self == .at { return .matmul }
    return self == .percent ? .remainder : nil
  }

}
