import IR
import Operations
import Support
import Syntax

extension Lowering {

  /// Returns the result of the body of `f` with its formals bound to `actuals`, its values called behind `prefix`.
  mutating func expand(
    _ f: FunctionSymbol, _ actuals: [Actual?], prefix new: String, shown: String, at span: SourceSpan
  ) throws(Reported) -> Meaning {
    let saved = (scopes, prefix, leadingDims, unit, partNames)
    let syntax = f.syntax
    let text = SourceSpan(syntax.name.span.start, syntax.body.span.end)
    scopes = [.init(capacity: syntax.formals.count)]
    (prefix, leadingDims, unit, partNames) = (new, nil, f.unit, nil)
    instances.append([:])
    callStack.append(.init(name: syntax.name.text, kind: syntax.kind, path: shown, call: span, text: text))
    defer {
      (scopes, prefix, leadingDims, unit, partNames) = saved
      instances.removeLast()
      callStack.removeLast()
    }
    expandedFunctions.insert(syntax.name.span)
    try checkPath(prefix, at: span)
    return try nested(at: span) { (l) throws(Reported) in try l.expandBody(of: f, actuals) }
  }

  private mutating func expandBody(of symbol: FunctionSymbol, _ actuals: [Actual?]) throws(Reported) -> Meaning {
    try bindFormals(of: symbol, actuals)
    let f = symbol.syntax
    // what the body declares does not change what the header says
    scopes.append(.init(capacity: f.body.statements.count))
    guard let result = try lower(f.body) else { throw fail(.noReturn(f.name.text, at: f.name.span)) }
    let isResult = DeclaredResult(name: f.name.text, at: result.span)
    scopes.removeLast()
    try check(result.meaning, is: f.result, isResult)
    return result.meaning
  }

  /// Binds the formals in their order of binding; each with an error is reported.
  private mutating func bindFormals(of f: FunctionSymbol, _ actuals: [Actual?]) throws(Reported) {
    var failed = false
    let formals = f.syntax.formals
    for i in f.bindingOrder {
      do throws(Reported) {
        try bindFormal(formals[i], actuals[i])
      } catch {
        failed = true
        if scopes[0][formals[i].name.text] == nil { declare(formals[i].name, .poison) }
      }
    }
    if failed { throw Reported() }
  }

  private mutating func bindFormal(_ formal: Formal, _ actual: Actual?) throws(Reported) {
    let (m, span): (Meaning, SourceSpan)
    if let actual {
      (m, span) = (actual.meaning, actual.span)
    } else if let e = formal.defaultValue {
      (m, span) = (try lower(e, hint: formal.name.text), formal.span)
    } else {
      preconditionFailure("checked before")
    }
    declare(formal.name, try bound(m, to: formal.type, of: formal, at: span))
  }

  /// Returns `m` as the formal's type has it, binding the dims that the type names.
  private mutating func bound(
    _ m: Meaning, to type: TypeSyntax, of formal: Formal, at span: SourceSpan
  ) throws(Reported) -> Meaning {
    let subject = Demand.Subject.argument(formal.name.text)
    switch (type.kind, m) {
    case (_, .poison): throw Reported()
    case (.tensor, .tensor(_, let t)):
      try unify(type, with: t, of: .init(subject: subject, span: span, declared: formal.span))
      return m
    case (.tensor, .dim), (.tensor, .number):
      let t = try tensor(m, at: span, hint: formal.name.text)
      try unify(type, with: t.type, of: .init(subject: subject, span: span, declared: formal.span))
      return .tensor(t.value, t.type)
    case (.dim, .dim(let d)) where d.size >= 1: return m
    case (.int, .dim), (.float, .number), (.bool, .boolean): return m
    case (.float, .dim(let d)): return .number(Double(d.size))
    case (.tuple(let types), .tuple(let parts)) where types.count == parts.count:
      var all: [Meaning] = []
      for (t, p) in zip(types, parts) { all.append(try bound(p, to: t, of: formal, at: span)) }
      return .tuple(all)
    case (.tensor, _), (.dim, _), (.int, _), (.float, _), (.bool, _), (.tuple, _):
      throw fail(
        .wrongArgument(expected: name(of: type), subject.description, found: m.kind, at: span, declared: formal.span))
    }
  }

  /// The result of a function where it is returned.
  struct DeclaredResult {
    let name: String
    let span: SourceSpan

    init(name: String, at span: SourceSpan) {
      self.name = name
      self.span = span
    }
  }

  /// Demands that `m` is of the type that a header declares.
  private mutating func check(_ m: Meaning, is type: TypeSyntax, _ result: DeclaredResult) throws(Reported) {
    let subject = Demand.Subject.result(result.name)
    switch (type.kind, m) {
    case (_, .poison): throw Reported()
    case (.tensor, .tensor(_, let t)):
      let place = Demand(subject: subject, span: result.span, declared: type.span)
      try check(t, is: try tensorType(type), type, place)
    case (.dim, .dim(let d)) where d.size >= 1: return
    case (.int, .dim), (.float, .number), (.float, .dim), (.bool, .boolean): return
    case (.tuple(let types), .tuple(let parts)):
      guard types.count == parts.count else {
        throw fail(.expected("\(types.count) results of '\(result.name)'", found: m.kind, at: result.span))
      }
      for (t, p) in zip(types, parts) { try check(p, is: t, result) }
    case (.tuple(let types), _):
      throw fail(.expected("\(types.count) results of '\(result.name)'", found: m.kind, at: result.span))
    case (.tensor, .tuple): throw fail(.expected("1 result of '\(result.name)'", found: m.kind, at: result.span))
    case (.tensor, _), (.dim, _), (.int, _), (.float, _), (.bool, _):
      throw fail(
        .wrongArgument(
          expected: name(of: type), subject.description, found: m.kind, at: result.span, declared: type.span))
    }
  }

  private func name(of type: TypeSyntax) -> String {
    switch type.kind {
    case .tensor: "a tensor"
    case .dim: "a dim"
    case .int: "a whole number"
    case .float: "a number"
    case .bool: "a truth value"
    case .tuple(let parts): "a tuple of \(parts.count)"
    }
  }

}
