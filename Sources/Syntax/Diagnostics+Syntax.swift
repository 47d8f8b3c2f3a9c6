import Support

/// The diagnostics of the parser, CG0101 to CG0129.
extension Diagnostic {

  static func expectedItem(found: String, at span: SourceSpan, intended: String? = nil) -> Diagnostic {
    .syntax("CG0101", "expected an item, found \(found)", at: span, intended: intended) {
      "an item is import, dim, let, data, func, block, model, train or schedule"
    }
  }

  static func expectedStatement(found: String, at span: SourceSpan, intended: String? = nil) -> Diagnostic {
    .syntax("CG0102", "expected a statement, found \(found)", at: span, intended: intended) {
      "a statement is an assignment or starts with param, state, layer, let, var, update, metric, repeat, if, when or return"
    }
  }

  static func expectedExpression(found: String, at span: SourceSpan, _ kind: Token.Kind) -> Diagnostic {
    let note =
      switch kind {
      case .doubleStar: "a power is written pow(x, n)"
      case .dot: "a number starts with a digit, as in 0.5"
      case .rightParenthesis, .rightBracket: "no comma may stand before a closing bracket, and there is no ()"
      case _: ""
      }
    let notes = note.isEmpty ? [] : [Note(note)]
    return .init(.error, "CG0103", "expected an expression, found \(found)", at: span, notes: notes)
  }

  static func nestedTooDeeply(at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0104", "brackets, bodies or operators are nested too deeply", at: span,
      notes: [.init("at most \(Limits.nesting) deep; give a part of it a name with 'let'")])
  }

  static func expectedType(found: String, at span: SourceSpan, intended: String? = nil) -> Diagnostic {
    .syntax("CG0105", "expected a type, found \(found)", at: span, intended: intended) {
      "a type is f32[B, D] and the like, dim, int, float, bool or a tuple of types"
    }
  }

  static func expectedName(of what: String, found: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0106", "expected the name of \(what), found \(found)", at: span)
  }

  static func expectedSign(_ sign: String, _ purpose: String, found: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0107", "expected \(sign) \(purpose), found \(found)", at: span)
  }

  static func unclosedBracket(
    _ sign: String, after element: String, found: String, at span: SourceSpan, _ opening: SourceSpan
  ) -> Diagnostic {
    .init(
      .error, "CG0108", "expected ',' or \(sign) after the \(element), found \(found)", at: span,
      notes: [.init("the bracket is opened here", at: opening)])
  }

  static func expectedEndOfLine(after what: String, found: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0109", "expected the end of the line after the \(what), found \(found)", at: span,
      notes: found == Token.Kind.doubleStar.description ? [.init("a power is written pow(x, n)")] : [])
  }

  static func expectedRule(found: String, at span: SourceSpan, intended: String? = nil) -> Diagnostic {
    .syntax("CG0110", "expected a rule, found \(found)", at: span, intended: intended) {
      "a rule is a setting, as checkpoint = sqrt(), or starts with save, recompute or offload"
    }
  }

  static func expectedSelector(found: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0111", "expected a part of a path, found \(found)", at: span,
      notes: [.init("a part is a name, an index, *, ** or a range such as {0..2}")])
  }

  static func unexpectedClosingBrace(at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0112", "no body is open that '}' could close", at: span)
  }

  static func unclosedBody(found: String, at span: SourceSpan, _ opening: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0113", "expected '}', found \(found)", at: span, notes: [.init("the body is opened here", at: opening)]
    )
  }

  static func elseOnItsOwnLine(at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0114", "'else' must stand on the line of the '}' before it", at: span)
  }

  static func elseIf(at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0123", "expected '{' after 'else', found 'if'", at: span,
      notes: [.init("write else { if … { … } }, or swap the branches")])
  }

  static func expectedPhase(found: String, at span: SourceSpan, intended: String?) -> Diagnostic {
    .syntax("CG0115", "expected 'training' or 'evaluation' after 'when', found \(found)", at: span, intended: intended)
    {
      nil
    }
  }

  static func unknownUnit(_ word: String, at span: SourceSpan, intended: String?) -> Diagnostic {
    .syntax("CG0116", "unknown unit '\(word)'", at: span, intended: intended) {
      "a unit is \(UnitName.allCases.map(\.rawValue).joined(separator: ", ")); a product is written with *"
    }
  }

  static func numberOutOfRange(at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0117", "number out of range", at: span,
      notes: [.init("an integer is at most \(Int.max), any other number at most \(Double.greatestFiniteMagnitude)")])
  }

  static func reservedName(_ name: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0118", "'\(name)' is reserved and cannot be a name", at: span)
  }

  static func misplacedStatement(_ keyword: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0119", "'\(keyword)' starts a statement, which may only stand in a body", at: span,
      notes: [.init("a '}' before it may be one too many")])
  }

  static func expectedShape(_ element: String, found: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0120", "expected '[' after '\(element)', found \(found)", at: span,
      notes: [.init("a scalar is written \(element)[]")])
  }

  static func expectedInteger(_ what: String, found: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0121", "expected an integer for \(what), found \(found)", at: span)
  }

  static func tooManyErrors(at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0122", "too many errors; the rest of the file was not read", at: span)
  }

  /// Returns an error that asks for `intended`, or else notes what `remark` returns.
  private static func syntax(
    _ code: String, _ message: String, at span: SourceSpan, intended: String?, remark: () -> String?
  ) -> Diagnostic {
    guard let word = intended else {
      return .init(.error, code, message, at: span, notes: remark().map { [.init($0)] } ?? [])
    }
    return .init(
      .error, code, "\(message); did you mean '\(word)'?", at: span, label: "did you mean '\(word)'?",
      fixIts: [.init("write '\(word)'", replacing: span, with: word)])
  }

}
