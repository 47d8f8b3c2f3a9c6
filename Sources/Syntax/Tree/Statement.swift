package import Support

/// Statements between braces.
package struct Body: Sendable {

  /// The statements in order.
  package let statements: [Statement]

  /// The place of the body, its braces included.
  package let span: SourceSpan

}

/// A statement of a body.
package struct Statement: Sendable {

  /// The forms of statements.
  package indirect enum Kind: Sendable {

    /// `param name: type ~ initializer`.
    case param(name: Name, type: TypeSyntax, initializer: Expression?)

    /// `state name: type = value`.
    case state(name: Name, type: TypeSyntax, value: Expression)

    /// `layer name = value`: one shared instance.
    case layer(name: Name, value: Expression)

    /// `let name = value` or `let (a, b) = value`, which is a tuple also with one name.
    case `let`(names: [Name], isTuple: Bool, value: Expression)

    /// `var name = value`.
    case `var`(name: Name, value: Expression)

    /// `name = value`, `name += value` and so on.
    case assign(name: Name, operator: AssignmentOperator, value: Expression)

    /// `update name = value`.
    case update(name: Name, value: Expression)

    /// `metric name = value`.
    case metric(name: Name, value: Expression)

    /// `repeat variable in count as instance { … }`.
    case `repeat`(variable: Name?, count: Expression, instance: Name?, body: Body)

    /// `if condition { … } else { … }`.
    case `if`(condition: Expression, body: Body, otherwise: Body?)

    /// `when training { … } else { … }`.
    case when(Phase, body: Body, otherwise: Body?)

    /// `return value`.
    case `return`(Expression)

  }

  /// The form of the statement.
  package let kind: Kind

  /// The place of the statement.
  package let span: SourceSpan

  /// Creates a statement.
  package init(_ kind: Kind, at span: SourceSpan) {
    self.kind = kind
    self.span = span
  }

}

/// The operators of assignments.
package enum AssignmentOperator: String, Hashable, Sendable, CaseIterable {

  case set = "="
  case add = "+="
  case subtract = "-="
  case multiply = "*="
  case divide = "/="

  /// The operator applied to the old value, or `nil` where the old value is not read.
  package var arithmetic: ArithmeticOperator? {
    switch self {
    case .set: nil
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    }
  }

}

/// The programs that a model is compiled to, as `when` names them.
package enum Phase: String, Hashable, Sendable, CaseIterable {

  case training
  case evaluation

}
