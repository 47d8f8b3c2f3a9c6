package import Support

/// Any part of a tree, for what treats all parts alike.
package enum TreeNode: Sendable {

  case item(Item)
  case dim(DimDefinition)
  case formal(Formal)
  case result(TypeSyntax)
  case type(TypeSyntax)
  case body(String, Body)
  case statement(Statement)
  case expression(Expression)
  case link(ChainLink)
  case argument(Name, Expression)
  case rule(RuleSyntax)
  case selector(SelectorSyntax)
  case name(Name)

  /// The place of the part.
  package var span: SourceSpan {
    switch self {
    case .item(let i): i.span
    case .dim(let d): d.span
    case .formal(let f): f.span
    case .result(let t), .type(let t): t.span
    case .body(_, let b): b.span
    case .statement(let s): s.span
    case .expression(let e): e.span
    case .link(let l): l.operatorSpan
    case .argument(let label, let value): label.span.joined(with: value.span)
    case .rule(let r): r.span
    case .selector(let s): s.span
    case .name(let n): n.span
    }
  }

  /// The parts of the part, in the order of the source, except that a type stands behind the name it belongs to.
  package var children: [TreeNode] {
    switch self {
    case .item(let i): i.children
    case .dim(let d): [d.value].nodes
    case .formal(let f): [.type(f.type)] + [f.defaultValue].nodes
    case .result(let t): [.type(t)]
    case .type(let t): t.children
    case .body(_, let b): b.statements.map(TreeNode.statement)
    case .statement(let s): s.children
    case .expression(let e): e.children
    case .link(let l): [.expression(l.operand)]
    case .argument(_, let value): [.expression(value)]
    case .rule(let r): r.children
    case .selector, .name: []
    }
  }

}

extension Tree {

  /// Calls `visit` with each part and the number of parts it stands in, parents before their children.
  ///
  /// - Complexity: O(*n*) in the size of the tree; the stack does not grow with it.
  package func forEachNode(_ visit: (TreeNode, _ depth: Int) -> Void) {
    var pending = items.reversed().map { (node: TreeNode.item($0), depth: 0) }
    while let (node, depth) = pending.popLast() {
      visit(node, depth)
      for c in node.children.reversed() { pending.append((c, depth + 1)) }
    }
  }

}

extension [Expression?] {

  /// The expressions that are there, as nodes.
  fileprivate var nodes: [TreeNode] { compactMap { $0.map(TreeNode.expression) } }

}

extension Item {

  fileprivate var children: [TreeNode] {
    switch kind {
    case .importItem(_, let names): names.map(TreeNode.name)
    case .dims(let dims): dims.map(TreeNode.dim)
    case .letItem(_, let value): [.expression(value)]
    case .data(_, let type, let value): [.type(type), .expression(value)]
    case .function(let f): f.formals.map(TreeNode.formal) + [.result(f.result), .body("body", f.body)]
    case .train(_, let body): [.body("body", body)]
    case .schedule(_, let rules): rules.map(TreeNode.rule)
    }
  }

}

extension TypeSyntax {

  fileprivate var children: [TreeNode] {
    switch kind {
    case .tensor(_, _, let dimensions): dimensions.map(TreeNode.expression)
    case .dim, .int, .float, .bool: []
    case .tuple(let types): types.map(TreeNode.type)
    }
  }

}

extension Statement {

  fileprivate var children: [TreeNode] {
    switch kind {
    case .param(_, let type, let initializer): [.type(type)] + [initializer].nodes
    case .state(_, let type, let value): [.type(type), .expression(value)]
    case .layer(_, let value), .let(_, _, let value), .var(_, let value), .assign(_, _, let value),
      .update(_, let value), .metric(_, let value), .return(let value):
      [.expression(value)]
    case .repeat(_, let count, _, let body): [.expression(count), .body("body", body)]
    case .if(let condition, let body, let otherwise): [.expression(condition)] + Self.bodies(body, otherwise)
    case .when(_, let body, let otherwise): Self.bodies(body, otherwise)
    }
  }

  private static func bodies(_ body: Body, _ otherwise: Body?) -> [TreeNode] {
    [.body("body", body)] + (otherwise.map { [.body("else", $0)] } ?? [])
  }

}

extension Expression {

  fileprivate var children: [TreeNode] {
    switch kind {
    case .number, .string, .name, .elementType, .bool: []
    case .tuple(let es), .list(let es): es.map(TreeNode.expression)
    case .call(let callee, let arguments): [.expression(callee)] + arguments.map(\.node)
    case .subscripted(let base, let indices): [.expression(base)] + indices.map(TreeNode.expression)
    case .member(let e, _), .negated(let e), .instance(let e, _): [.expression(e)]
    case .chain(let first, let links): [.expression(first)] + links.map(TreeNode.link)
    case .comparison(_, let l, let r), .arrow(let l, let r): [.expression(l), .expression(r)]
    }
  }

}

extension Argument {

  fileprivate var node: TreeNode { label.map { .argument($0, value) } ?? .expression(value) }

}

extension RuleSyntax {

  fileprivate var children: [TreeNode] {
    switch kind {
    case .setting(_, let value): [.expression(value)]
    case .selection(_, let selectors): selectors.map(TreeNode.selector)
    }
  }

}
