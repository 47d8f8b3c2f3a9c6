import Operations
package import Support
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
  private static func replacements(of name: String, by near: String?, at span: SourceSpan) -> [FixIt] {
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

  /// Two dims that should be one.
  static func dimMismatch(
    _ what: String, _ found: SymbolicDim, _ expected: SymbolicDim, at span: SourceSpan, in types: String
  ) -> Diagnostic {
    var notes: [Note] = [.init(types)]
    if found.size == expected.size {
      notes.append(
        .init(
          "equal sizes under different names are different dims; write '\(expected.expression)' for '\(found.expression)'"
        ))
    }
    return .init(
      .error, "CG0203", "\(what): \(found) where \(expected) is expected", at: span,
      label: "\(found) is not \(expected)",
      notes: notes)
  }

  /// Shapes that do not broadcast.
  static func cannotBroadcast(
    _ sign: String, _ left: SymbolicType, _ right: SymbolicType, _ a: SymbolicDim, _ b: SymbolicDim, at span: SourceSpan
  ) -> Diagnostic {
    var notes: [Note] = [.init("left: \(left)"), .init("right: \(right)")]
    if a.size == b.size { notes.append(.init("equal sizes under different names are different dims")) }
    return .init(
      .error, "CG0204", "'\(sign)' of \(left) and \(right): \(a) and \(b) do not broadcast", at: span,
      label: "\(a) and \(b)", notes: notes)
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

/// The diagnostics of gradients, training and data.
extension Diagnostic {

  /// A file with nothing to train.
  static func noTrain() -> Diagnostic {
    .init(.error, "CG0401", "there is no 'train' block, so there is nothing to compile", at: nil)
  }

  /// A `train` block without a loss.
  static func noLoss(at span: SourceSpan) -> Diagnostic { .init(.error, "CG0402", "'train' must set 'loss'", at: span) }

  /// A loss that is not a scalar.
  static func lossNotScalar(_ type: SymbolicType, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0403", "a loss is a scalar f32[], not \(type)", at: span,
      notes: [.init("reduce it with 'mean' or 'sum'")])
  }

  /// A `train` block without an optimizer.
  static func noOptimizer(at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0404", "'train' must set 'optimizer', as in 'optimizer = sgd(lr: 0.1)'", at: span)
  }

  /// A parameter without a gradient.
  package static func unreachedParameter(_ path: String, at span: SourceSpan?) -> Diagnostic {
    .init(.error, "CG0405", "the loss does not depend on the parameter '\(path)', so it has no gradient", at: span)
  }

  /// A model without parameters.
  package static func nothingToTrain(at span: SourceSpan?) -> Diagnostic {
    .init(.error, "CG0406", "the model has no parameters, so there is nothing to train", at: span)
  }

  /// A setting that does not exist.
  static func unknownSetting(_ name: String, at span: SourceSpan, known: [String]) -> Diagnostic {
    let near = Suggestion.nearest(to: name, in: known)
    return .init(
      .error, "CG0407", "unknown setting '\(name)'", at: span,
      notes: [near.map { .init("did you mean '\($0)'?") } ?? .init("settings: \(known.joined(separator: ", "))")],
      fixIts: replacements(of: name, by: near, at: span))
  }

  /// Two settings of the length of training.
  static func lengthTwice(at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0409", "the length of training is set twice; give 'epochs' or 'steps', once", at: span)
  }

  /// A second batch of the same data in one step.
  static func secondBatch(_ data: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0604", "a step reads one batch of '\(data)', and this is a second", at: span,
      notes: [.init("keep the first one with 'let (x, y) = batch(\(data))' and use its parts")])
  }

  /// A setting whose value makes no sense.
  static func badSetting(_ name: String, _ expected: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0408", "'\(name)' takes \(expected)", at: span)
  }

  /// A source of data that does not exist.
  static func unknownSource(_ name: String, at span: SourceSpan) -> Diagnostic {
    let sources = DataDeclaration.Source.allCases.map(\.rawValue)
    let near = Suggestion.nearest(to: name, in: sources)
    return .init(
      .error, "CG0601", "unknown source of data '\(name)'", at: span,
      notes: [near.map { .init("did you mean '\($0)'?") } ?? .init("sources: \(sources.joined(separator: ", "))")],
      fixIts: replacements(of: name, by: near, at: span))
  }

  /// Arguments that a source of data does not take.
  static func badSource(_ message: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0602", message, at: span)
  }

  /// Evaluation on data of other types than training's.
  static func evaluationTypes(_ training: String, _ evaluation: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0603", "the evaluation data has other types than the training data", at: span,
      notes: [.init("training: \(training)"), .init("evaluation: \(evaluation)")])
  }

}
