import Support

extension TreeDump {

  mutating func add(_ item: Item) {
    switch item.kind {
    case .importItem(let path, let names):
      add("import \(path.map(\.text).joined(separator: "."))", item.span) { (d) in
        for n in names { d.add("name \(n.text)", n.span) }
      }
    case .dims(let dims):
      add("dims", item.span) { (d) in
        for x in dims { d.add("dim \(x.name.text)", x.span) { (d) in d.add(x.value) } }
      }
    case .letItem(let name, let value): add("let \(name.text)", item.span) { (d) in d.add(value) }
    case .data(let name, let type, let value):
      add("data \(name.text)", item.span) { (d) in
        d.add(type)
        d.add(value)
      }
    case .function(let f): add(f, item.span)
    case .train(let name, let body): add(label("train", name), item.span) { (d) in d.add(body.statements) }
    case .schedule(let name, let rules):
      add(label("schedule", name), item.span) { (d) in
        for r in rules { d.add(r) }
      }
    }
  }

  /// Returns `word` and `name`, if there is one.
  func label(_ word: String, _ name: Name?) -> String { name.map { "\(word) \($0.text)" } ?? word }

  private mutating func add(_ f: FunctionSyntax, _ span: SourceSpan) {
    add("\(f.kind.rawValue) \(f.name.text)", span) { (d) in
      for x in f.formals {
        d.add("formal \(x.name.text)", x.span) { (d) in
          d.add(x.type)
          d.add(x.defaultValue)
        }
      }
      d.add("result", f.result.span) { (d) in d.add(f.result) }
      d.add("body", f.body.span) { (d) in d.add(f.body.statements) }
    }
  }

  mutating func add(_ type: TypeSyntax) {
    switch type.kind {
    case .tensor(let element, let hasLeadingEllipsis, let dimensions):
      add("tensor \(element.rawValue)\(hasLeadingEllipsis ? " .." : "")", type.span) { (d) in d.add(dimensions) }
    case .dim: add("type dim", type.span)
    case .int: add("type int", type.span)
    case .float: add("type float", type.span)
    case .bool: add("type bool", type.span)
    case .tuple(let types):
      add("type tuple", type.span) { (d) in
        for t in types { d.add(t) }
      }
    }
  }

  private mutating func add(_ rule: RuleSyntax) {
    switch rule.kind {
    case .setting(let name, let value): add("setting \(name.text)", rule.span) { (d) in d.add(value) }
    case .selection(let fate, let selectors):
      add(fate.rawValue, rule.span) { (d) in
        for s in selectors { d.add("selector \(s)", s.span) }
      }
    }
  }

}
