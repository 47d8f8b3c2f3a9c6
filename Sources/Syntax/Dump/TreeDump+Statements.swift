import Support

extension TreeDump {

  mutating func add(_ statements: [Statement]) { for s in statements { add(s) } }

  private mutating func add(_ statement: Statement) {
    let span = statement.span
    switch statement.kind {
    case .param(let name, let type, let initializer): add("param", name, span, type, initializer)
    case .state(let name, let type, let value): add("state", name, span, type, value)
    case .layer(let name, let value): add("layer", name, span, nil, value)
    case .let(let names, let isTuple, let value):
      let list = names.map(\.text).joined(separator: ", ")
      add("let \(isTuple ? "(\(list))" : list)", span) { (d) in d.add(value) }
    case .var(let name, let value): add("var", name, span, nil, value)
    case .assign(let name, let o, let value): add("assign \(name.text) \(o.rawValue)", span) { (d) in d.add(value) }
    case .update(let name, let value): add("update", name, span, nil, value)
    case .metric(let name, let value): add("metric", name, span, nil, value)
    case .repeat(let variable, let count, let instance, let body):
      add(label(label("repeat", variable), prefix: "as", instance), span) { (d) in
        d.add(count)
        d.add("body", body)
      }
    case .if(let condition, let body, let otherwise):
      add("if", span) { (d) in
        d.add(condition)
        d.add("body", body)
        d.add("else", otherwise)
      }
    case .when(let phase, let body, let otherwise):
      add("when \(phase.rawValue)", span) { (d) in
        d.add("body", body)
        d.add("else", otherwise)
      }
    case .return(let value): add("return", span) { (d) in d.add(value) }
    }
  }

  /// Adds a statement that declares `name`.
  private mutating func add(
    _ keyword: String, _ name: Name, _ span: SourceSpan, _ type: TypeSyntax?, _ value: Expression?
  ) {
    add("\(keyword) \(name.text)", span) { (d) in
      if let t = type { d.add(t) }
      d.add(value)
    }
  }

  /// Adds a body, if there is one.
  private mutating func add(_ keyword: String, _ body: Body?) {
    if let b = body { add(keyword, b.span) { (d) in d.add(b.statements) } }
  }

  /// Returns `word`, and `prefix` and `name` if there is one.
  private func label(_ word: String, prefix: String, _ name: Name?) -> String {
    name.map { "\(word) \(prefix) \($0.text)" } ?? word
  }

}
