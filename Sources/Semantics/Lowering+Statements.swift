import IR
import Operations
import Support
import Syntax

/// What a body returned, and where.
struct Returned {

  let meaning: Meaning

  let span: SourceSpan

}

extension Lowering {

  /// Lowers the statements of a block's body in a scope of their own.
  ///
  /// Returns what the body returns, or `nil` if it comes to its end. A statement that fails is reported, what it declares
  /// is poisoned, and the others go on; a body with errors throws at its end.
  mutating func lower(_ body: Body) throws(Reported) -> Returned? {
    var failed = false
    for (i, s) in body.statements.enumerated() {
      do throws(Reported) {
        guard let r = try lower(s) else { continue }
        if i + 1 < body.statements.count { throw fail(.afterReturn(at: body.statements[i + 1].span)) }
        if failed { throw Reported() }
        return r
      } catch {
        failed = true
        poison(s)
      }
    }
    if failed { throw Reported() }
    return nil
  }

  /// Declares what `s` should have declared, so that its uses are silent.
  private mutating func poison(_ s: Statement) {
    let names: [Name]
    switch s.kind {
    case .param(let n, _, _), .state(let n, _, _), .layer(let n, _), .var(let n, _): names = [n]
    case .let(let ns, _, _): names = ns
    case .assign(let n, _, _):
      if let scope = scopes.lastIndex(where: { $0[n.text]?.isVariable == true }) {
        scopes[scope][n.text]?.meaning = .poison
      }
      names = lookup(n.text) == nil ? [n] : []
    case .update, .metric, .repeat, .if, .when, .return: names = []
    }
    for n in names where scopes.last?[n.text] == nil { declare(n, .poison, isVariable: true) }
  }

  private mutating func lower(_ s: Statement) throws(Reported) -> Returned? {
    switch s.kind {
    case .param(let name, let type, let initializer): try declareParameter(name, type, initializer)
    case .let(let names, let isTuple, let value): try declareLet(names, isTuple, value)
    case .var(let name, let value): declare(name, try lower(value, hint: name.text), isVariable: true)
    case .assign(let name, let sign, let value): try assign(name, sign, value, at: s.span)
    case .repeat(let variable, let count, let instance, let body):
      try unroll(variable, count, instance, body, at: s.span)
    case .return(let e): return .init(meaning: try lower(e, hint: "return"), span: e.span)
    case .metric: throw fail(.misplaced("'metric'", "'train'", at: s.span))
    case .state: throw fail(.notSupportedYet("'state'", at: s.span))
    case .update: throw fail(.notSupportedYet("'update'", at: s.span))
    case .layer: throw fail(.notSupportedYet("'layer'", at: s.span))
    case .if: throw fail(.notSupportedYet("'if'", at: s.span))
    case .when: throw fail(.notSupportedYet("'when'", at: s.span))
    }
    return nil
  }

  /// Declares the names of a `let`; each part of a tuple is called as its name.
  mutating func declareLet(_ names: [Name], _ isTuple: Bool, _ value: Expression) throws(Reported) {
    if !isTuple { return declare(names[0], try lower(value, hint: names[0].text)) }
    let m: Meaning
    if isBatch(value) {
      m = try batch(value, named: names.map(\.text))
    } else if case .tuple(let parts) = value.kind, parts.count == names.count {
      var all: [Meaning] = []
      for (n, e) in zip(names, parts) { all.append(try lower(e, hint: n.text)) }
      m = .tuple(all)
    } else {
      m = try lower(value, hint: names[0].text)
    }
    guard case .tuple(let parts) = m else { throw fail(.expected("a tuple", found: m.kind, at: value.span)) }
    guard parts.count == names.count else {
      throw fail(.tupleCount(expected: names.count, found: parts.count, at: value.span))
    }
    for (n, p) in zip(names, parts) { declare(n, p) }
  }

  /// Gives a variable a new value; the old one stays what it was for those who read it.
  mutating func assign(
    _ name: Name, _ sign: AssignmentOperator, _ value: Expression, at span: SourceSpan
  ) throws(Reported) {
    guard let scope = scopes.lastIndex(where: { $0[name.text] != nil }), let b = scopes[scope][name.text] else {
      throw fail(.unknownVariable(name.text, at: name.span, candidates: visibleNames))
    }
    if !b.isVariable { throw fail(.notAVariable(name.text, at: name.span, declared: b.span)) }
    var m = try lower(value, hint: sign.arithmetic == nil ? name.text : "\(name.text).rhs")
    if let arithmetic = sign.arithmetic {
      let places = BinarySpan(left: name.span, whole: span, right: value.span)
      m = try combine(b.meaning, arithmetic, m, at: places, hint: name.text)
    }
    scopes[scope][name.text]?.meaning = m
  }

