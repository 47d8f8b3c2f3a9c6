import Operations
import Support
import Syntax

/// The diagnostics of names, dims and shapes.
extension Diagnostic {

  /// A construct of the language that this version does not compile.
  static func notSupportedYet(_ what: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0190", "\(what) is not supported yet", at: span)
  }

  /// A name that nothing declares.
  static func unknownName(_ name: String, at span: SourceSpan, candidates: [String]) -> Diagnostic {
    let near = Suggestion.nearest(to: name, in: candidates)
    return .init(
      .error, "CG0201", "unknown name '\(name)'", at: span,
      notes: near.map { [.init("did you mean '\($0)'?")] } ?? [],
      fixIts: replacements(of: name, by: near, at: span))
  }

  /// Returns the replacement of `name`, which stands at `span`, by the name nearest to it, if there is one.
  static func replacements(of name: String, by near: String?, at span: SourceSpan) -> [FixIt] {
    near.map { [.init("replace '\(name)' with '\($0)'", replacing: span, with: $0)] } ?? []
  }

  /// A parameter or an input whose path something else in the program has.
  static func pathTaken(_ path: String, at span: SourceSpan, earlier: SourceSpan?) -> Diagnostic {
    .init(
      .error, "CG0223", "the path '\(path)' is taken by another value, or is a word of plans", at: span,
      notes: (earlier.map { [.init("it is declared here", at: $0)] } ?? [])
        + [.init("choose another name, or name the instances with 'as'")])
  }

  /// A name declared twice in one scope.
  static func redeclared(_ name: String, at span: SourceSpan, earlier: SourceSpan?) -> Diagnostic {
    .init(
      .error, "CG0202", "'\(name)' is declared twice", at: span,
      notes: earlier.map { [.init("the first declaration is here", at: $0)] } ?? [])
  }

  /// An operation that does not apply to the types of its operands.
  static func doesNotApply(_ e: ShapeError, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0205", e.description, at: span)
  }

  /// A size that is not a positive whole number.
  static func notADim(_ found: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0206", "expected a positive whole number, not \(found)", at: span)
  }

  /// A dim without a size.
  static func dimWithoutSize(_ name: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0207", "the dim '\(name)' has no size; give it one with --dim \(name)=SIZE", at: span)
  }

  /// Arithmetic on dims without a result.
  static func dimArithmetic(_ l: SymbolicDim, _ sign: String, _ r: SymbolicDim, _ why: String, at span: SourceSpan)
    -> Diagnostic
  {
    .init(.error, "CG0208", "(\(l.brief)) \(sign) (\(r.brief)) \(why)", at: span)
  }

  /// A type beyond the limits.
  static func typeTooLarge(_ t: SymbolicType, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0209",
      "\(t) is too large: at most \(TensorType.rankLimit) axes and \(ByteCount(TensorType.byteLimit)) are possible",
      at: span)
  }

  /// An expression of the wrong kind.
  static func expected(_ what: String, found: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0210", "expected \(what), not \(found)", at: span)
  }

  /// A `--dim` that names no declared dim, or one that others derive.
  static func dimOverride(_ name: String, _ why: String) -> Diagnostic {
    .init(.error, "CG0211", "--dim \(name): \(why)", at: nil)
  }

  /// Arguments that do not fit the formals.
  static func badArguments(_ message: String, at span: SourceSpan, form: String) -> Diagnostic {
    .init(.error, "CG0212", message, at: span, notes: form.isEmpty ? [] : [.init("it is called as \(form)")])
  }

  /// A tuple of the wrong length.
  static func tupleCount(expected: Int, found: Int, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0213", "\(expected) names for \(found) values", at: span)
  }

  /// More than the compiler is willing to unroll.
  static func tooMuch(_ what: String, limit: Int, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0214", "more than \(limit) \(what)", at: span)
  }

  /// A block that contains itself.
  static func recursion(_ name: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0215", "'\(name)' contains itself", at: span, notes: [.init("models have no recursion; use 'repeat'")])
  }

  /// Two instances of one path.
  static func duplicateInstance(_ name: String, at span: SourceSpan, earlier: SourceSpan, mend: FixIt) -> Diagnostic {
    .init(
      .error, "CG0216", "two instances are called '\(name)' here", at: span,
      notes: [.init("the other one is here", at: earlier)], fixIts: [mend])
  }

  /// A name behind `as` where there is no instance.
  static func noInstance(_ name: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0222", "'as \(name)' names an instance of a block, and this is no call of one", at: span,
      notes: [.init("a value is named with 'let \(name) = …'")])
  }

  /// An assignment to a name that nothing declares.
  static func unknownVariable(_ name: String, at span: SourceSpan, candidates: [String]) -> Diagnostic {
    let near = Suggestion.nearest(to: name, in: candidates)
    return .init(
      .error, "CG0201", "unknown name '\(name)'", at: span,
      notes: [.init(near.map { "did you mean '\($0)'?" } ?? "a new name is declared with 'let' or 'var'")],
      fixIts: replacements(of: name, by: near, at: span))
  }

  /// An assignment to what is not a variable.
  static func notAVariable(_ name: String, at span: SourceSpan, declared: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0217", "'\(name)' is not a variable; declare it with 'var'", at: span,
      notes: [.init("it is declared here", at: declared)])
  }

  /// A body without a result.
  static func noReturn(_ name: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0218", "'\(name)' comes to its end without a 'return'", at: span)
  }

  /// Statements that can never be reached.
  static func afterReturn(at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0219", "nothing may stand after 'return'", at: span)
  }

  /// A statement in a place where it means nothing.
  static func misplaced(_ what: String, _ place: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0220", "\(what) belongs in \(place)", at: span)
  }

  /// An initializer that does not exist or has other arguments.
  static func badInitializer(_ name: String, at span: SourceSpan) -> Diagnostic {
    let near = Suggestion.nearest(to: name, in: Initializer.names)
    return .init(
      .error, "CG0221", "no initializer '\(name)' with these arguments", at: span,
      notes: [
        near.map { .init("did you mean '\($0)'?") }
          ?? .init(
            "zeros(), ones(), constant(0.5), normal(mean: 0, std: 0.02), uniform(low: -1, high: 1), kaiming(), xavier()"
          )
      ])
  }

}
