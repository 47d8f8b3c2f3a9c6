import Support

/// How tightly an operator binds, the loosest first.
enum Precedence: Int, Comparable {

  case arrow
  case comparison
  case sum
  case term

  static func < (l: Self, r: Self) -> Bool { l.rawValue < r.rawValue }

}

extension Token.Kind {

  /// How tightly the sign binds as a binary operator, or `nil` if it is none.
  var precedence: Precedence? {
    if self == .arrow { return .arrow }
    if comparisonOperator != nil { return .comparison }
    if self == .plus || self == .minus { return .sum }
    return arithmeticOperator == nil ? nil : .term
  }

  /// `true` iff the sign is a binary operator.
  var isBinaryOperator: Bool { precedence != nil }

}

/// Operands and the operators between them, before precedence is known.
struct OperandSequence {

  private var operands: [Expression]

  /// The operator before each operand but the first.
  private var operators: [(kind: Token.Kind, span: SourceSpan)] = []

  /// The names given by `as`, each to the sum that ends with the operand at `index`.
  private var names: [(index: Int, name: Name)] = []

  init(_ first: Expression) { operands = [first] }

  /// The number of comparisons and arrows, each of which makes the tree higher.
  private(set) var looseCount = 0

  /// Adds an operator.
  mutating func append(_ kind: Token.Kind, _ span: SourceSpan) {
    operators.append((kind, span))
    if kind.arithmeticOperator == nil { looseCount += 1 }
  }

  /// Adds an operand.
  mutating func append(_ operand: Expression) { operands.append(operand) }

  /// Gives the sum that ends with the last operand a name.
  mutating func nameLast(_ name: Name) { names.append((operands.count - 1, name)) }

  /// Returns the expression.
  ///
  /// - Requires: there is one operator less than there are operands.
  /// - Complexity: O(*n*) in the number of operands.
  func folded() -> Expression {
    var names = names[...]
    let sums = parts(of: 0..<operands.count, above: .comparison).map { (range) in
      named(sum(range), range, &names)
    }
    var result: Expression?
    var comparison = sums[0].expression
    for (range, right) in sums.dropFirst() {
      let o = operators[range.lowerBound - 1].kind
      if let c = o.comparisonOperator {
        comparison = joined(.comparison(c, comparison, right), comparison, right)
      } else {
        result = arrow(result, comparison)
        comparison = right
      }
    }
    return arrow(result, comparison)
  }

  /// Returns `left -> right`, or `right` if there is nothing to its left.
  private func arrow(_ left: Expression?, _ right: Expression) -> Expression {
    left.map { joined(.arrow($0, right), $0, right) } ?? right
  }

  /// Returns an expression that covers `left` and `right`.
  private func joined(_ kind: Expression.Kind, _ left: Expression, _ right: Expression) -> Expression {
    Expression(kind, at: left.span.joined(with: right.span))
  }

  /// Returns `e`, the sum of the operands in `range`, with its name, the first of `names`, if it has one.
  private func named(
    _ e: Expression, _ range: Range<Int>, _ names: inout ArraySlice<(index: Int, name: Name)>
  ) -> (range: Range<Int>, expression: Expression) {
    guard let (index, name) = names.first, index == range.upperBound - 1 else { return (range, e) }
    names.removeFirst()
    return (range, Expression(.instance(e, name), at: e.span.joined(with: name.span)))
  }

  /// Returns the sum of the operands in `range`.
  private func sum(_ range: Range<Int>) -> Expression {
    let terms = parts(of: range, above: .sum)
    return chain(terms.map { (r) in (r.lowerBound, chain(r.map { ($0, operands[$0]) })) })
  }

  /// Returns the chain of `parts`, each with the index of its first operand.
  private func chain(_ parts: [(index: Int, expression: Expression)]) -> Expression {
    let first = parts[0].expression
    guard let last = parts.last?.expression, parts.count > 1 else { return first }
    var links: [ChainLink] = []
    for (index, e) in parts.dropFirst() {
      let (kind, span) = operators[index - 1]
      guard let o = kind.arithmeticOperator else { preconditionFailure("no arithmetic operator") }
      links.append(.init(operator: o, operatorSpan: span, operand: e))
    }
    return joined(.chain(first: first, links), first, last)
  }

  /// Returns `range` cut before each operand whose operator binds no tighter than `precedence`.
  private func parts(of range: Range<Int>, above precedence: Precedence) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = range.lowerBound
    for i in range.dropFirst() where operators[i - 1].kind.precedence ?? .arrow <= precedence {
      parts.append(start..<i)
      start = i
    }
    return parts + [start..<range.upperBound]
  }

}
