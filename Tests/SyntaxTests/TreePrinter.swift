import Syntax

/// Prints trees as sources, with parentheses around every expression that is not a single word.
enum TreePrinter {

  static func text(of tree: Tree) -> String { tree.items.map { text(of: $0) + "\n" }.joined() }

  private static func list<T>(_ elements: [T], _ print: (T) -> String) -> String {
    elements.map(print).joined(separator: ", ")
  }

  private static func optional<T>(_ prefix: String, _ element: T?, _ print: (T) -> String) -> String {
    element.map { prefix + print($0) } ?? ""
  }

  private static func text(of item: Item) -> String {
    switch item.kind {
    case .importItem(let path, let names):
      "import \(path.map(\.text).joined(separator: "."))"
        + (names.isEmpty ? "" : " (\(list(names, \.text)))")
    case .dims(let dims): "dim \(list(dims) { (d) in d.name.text + optional(" = ", d.value, text) })"
    case .letItem(let name, let value): "let \(name.text) = \(text(of: value))"
    case .data(let name, let type, let value): "data \(name.text): \(text(of: type)) = \(text(of: value))"
    case .function(let f):
      "\(f.kind.rawValue) \(f.name.text)"
        + "(\(list(f.formals) { (x) in "\(x.name.text): \(text(of: x.type))" + optional(" = ", x.defaultValue, text) }))"
        + " -> \(text(of: f.result)) \(text(of: f.body))"
    case .train(let name, let body): "train\(optional(" ", name, \.text)) \(text(of: body))"
    case .schedule(let name, let rules):
      "schedule\(optional(" ", name, \.text)) {\n\(rules.map { text(of: $0) + "\n" }.joined())}"
    }
  }

  private static func text(of type: TypeSyntax) -> String {
    switch type.kind {
    case .tensor(let element, let hasEllipsis, let dimensions):
      "\(element.rawValue)[\(((hasEllipsis ? [".."] : []) + dimensions.map(text)).joined(separator: ", "))]"
    case .dim: "dim"
    case .int: "int"
    case .float: "float"
    case .bool: "bool"
    case .tuple(let types): "(\(list(types, text)))"
    }
  }

  private static func text(of body: Body) -> String {
    "{\n\(body.statements.map { text(of: $0) + "\n" }.joined())}"
  }

  private static func text(of statement: Statement) -> String {
    switch statement.kind {
    case .param(let name, let type, let initializer):
      "param \(name.text): \(text(of: type))" + optional(" ~ ", initializer, text)
    case .state(let name, let type, let value): "state \(name.text): \(text(of: type)) = \(text(of: value))"
    case .layer(let name, let value): "layer \(name.text) = \(text(of: value))"
    case .let(let names, let isTuple, let value):
      "let \(isTuple ? "(\(list(names, \.text)))" : list(names, \.text)) = \(text(of: value))"
    case .var(let name, let value): "var \(name.text) = \(text(of: value))"
    case .assign(let name, let o, let value): "\(name.text) \(o.rawValue) \(text(of: value))"
    case .update(let name, let value): "update \(name.text) = \(text(of: value))"
    case .metric(let name, let value): "metric \(name.text) = \(text(of: value))"
    case .repeat(let variable, let count, let instance, let body):
      "repeat \(variable.map { "\($0.text) in " } ?? "")\(text(of: count))\(optional(" as ", instance, \.text)) "
        + text(of: body)
    case .if(let condition, let body, let otherwise):
      "if \(text(of: condition)) \(text(of: body))" + optional(" else ", otherwise, text)
    case .when(let phase, let body, let otherwise):
      "when \(phase.rawValue) \(text(of: body))" + optional(" else ", otherwise, text)
    case .return(let value): "return \(text(of: value))"
    }
  }

  private static func text(of e: Expression) -> String {
    switch e.kind {
    case .number(let n): "(\(n))"
    case .string(let s): quoted(s)
    case .name(let n): n
    case .elementType(let t): t.rawValue
    case .bool(let b): "\(b)"
    case .tuple(let es): "(\(list(es, text)))"
    case .list(let es): "[\(list(es, text))]"
    case .call(let callee, let arguments):
      "\(text(of: callee))(\(list(arguments) { (a) in (a.label.map { "\($0.text): " } ?? "") + text(of: a.value) }))"
    case .subscripted(let base, let indices): "\(text(of: base))[\(list(indices, text))]"
    case .member(let base, let name): "\(text(of: base)).\(name.text)"
    case .negated(let operand): "(-\(text(of: operand)))"
    case .chain(let first, let links):
      "(\(text(of: first))\(links.map { " \($0.operator.rawValue) \(text(of: $0.operand))" }.joined()))"
    case .comparison(let o, let l, let r): "(\(text(of: l)) \(o.rawValue) \(text(of: r)))"
    case .arrow(let l, let r): "(\(text(of: l)) -> \(text(of: r)))"
    case .instance(let operand, let name): "(\(text(of: operand)) as \(name.text))"
    }
  }

  private static func text(of rule: RuleSyntax) -> String {
    switch rule.kind {
    case .setting(let name, let value): "\(name.text) = \(text(of: value))"
    case .selection(let fate, let selectors): "\(fate.rawValue) \(list(selectors, \.description))"
    }
  }

}
