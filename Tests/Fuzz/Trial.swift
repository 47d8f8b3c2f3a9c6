import Driver
import IR
import Semantics
import Support
import Syntax

/// What became of an input.
enum Outcome: String, CaseIterable {

  /// Its text is no model file.
  case noSyntax = "refused by the parser"

  /// It means nothing.
  case noModel = "refused by semantic analysis"

  /// It is a model.
  case model = "accepted"

  /// Its text is no plan.
  case noPlan = "refused by the reader"

  /// The plan must not be run.
  case unsafePlan = "refused by the verifier"

  /// The plan is accepted, and too large to be executed here.
  case plan = "accepted and not executed"

  /// The plan is accepted, and its data or a kernel ended the execution.
  case failedPlan = "ended with an error"

  case executedPlan = "executed"

}

/// Something that must not happen.
struct Violation: Error {

  let description: String

}

/// An input, taken through the compiler's first stages, and the checks of what they made of it.
struct Trial {

  let file: SourceFile

  private let tree: Tree

  private let found: DiagnosticSet

  private let loader: ProgramLoader

  private let model: LoweredModel?

  private let diagnostics: DiagnosticSet

  /// What the formatter made of it.
  let formatting: (text: String?, diagnostics: DiagnosticSet)

  /// Takes the input through parser, formatter and semantic analysis: this is what may not take a second.
  ///
  /// The input is a file in a folder that does not exist, so that it can import nothing but the standard library.
  init(_ bytes: [UInt8]) {
    file = SourceFile(name: "/no-such-folder/fuzz/input.cgm", bytes: bytes)
    (tree, found) = parse(file)
    formatting = formatted(file)
    loader = ProgramLoader(file)
    (model, diagnostics) = lower(loader.program)
  }

  /// Checks what the stages made of the input; the checks' own time is none of the compiler's.
  ///
  /// - Throws: if a span lies outside of its file, a refusal says nothing, or the IR is broken.
  func outcome() throws(Violation) -> Outcome {
    try checkSpans(of: tree)
    try check(found, SourceMap(file))
    try check(loader.diagnostics, loader.program.map)
    try checkFormatting(isModel: !found.hasErrors)
    try check(diagnostics, loader.program.map)
    if loader.diagnostics.hasErrors { return .noSyntax }
    try demand((model == nil) == diagnostics.hasErrors, "there is a model iff there are no errors")
    guard let model else { return .noModel }
    do throws(IRViolation) {
      try model.module.verify()
    } catch {
      throw Violation(description: "broken IR: \(error)")
    }
    return .model
  }

  /// Demands that the spans of the tree lie within the file.
  private func checkSpans(of tree: Tree) throws(Violation) {
    var outside: SourceSpan?
    tree.forEachNode { (node, _) in if !isInside(node.span, file) { outside = node.span } }
    if let outside { throw Violation(description: "a part of the tree at \(outside)") }
  }

  /// Demands that all that diagnostics point at lies within one file, and that they can be shown.
  private func check(_ set: DiagnosticSet, _ map: SourceMap) throws(Violation) {
    for d in set.elements {
      let spans = [d.span].compactMap(\.self) + d.notes.compactMap(\.span) + d.fixIts.map(\.span)
      for s in spans { try demand(isInside(s, map.file(at: s.start)), "\(d.code) points at \(s)") }
      try demand(d.span == nil || d.severity == .warning || !d.message.isEmpty, "\(d.code) says nothing")
    }
    try demand(set.elements.isEmpty == set.rendered(in: map).isEmpty, "diagnostics that show nothing")
  }

  private func isInside(_ s: SourceSpan, _ file: SourceFile) -> Bool {
    file.span.start <= s.start && s.start <= s.end && s.end <= file.span.end
  }

  /// Throws a violation unless `condition` is true.
  func demand(_ condition: Bool, _ description: String) throws(Violation) {
    if !condition { throw Violation(description: description) }
  }

}
