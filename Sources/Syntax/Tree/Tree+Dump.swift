package import Support

extension Tree {

  /// Returns the tree as text: one node a line, children two blanks further in, each with the place where it starts.
  ///
  ///     block Dense @3:1
  ///       formal x @3:13
  ///         tensor f32 @3:16
  ///
  /// Places are left out if there is no `file`. The text depends on the tree alone.
  ///
  /// - Complexity: O(*n*) in the size of the tree, times the length of the lines.
  package func dump(in file: SourceFile?) -> String {
    var text = ""
    forEachNode { (node, depth) in
      text += String(repeating: "  ", count: depth) + node.label
      if let p = file?.position(at: node.span.start) { text += " @\(p.line):\(p.column)" }
      text += "\n"
    }
    return text
  }

}

extension TreeNode {

  /// What the part is, without its children.
  package var label: String {
    switch self {
    case .item(let i): i.label
    case .dim(let d): "dim \(d.name.text)"
    case .formal(let f): "formal \(f.name.text)"
    case .result: "result"
    case .type(let t): t.label
    case .body(let role, _): role
    case .statement(let s): s.label
    case .expression(let e): e.label
    case .link(let l): "operator \(l.operator.rawValue)"
    case .argument(let label, _): "argument \(label.text)"
    case .rule(let r): r.label
    case .selector(let s): "selector \(s)"
    case .name(let n): "name \(n.text)"
    }
  }

}

extension Item {

  fileprivate var label: String {
    switch kind {
    case .importItem(let path, _): "import \(path.map(\.text).joined(separator: "."))"
    case .dims: "dims"
    case .letItem(let name, _): "let \(name.text)"
    case .data(let name, _, _): "data \(name.text)"
    case .function(let f): "\(f.kind.rawValue) \(f.name.text)"
    case .train(let name, _): "train" + suffix(name)
    case .schedule(let name, _): "schedule" + suffix(name)
    }
  }

}

/// Returns a blank, `word` if there is one and `name`; nothing if there is no name.
private func suffix(_ name: Name?, after word: String = "") -> String { name.map { " \(word)\($0.text)" } ?? "" }

extension TypeSyntax {

  fileprivate var label: String {
    switch kind {
    case .tensor(let element, let hasEllipsis, _): "tensor \(element.rawValue)\(hasEllipsis ? " .." : "")"
    case .dim: "type dim"
    case .int: "type int"
    case .float: "type float"
    case .bool: "type bool"
    case .tuple: "type tuple"
    }
  }

}

extension Statement {

  fileprivate var label: String {
    switch kind {
    case .param(let name, _, _): "param \(name.text)"
    case .state(let name, _, _): "state \(name.text)"
    case .layer(let name, _): "layer \(name.text)"
    case .let(let names, let isTuple, _): "let \(isTuple ? "(\(Self.list(names)))" : Self.list(names))"
    case .var(let name, _): "var \(name.text)"
    case .assign(let name, let o, _): "assign \(name.text) \(o.rawValue)"
    case .update(let name, _): "update \(name.text)"
    case .metric(let name, _): "metric \(name.text)"
    case .repeat(let variable, _, let instance, _): "repeat" + suffix(variable) + suffix(instance, after: "as ")
    case .if: "if"
    case .when(let phase, _, _): "when \(phase.rawValue)"
    case .return: "return"
    }
  }

  private static func list(_ names: [Name]) -> String { names.map(\.text).joined(separator: ", ") }

}

extension Expression {

  fileprivate var label: String {
    switch kind {
    case .number(let n): "number \(n)"
    case .string(let s): "string \(quoted(s))"
    case .name(let n): "name \(n)"
    case .elementType(let e): "element type \(e.rawValue)"
    case .bool(let b): "bool \(b)"
    case .tuple: "tuple"
    case .list: "list"
    case .call: "call"
    case .subscripted: "subscript"
    case .member(_, let name): "member \(name.text)"
    case .negated: "negated"
    case .chain: "chain"
    case .comparison(let o, _, _): "comparison \(o.rawValue)"
    case .arrow: "arrow"
    case .instance(_, let name): "instance \(name.text)"
    }
  }

}

extension RuleSyntax {

  fileprivate var label: String {
    switch kind {
    case .setting(let name, _): "setting \(name.text)"
    case .selection(let fate, _): fate.rawValue
    }
  }

}

/// Returns `text` in quotes, with escapes, as it may stand in a source.
package func quoted(_ text: String) -> String {
  var result = "\""
  for s in text.unicodeScalars {
    switch s {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case _: result.unicodeScalars.append(s)
    }
  }
  return result + "\""
}
