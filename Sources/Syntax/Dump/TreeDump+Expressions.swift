import Support

extension TreeDump {

  /// Adds an expression, if there is one.
  mutating func add(_ expression: Expression?) { if let e = expression { add(e) } }

  mutating func add(_ expressions: [Expression]) { for e in expressions { add(e) } }

  mutating func add(_ expression: Expression) {
    let span = expression.span
    switch expression.kind {
    case .number(let n): add("number \(n)", span)
    case .string(let s): add("string \(quoted(s))", span)
    case .name(let n): add("name \(n)", span)
    case .elementType(let e): add("element type \(e.rawValue)", span)
    case .bool(let b): add("bool \(b)", span)
    case .tuple(let es): add("tuple", span) { (d) in d.add(es) }
    case .list(let es): add("list", span) { (d) in d.add(es) }
    case .call(let callee, let arguments):
      add("call", span) { (d) in
        d.add(callee)
        for a in arguments { d.add(a) }
      }
    case .subscripted(let base, let indices):
      add("subscript", span) { (d) in
        d.add(base)
        d.add(indices)
      }
    case .member(let base, let name): add("member \(name.text)", span) { (d) in d.add(base) }
    case .negated(let operand): add("negated", span) { (d) in d.add(operand) }
    case .chain(let first, let links):
      add("chain", span) { (d) in
        d.add(first)
        for l in links { d.add("operator \(l.operator.rawValue)", l.operatorSpan) { (d) in d.add(l.operand) } }
      }
    case .comparison(let o, let l, let r): add("comparison \(o.rawValue)", span) { (d) in d.add([l, r]) }
    case .arrow(let l, let r): add("arrow", span) { (d) in d.add([l, r]) }
    case .instance(let e, let name): add("instance \(name.text)", span) { (d) in d.add(e) }
    }
  }

  private mutating func add(_ argument: Argument) {
    guard let label = argument.label else { return add(argument.value) }
    add("argument \(label.text)", label.span) { (d) in d.add(argument.value) }
  }

}

extension NumberLiteral: CustomStringConvertible {

  /// The value, exactly, and the unit.
  package var description: String {
    let digits = integer.map(String.init) ?? value.description
    return unit.map { "\(digits) \($0.rawValue)" } ?? digits
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
