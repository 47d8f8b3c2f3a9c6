import Support
import Syntax

/// What the parser says of a text.
enum Verdict: Equatable {

  case accepted

  case rejected

  /// The text exceeds a limit, of which the grammar says nothing.
  case exceeding

  /// The codes of diagnostics about limits.
  static let limits: Set = [
    "CG0104", "CG0117", "CG0122", "CG0134", "CG0135", "CG0150", "CG0154",
  ]

  /// Creates the verdict on `text`.
  init(_ text: String) {
    let errors = parse(SourceFile(name: "x.cgm", text: text)).diagnostics.elements
    if errors.contains(where: { Self.limits.contains($0.code) }) {
      self = .exceeding
    } else {
      self = errors.isEmpty ? .accepted : .rejected
    }
  }

}