  private mutating func declareParameter(
    _ name: Name, _ type: TypeSyntax, _ initializer: Expression?
  ) throws(Reported) {
    if callStack.isEmpty { throw fail(.misplaced("'param'", "a block or a model", at: name.span)) }
    let t = try tensorType(type)
    guard let concrete = t.concrete else { throw fail(.typeTooLarge(t, at: type.span)) }
    guard t.element == .f32 else { throw fail(.notSupportedYet("a parameter of \(t.element.rawValue)", at: type.span)) }
    if let earlier = scopes.last?[name.text] {
      throw fail(.redeclared(name.text, at: name.span, earlier: earlier.span))
    }
    let start: Initializer =
      if let e = initializer { try self.initializer(e) } else { concrete.rank < 2 ? .zeros : .kaiming }
    let path = prefix + name.text
    try checkPath(path, at: name.span)
    let new = Storage(.parameter, path, concrete, start, site: site(name.span))
    let v = try value(of: new, at: name.span)
    parameterSpans[path] = name.span
    declare(name, .tensor(v, t))
  }

  /// Returns the value that stands for `new` in this program; the storage is shared with the other program.
  ///
  /// Within a program every storage is declared once: two of one path would silently be one.
  mutating func value(of new: Storage, at span: SourceSpan) throws(Reported) -> ValueID {
    if function.hasName(new.name) {
      throw fail(.pathTaken(new.name, at: span, earlier: parameterSpans[new.name].flatMap { $0 == span ? nil : $0 }))
    }
    let index: Int
    if let known = storageIndex[new.name] {
      index = known
    } else {
      storage.append(new)
      index = storage.count - 1
      storageIndex[new.name] = index
    }
    return function.value(of: .init(index), named: new.name, type: storage[index].type)
  }

  private mutating func initializer(_ e: Expression) throws(Reported) -> Initializer {
    guard case .call(let callee, let arguments) = e.kind, case .name(let name) = callee.kind else {
      throw fail(
        .expected("an initializer such as zeros() or normal(std: 0.02)", found: "another expression", at: e.span))
    }
    if name == "orthogonal" { throw fail(.notSupportedYet("'orthogonal'", at: callee.span)) }
    var values: [Attribute] = []
    for a in arguments {
      let label = a.label?.text ?? "value"
      values.append(.init(label, .number(try scalar(try lower(a.value, hint: ""), at: a.value.span))))
    }
    if name == "normal", !values.contains(where: { $0.name == "mean" }) { values.append(.init("mean", .number(0))) }
    guard let i = Initializer(name: name, arguments: values), i.isInRange else {
      throw fail(.badInitializer(name, at: e.span))
    }
    return i
  }

  private mutating func unroll(
    _ variable: Name?, _ count: Expression, _ instance: Name?, _ body: Body, at span: SourceSpan
  ) throws(Reported) {
    let m = try lower(count, hint: "")
    guard case .dim(let d) = m, d.size >= 0 else { throw fail(.notADim(m.kind, at: count.span)) }
    let path = instance?.text ?? "repeat"
    try registerInstance(path, instance, end: count.span.end, example: "repeat …", at: instance?.span ?? span)
    if d.size > Limit.expansions - expansions {
      throw fail(.tooMuch("repetitions and instances", limit: Limit.expansions, at: count.span))
    }
    let saved = prefix
    defer { prefix = saved }
    for i in 0..<d.size {
      try countExpansion(at: count.span)
      prefix = "\(saved)\(path).\(i)."
      try checkPath(prefix, at: count.span)
      try iterate(i, variable, body)
    }
  }

  /// Counts a repetition or an instance, of which even those without instructions take time.
  mutating func countExpansion(at span: SourceSpan) throws(Reported) {
    expansions += 1
    if expansions > Limit.expansions {
      throw fail(.tooMuch("repetitions and instances", limit: Limit.expansions, at: span))
    }
  }

  private mutating func iterate(_ i: Int, _ variable: Name?, _ body: Body) throws(Reported) {
    scopes.append([:])
    instances.append([:])
    defer {
      scopes.removeLast()
      instances.removeLast()
    }
    if let variable { declare(variable, .dim(.init(literal: i))) }
    if let r = try lower(body) {
      throw fail(.misplaced("'return'", "the body of the block, not of 'repeat'", at: r.span))
    }
  }

}
