import Support
import Syntax

extension Lowering {

  /// Reports the names that nothing declares in what no program reached: functions that are never called, and the bodies
  /// that every condition left out.
  ///
  /// - Complexity: O(*n*) in the length of the files.
  mutating func checkNames() {
    for u in units.indices where !units[u].path.hasPrefix("std.") {
      unit = u
      for (i, item) in program.units[u].tree.items.enumerated() {
        guard case .function(let f) = item.kind, !program.units[u].damage.items.contains(i) else { continue }
        var checker = NameChecker(self, isReporting: !expandedFunctions.contains(f.name.span))
        checker.check(f)
        diagnostics.report(checker.found.elements)
      }
    }
  }

}

/// Looks for names without a declaration in one function.
private struct NameChecker {

  private var lowering: Lowering

  var found = DiagnosticSet()

  /// The names in scope, innermost last.
  private var scopes: [Set<String>] = [[]]

  /// `true` iff the text being visited was reached by no program, whose errors were thus not reported.
  private var isReporting: Bool

  init(_ lowering: Lowering, isReporting: Bool) {
    self.lowering = lowering
    self.isReporting = isReporting
  }

  mutating func check(_ f: FunctionSyntax) {
    for formal in f.formals {
      declareDims(of: formal.type)
      if let e = formal.defaultValue { check(e) }
      declare(formal.name)
    }
    check(f.result)
    check(f.body)
  }

  private mutating func declare(_ n: Name) { scopes[scopes.count - 1].insert(n.text) }

  /// Declares the names that a formal's type infers.
  private mutating func declareDims(of type: TypeSyntax) {
    switch type.kind {
    case .tensor(_, _, let dimensions):
      for d in dimensions {
        if case .name(let n) = d.kind { scopes[scopes.count - 1].insert(n) } else { check(d) }
      }
    case .tuple(let parts): for p in parts { declareDims(of: p) }
    case .dim, .int, .float, .bool: break
    }
  }

  private mutating func check(_ type: TypeSyntax) {
    switch type.kind {
    case .tensor(_, _, let dimensions): for d in dimensions { check(d) }
    case .tuple(let parts): for p in parts { check(p) }
    case .dim, .int, .float, .bool: break
    }
  }

  private mutating func check(_ body: Body) {
    scopes.append([])
    for s in body.statements { check(s) }
    scopes.removeLast()
  }

  /// Checks a body that a condition chooses, and reports what is wrong with it if no program took it.
  private mutating func checkChosen(_ body: Body) {
    let saved = isReporting
    isReporting = isReporting || !lowering.takenBodies.contains(body.span)
    check(body)
    isReporting = saved
  }

  private mutating func check(_ s: Statement) {
    switch s.kind {
    case .param(let n, let type, let initializer):
      check(type)
      if let initializer { checkArguments(of: initializer) }
      declare(n)
    case .state(let n, let type, let value):
      check(type)
      checkArguments(of: value)
      declare(n)
    case .layer(let n, let e), .var(let n, let e):
      check(e)
      declare(n)
    case .let(let names, _, let e):
      check(e)
      for n in names { declare(n) }
    case .assign(let n, _, let e), .update(let n, let e):
      checkName(n.text, at: n.span)
      check(e)
    case .metric(_, let e), .return(let e): check(e)
    case .repeat(let variable, let count, _, let body):
      check(count)
      scopes.append(variable.map { [$0.text] } ?? [])
      check(body)
      scopes.removeLast()
    case .if(let condition, let body, let otherwise):
      check(condition)
      checkChosen(body)
      if let otherwise { checkChosen(otherwise) }
    case .when(_, let body, let otherwise):
      checkChosen(body)
      if let otherwise { checkChosen(otherwise) }
    }
  }

  /// Checks the arguments of an initializer, whose name is no function's.
  private mutating func checkArguments(of e: Expression) {
    guard case .call(_, let arguments) = e.kind else { return }
    for a in arguments { check(a.value) }
  }

  /// Visits `e` and all its parts; the depth is that of the parser's limit.
  private mutating func check(_ e: Expression) {
    switch e.kind {
    case .number, .string, .elementType, .bool: break
    case .name(let n): checkName(n, at: e.span)
    case .tuple(let es), .list(let es): for p in es { check(p) }
    case .call(let callee, let arguments):
      checkCall(callee, arguments)
      for a in arguments { check(a.value) }
    case .subscripted(let base, let indices):
      check(base)
      for i in indices { check(i) }
    case .member(let inner, _), .negated(let inner), .instance(let inner, _): check(inner)
    case .chain(let first, let links):
      check(first)
      for l in links { check(l.operand) }
    case .comparison(_, let l, let r), .arrow(let l, let r):
      check(l)
      check(r)
    }
  }

  private func isDeclared(_ name: String) -> Bool {
    scopes.contains { $0.contains(name) } || lowering.units[lowering.unit].globals[name] != nil
      || lowering.mayBeDeclared(name)
  }

  private mutating func checkName(_ name: String, at span: SourceSpan) {
    if !isReporting || isDeclared(name) || found.isFull { return }
    let candidates = scopes.flatMap(\.self) + lowering.units[lowering.unit].globals.keys
    found.report(.unknownName(name, at: span, candidates: candidates.sorted()))
  }

  private mutating func checkCall(_ callee: Expression, _ arguments: [Argument]) {
    guard case .name(let name) = callee.kind, isReporting, !isDeclared(name), !found.isFull else { return }
    if let f = try? lowering.functionSymbol(name, at: callee.span) {
      return checkLabels(arguments, f.syntax.formals.map(\.name.text), of: name)
    }
    if let b = Builtin.named(name) { return checkLabels(arguments, b.labels, of: name) }
    if lowering.mayBeFunction(name) { return }
    let modules = lowering.program.standardFunctions[name].map { [$0] } ?? []
    found.report(
      .unknownFunction(
        name, at: callee.span, candidates: lowering.functionNames + Builtin.names, modules: modules,
        start: lowering.file.base))
  }

  private mutating func checkLabels(_ arguments: [Argument], _ labels: [String], of name: String) {
    for a in arguments {
      guard let l = a.label, !labels.contains(l.text) else { continue }
      found.report(
        .unknownLabel(l.text, at: l.span, form: "\(name)(\(labels.joined(separator: ", ")))", candidates: labels))
    }
  }

}
