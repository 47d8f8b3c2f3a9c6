package import Support

/// A line of a schedule.
package struct RuleSyntax: Sendable {

  /// The forms of rules.
  package enum Kind: Sendable {

    /// `name = value`.
    case setting(name: Name, value: Expression)

    /// `save h.*.scores, h.0.wide`.
    case selection(Fate, [SelectorSyntax])

  }

  /// What a rule demands for the values it selects.
  package enum Fate: String, Hashable, Sendable, CaseIterable {

    case save
    case recompute
    case offload

  }

  /// The form of the rule.
  package let kind: Kind

  /// The place of the rule.
  package let span: SourceSpan

  /// Creates a rule.
  package init(_ kind: Kind, at span: SourceSpan) {
    self.kind = kind
    self.span = span
  }

}

/// A pattern over the paths of values, as `h.{0..2}.** :: dropout`.
package struct SelectorSyntax: Sendable {

  /// The parts of the path, at least one.
  package let segments: [Segment]

  /// The operation that the value must come from, if any.
  package let operation: Name?

  /// The place of the selector.
  package let span: SourceSpan

  /// A part of a path.
  package struct Segment: Sendable {

    /// The forms of parts.
    package enum Kind: Hashable, Sendable {

      /// This name.
      case name(String)

      /// This index of a repetition.
      case index(Int)

      /// `*`: any one part.
      case any

      /// `**`: any number of parts, also none.
      case anyDepth

      /// `{lower..upper}` as written.
      case range(lower: Int, upper: Int)

    }

    /// The form of the part.
    package let kind: Kind

    /// The place of the part.
    package let span: SourceSpan

  }

}

extension SelectorSyntax: CustomStringConvertible {

  /// The selector as it may stand in a source.
  package var description: String {
    let path = segments.map(\.kind.description).joined(separator: ".")
    return operation.map { "\(path) :: \($0.text)" } ?? path
  }

}

extension SelectorSyntax.Segment.Kind: CustomStringConvertible {

  /// The part as it may stand in a source.
  package var description: String {
    switch self {
    case .name(let n): n
    case .index(let i): "\(i)"
    case .any: "*"
    case .anyDepth: "**"
    case .range(let lower, let upper): "{\(lower)..\(upper)}"
    }
  }

}
