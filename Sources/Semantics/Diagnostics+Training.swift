import Operations
package import Support
import Syntax

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
    .init(
      .error, "CG0405", "the loss does not depend on the parameter '\(path)', so it has no gradient", at: span,
      notes: [.init("use it, or freeze it with 'freeze = \"\(path)\"' in 'train'")])
  }

  /// A model without parameters, or with none that training may change.
  package static func nothingToTrain(isFrozen: Bool, at span: SourceSpan?) -> Diagnostic {
    let what = isFrozen ? "all parameters of the model are frozen" : "the model has no parameters"
    return .init(.error, "CG0406", "\(what), so there is nothing to train", at: span)
  }

  /// A pattern of `freeze` that selects no parameter.
  static func freezesNothing(_ pattern: String, _ paths: [String], at span: SourceSpan) -> Diagnostic {
    let near = nearest(to: pattern, among: paths)
    return .init(
      .error, "CG0411", "'freeze' selects no parameter: \(pattern)", at: span,
      notes: near.map { [.init("did you mean '\($0)'?")] } ?? [],
      fixIts: near.map { [.init("write \"\($0)\"", replacing: span, with: "\"\($0)\"")] } ?? [])
  }

  /// Returns what was meant by `pattern`: all below it if it is where parameters lie, or else the path, or the pattern of
  /// paths, that is most like it.
  private static func nearest(to pattern: String, among paths: [String]) -> String? {
    if paths.contains(where: { $0.hasPrefix(pattern + ".") }) { return "\(pattern).**" }
    let patterns = paths.map { (p) in
      p.split(separator: ".").map { Int($0) == nil ? String($0) : "*" }.joined(separator: ".")
    }
    return Suggestion.nearest(to: pattern, in: paths + patterns)
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

  /// Tokens of another shape than their source gives.
  static func badTokens(_ message: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0605", message, at: span)
  }

  /// Columns of a table that do not make up an example.
  static func badColumns(_ message: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0606", message, at: span)
  }

  /// Evaluation on data of other types than training's.
  static func evaluationTypes(_ training: String, _ evaluation: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0603", "the evaluation data has other types than the training data", at: span,
      notes: [.init("training: \(training)"), .init("evaluation: \(evaluation)")])
  }

  /// A `--train` that the file does not have.
  static func noSuchTrain(_ name: String, known: [String]) -> Diagnostic {
    let near = Suggestion.nearest(to: name, in: known).map { "; did you mean '\($0)'?" } ?? ""
    return .init(.error, "CG0410", "there is no 'train' block called '\(name)'\(near)", at: nil)
  }

}
