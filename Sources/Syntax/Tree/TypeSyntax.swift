package import Support

/// The written form of a type.
package struct TypeSyntax: Sendable {

  /// The forms of types.
  package indirect enum Kind: Sendable {

    /// `f32[.., B, D]`, where the ellipsis stands for any leading dimensions; a scalar is `f32[]`.
    case tensor(element: ElementTypeName, hasLeadingEllipsis: Bool, dimensions: [Expression])

    /// A dimension given as an argument.
    case dim

    /// An integer known to the compiler.
    case int

    /// A number known to the compiler.
    case float

    /// A truth value known to the compiler.
    case bool

    /// `(f32[B], i32[B])`; one type in parentheses is that type.
    case tuple([TypeSyntax])

  }

  /// The form of the type.
  package let kind: Kind

  /// The place of the type.
  package let span: SourceSpan

  /// Creates a type.
  package init(_ kind: Kind, at span: SourceSpan) {
    self.kind = kind
    self.span = span
  }

}

/// The names of element types, which no declaration may take.
package enum ElementTypeName: String, Hashable, Sendable, CaseIterable {

  case f64
  case f32
  case f16
  case bf16
  case i64
  case i32
  case u16
  case u8
  case bool

}
