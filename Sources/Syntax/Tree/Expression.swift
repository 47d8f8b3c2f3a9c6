package import Support

/// An expression.
package struct Expression: Sendable {

  /// The forms of expressions.
  package indirect enum Kind: Sendable {

    /// `96 MiB`, `1e-3`, `1_000`.
    case number(NumberLiteral)

    /// A string, its escapes replaced.
    case string(String)

    /// A name.
    case name(String)

    /// The name of an element type, as in `tokens(path, dtype: u16)`.
    case elementType(ElementTypeName)

    /// `true` or `false`.
    case bool(Bool)

    /// `(a, b)` with at least two elements; one expression in parentheses is that expression.
    case tuple([Expression])

    /// `[a, b]` with at least one element.
    case list([Expression])

    /// `callee(a, label: b)`.
    case call(callee: Expression, arguments: [Argument])

    /// `base[i, j]` with at least one index.
    case subscripted(base: Expression, indices: [Expression])

    /// `base.name`.
    case member(base: Expression, Name)

    /// `-operand`.
    case negated(Expression)

    /// `first op operand op operand …` of one precedence, to be folded from the left.
    ///
    /// A long sum is thus one node, and no traversal need recurse along it. There is at least one link.
    case chain(first: Expression, [ChainLink])

    /// `left == right` and so on.
    case comparison(ComparisonOperator, Expression, Expression)

    /// `left -> right`, inside `rearrange`.
    case arrow(Expression, Expression)

    /// `expression as name`: the instance that the expression makes is called `name`.
    case instance(Expression, Name)

  }

  /// The form of the expression.
  package let kind: Kind

  /// The place of the expression, with the parentheses around it if any.
  package let span: SourceSpan

  /// The number of nodes on the longest way down, at most `Limits.height` in a parsed tree.
  package let height: Int

  /// Creates an expression.
  ///
  /// - Complexity: O(*n*) in the number of direct operands.
  package init(_ kind: Kind, at span: SourceSpan) {
    self.kind = kind
    self.span = span
    self.height = kind.height
  }

  /// Creates `other` at another place.
  init(_ other: Expression, at span: SourceSpan) {
    self.kind = other.kind
    self.span = span
    self.height = other.height
  }

}

extension Expression.Kind {

  /// The height of an expression of this form.
  fileprivate var height: Int {
    switch self {
    case .number, .string, .name, .elementType, .bool: 1
    case .tuple(let es), .list(let es): 1 + tallest(es)
    case .call(let callee, let arguments): 1 + max(callee.height, arguments.reduce(0) { max($0, $1.value.height) })
    case .subscripted(let base, let indices): 1 + max(base.height, tallest(indices))
    case .member(let e, _), .negated(let e), .instance(let e, _): 1 + e.height
    case .chain(let first, let links): 1 + links.reduce(first.height) { max($0, $1.operand.height) }
    case .comparison(_, let l, let r), .arrow(let l, let r): 1 + max(l.height, r.height)
    }
  }

  /// Returns the greatest height of `expressions`, or zero.
  private func tallest(_ expressions: [Expression]) -> Int { expressions.reduce(0) { max($0, $1.height) } }

}

/// An argument of a call.
package struct Argument: Sendable {

  /// The label, if any.
  package let label: Name?

  /// The value.
  package let value: Expression

}

/// An operator and its right operand in a chain.
package struct ChainLink: Sendable {

  /// The operator.
  package let `operator`: ArithmeticOperator

  /// The place of the operator.
  package let operatorSpan: SourceSpan

  /// The operand to the right of the operator.
  package let operand: Expression

}

/// The operators of arithmetic.
package enum ArithmeticOperator: String, Hashable, Sendable, CaseIterable {

  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case matmul = "@"
  case remainder = "%"

}

/// The operators that compare.
package enum ComparisonOperator: String, Hashable, Sendable, CaseIterable {

  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

}
