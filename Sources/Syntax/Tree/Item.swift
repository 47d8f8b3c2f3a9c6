package import Support

/// A declaration at the level of the file.
package struct Item: Sendable {

  /// What an item declares.
  package enum Kind: Sendable {

    /// `import std.nn (Linear, MLP)`; no names stand for all of them.
    case importItem(path: [Name], names: [Name])

    /// `dim B = 128, T`.
    case dims([DimDefinition])

    /// `let name = value`.
    case letItem(name: Name, value: Expression)

    /// `data name: type = value`.
    case data(name: Name, type: TypeSyntax, value: Expression)

    /// A `func`, `block` or `model`.
    case function(FunctionSyntax)

    /// `train name { … }`.
    case train(name: Name?, body: Body)

    /// `schedule name { … }`.
    case schedule(name: Name?, rules: [RuleSyntax])

  }

  /// What the item declares.
  package let kind: Kind

  /// The place of the item, its keyword included.
  package let span: SourceSpan

  /// Creates an item.
  package init(_ kind: Kind, at span: SourceSpan) {
    self.kind = kind
    self.span = span
  }

}

/// A dimension declared by `dim`.
package struct DimDefinition: Sendable {

  /// The dimension's name.
  package let name: Name

  /// The size, or `nil` where it must come from the command line.
  package let value: Expression?

  /// The place of the name and the value.
  package let span: SourceSpan

}

/// A `func`, `block` or `model`.
package struct FunctionSyntax: Sendable {

  /// What a function may own.
  package enum Kind: String, Sendable, CaseIterable {

    /// Pure.
    case function = "func"

    /// May own parameters and state.
    case block

    /// A root.
    case model

  }

  /// What the function may own.
  package let kind: Kind

  /// The function's name.
  package let name: Name

  /// The formal parameters.
  package let formals: [Formal]

  /// The type of the result.
  package let result: TypeSyntax

  /// The statements.
  package let body: Body

}

/// A formal parameter of a function.
package struct Formal: Sendable {

  /// The parameter's name, which is also its label.
  package let name: Name

  /// The parameter's type.
  package let type: TypeSyntax

  /// The value of an argument that is left out.
  package let defaultValue: Expression?

  /// The place of the name, the type and the default.
  package let span: SourceSpan

}
