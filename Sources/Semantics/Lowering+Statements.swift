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

  /// Lowers the statements of a body in a scope of their own that stays open.
  ///
  /// Returns what the body returns, or `nil` if it comes to its end. A statement that fails is reported, what it declares
  /// is poisoned, and the others go on; a body with errors throws at its end.
  mutating func lower(_ body: Body) throws(Reported) -> Returned? {
    var failed = false
    for (i, s) in body.statements.enumerated() {
      do throws(Reported) {
        guard let r = try lower(s) else { continue }
        if case .return = s.kind, i + 1 < body.statements.count {
          throw fail(.afterReturn(at: body.statements[i + 1].span))
        }
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
      poison(n)
      names = callStack.isEmpty || lookup(n.text) != nil ? [] : [n]
    case .if(_, let body, let otherwise), .when(_, let body, let otherwise):
      poisonAssigned(in: [body] + (otherwise.map { [$0] } ?? []))
      names = []
    case .repeat(_, _, _, let body):
      poisonAssigned(in: [body])
      names = []
    case .update, .metric, .return: names = []
    }
    for n in names where scopes.last?[n.text] == nil { declare(n, .poison, .variable) }
  }

  /// Makes a variable unknown.
  private mutating func poison(_ n: Name) {
    guard let scope = scopes.lastIndex(where: { $0[n.text]?.isVariable == true }) else { return }
    scopes[scope].set(n.text, to: .poison)
  }

  /// Makes the variables unknown that statements which failed would have assigned to.
  private mutating func poisonAssigned(in bodies: [Body]) {
    var pending = bodies
    while let body = pending.popLast() {
      for s in body.statements {
        switch s.kind {
        case .assign(let n, _, _): poison(n)
        case .if(_, let b, let o), .when(_, let b, let o): pending += [b] + (o.map { [$0] } ?? [])
        case .repeat(_, _, _, let b): pending.append(b)
        case .param, .state, .layer, .let, .var, .update, .metric, .return: break
        }
      }
    }
  }

  private mutating func lower(_ s: Statement) throws(Reported) -> Returned? {
    switch s.kind {
    case .param(let name, let type, let initializer): try declareParameter(name, type, initializer)
    case .state(let name, let type, let value): try declareState(name, type, value)
    case .layer(let name, let value): try declareLayer(name, value)
    case .let(let names, let isTuple, let value): try declareLet(names, isTuple, value)
    case .var(let name, let value): declare(name, try lower(value, hint: name.text), .variable)
    case .assign(let name, let sign, let value):
      if callStack.isEmpty, sign == .set, !isLocal(name.text) {
        try set(name, value)
      } else {
        try assign(name, sign, value, at: s.span)
      }
    case .update(let name, let value): try update(name, value, at: s.span)
    case .metric(let name, let value):
      if !callStack.isEmpty { throw fail(.misplaced("'metric'", "'train'", at: s.span)) }
      try report(.metric, name.text, value)
    case .repeat(let variable, let count, let instance, let body):
      try unroll(variable, count, instance, body, at: s.span)
    case .if(let condition, let body, let otherwise):
      return try lowerChosen(try isTrue(condition) ? body : otherwise)
    case .when(let phase, let body, let otherwise):
      return try lowerChosen((phase == .training) == !isEvaluation ? body : otherwise)
    case .return(let e):
      if callStack.isEmpty { throw fail(.misplaced("'return'", "a block or a model", at: s.span)) }
      partNames = nil
      return .init(meaning: try lower(e, hint: callStack.last?.kind == .function ? "" : "return"), span: e.span)
    }
    return nil
  }

  /// `true` iff a scope of the program has `name`.
  private func isLocal(_ name: String) -> Bool { scopes.contains { $0.declares(name) } }

  /// Returns the truth value that a condition is.
  private mutating func isTrue(_ e: Expression) throws(Reported) -> Bool {
    let m = try lower(e, hint: "")
    switch m {
    case .boolean(let b): return b
    case .poison: throw Reported()
    case .tensor: throw fail(.conditionOnValues(m.kind, at: e.span))
    case .dim, .number, .string, .tuple, .data, .layer, .elementType:
      throw fail(.expected("a condition", found: m.kind, at: e.span))
    }
  }

  /// Lowers the body that a condition has chosen, in a scope of its own.
  private mutating func lowerChosen(_ body: Body?) throws(Reported) -> Returned? {
    guard let body else { return nil }
    takenBodies.insert(body.span)
    scopes.append(.init())
    defer { scopes.removeLast() }
    return try nested(at: body.span) { (l) throws(Reported) in try l.lower(body) }
  }

  /// Declares the names of a `let`; each part of a tuple is called as its name.
  mutating func declareLet(_ names: [Name], _ isTuple: Bool, _ value: Expression) throws(Reported) {
    if !isTuple { return declare(names[0], try lower(value, hint: names[0].text)) }
    partNames = (value.span, names.map(\.text))
    defer { partNames = nil }
    let m = try lower(value, hint: names[0].text)
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
    guard let scope = scopes.lastIndex(where: { $0.declares(name.text) }), let b = scopes[scope][name.text] else {
      throw unknownVariable(name)
    }
    if !b.isVariable { throw fail(.notAVariable(name.text, at: name.span, declared: b.span)) }
    var m = try lower(value, hint: sign.arithmetic == nil ? name.text : "\(name.text).rhs")
    if let arithmetic = sign.arithmetic {
      let places = BinarySpan(left: name.span, sign: span, right: value.span)
      m = try combine(b.meaning, arithmetic, m, at: places, hint: name.text)
    }
    scopes[scope].set(name.text, to: m)
  }

  private mutating func unknownVariable(_ name: Name) -> Reported {
    if mayBeDeclared(name.text) { return .init() }
    return fail(.unknownVariable(name.text, at: name.span, candidates: visibleNames))
  }

  private mutating func declareParameter(
    _ name: Name, _ type: TypeSyntax, _ initializer: Expression?
  ) throws(Reported) {
    let start = try initializer.map { (e) throws(Reported) in try self.initializer(e) }
    let (v, t) = try declareStorage(.parameter, name, type, start)
    if case .orthogonal = start, t.dims.count < 2 {
      throw fail(.badSetting("orthogonal", "a parameter of at least two axes", at: initializer?.span ?? name.span))
    }
    declare(name, .tensor(v, t))
  }

  /// Declares what a block keeps from step to step without a gradient; within the step the name stands for its content
  /// at the start, or for what an `update` gave it.
  private mutating func declareState(_ name: Name, _ type: TypeSyntax, _ value: Expression) throws(Reported) {
    let (v, t) = try declareStorage(.state, name, type, try initializer(value))
    let path = prefix + name.text
    let current = updates.first { $0.path == path }?.value ?? v
    declare(name, .tensor(current, t), .state(path: path, t))
  }

  private mutating func declareStorage(
    _ kind: Storage.Kind, _ name: Name, _ type: TypeSyntax, _ start: Initializer?
  ) throws(Reported) -> (ValueID, SymbolicType) {
    let what = kind == .state ? "state" : "param"
    guard let frame = callStack.last, frame.kind != .function else {
      throw fail(.misplaced("'\(what)'", "a block or a model", at: name.span))
    }
    let t = try tensorType(type)
    guard let concrete = t.concrete else { throw fail(.typeTooLarge(t, at: type.span)) }
    guard t.element == .f32 else { throw fail(.storageElement(what, t.element, at: type.span)) }
    if let earlier = scopes.last?[name.text] {
      throw fail(.redeclared(name.text, at: name.span, earlier: earlier.span))
    }
    let path = prefix + name.text
    try checkPath(path, at: name.span)
    let initializer = start ?? (concrete.rank < 2 ? .zeros : .kaiming)
    let v = try value(of: .init(kind, path, concrete, initializer, site: site(name.span)), at: name.span)
    return (v, t)
  }

  /// Gives a state the value that it holds from the end of the step on; later reads in the step see it, too.
  ///
  /// The evaluation program changes nothing, but sees the new value just so.
  private mutating func update(_ name: Name, _ value: Expression, at span: SourceSpan) throws(Reported) {
    guard let scope = scopes.lastIndex(where: { $0.declares(name.text) }), let b = scopes[scope][name.text] else {
      throw unknownVariable(name)
    }
    if case .poison = b.meaning { throw Reported() }
    guard case .state(let path, let type) = b.kind else {
      throw fail(.notAState(name.text, at: name.span, declared: b.span))
    }
    let new = try tensor(value, hint: "\(name.text).next")
    if new.type != type { throw fail(.updateType(name.text, new.type, type, at: value.span, declared: b.span)) }
    let v = try computed(new.value, named: "\(name.text).next", at: value.span)
    scopes[scope].set(name.text, to: .tensor(v, type))
    if isEvaluation { return }
    guard let index = storageIndex[path], let old = function.existingValue(of: .init(index)) else { throw Reported() }
    if let known = updates.firstIndex(where: { $0.path == path }) {
      if !isSharedAgain { throw fail(.updatedTwice(name.text, at: span, earlier: updates[known].span)) }
      updates[known].value = v
    } else {
      updates.append(.init(path: path, storage: old, value: v, span: span, site: site(span)))
    }
  }

  /// Returns `v`, or a copy of it if it is storage, which an update could change before it is read.
  private mutating func computed(_ v: ValueID, named name: String, at span: SourceSpan) throws(Reported) -> ValueID {
    guard case .storage = function[v].origin else { return v }
    return try emit(.reduction(.broadcast(extents: function[v].type.extents, inserted: [])), [v], named: name, at: span)
  }

  /// Returns the value that stands for `new` in this program; the storage is shared with the other program.
  ///
  /// Within a program every storage is declared once, but by shared instances: two of one path would silently be one.
  mutating func value(of new: Storage, at span: SourceSpan) throws(Reported) -> ValueID {
    try countValue(Limit.storageWeight, at: span)
    let count = storage.count
    let index = { (known: inout Int) in known }(&storageIndex[new.name, default: count])
    if index < count, let v = function.existingValue(of: .init(index)) {
      guard isSharedAgain, storage[index].site == new.site else { throw pathTaken(new.name, by: index, at: span) }
      if storage[index].type == new.type { return v }
      throw fail(.sharedType(new.name, new.type, storage[index].type, at: span))
    }
    let type = index < count ? storage[index].type : new.type
    guard let v = function.addValue(of: .init(index), named: new.name, type: type) else {
      if index == count { storageIndex[new.name] = nil }
      throw pathTaken(new.name, by: index < count ? index : nil, at: span)
    }
    if index == count {
      storage.append(new)
      storageSpans.append(span)
    }
    return v
  }

  /// Reports that a path is that of another value, and where that is storage, which.
  private mutating func pathTaken(_ path: String, by index: Int?, at span: SourceSpan) -> Reported {
    fail(.pathTaken(path, at: span, earlier: index.map { storageSpans[$0] }.flatMap { $0 == span ? nil : $0 }))
  }

  private mutating func initializer(_ e: Expression) throws(Reported) -> Initializer {
    guard case .call(let callee, let arguments) = e.kind, case .name(let name) = callee.kind else {
      throw fail(
        .expected("an initializer such as zeros() or normal(std: 0.02)", found: "another expression", at: e.span))
    }
    var values: [Attribute] = []
    for a in arguments {
      let label = a.label?.text ?? "value"
      values.append(.init(label, .number(try scalar(try lower(a.value, hint: ""), at: a.value.span))))
    }
    if name == "normal", !values.contains(where: { $0.name == "mean" }) { values.append(.init("mean", .number(0))) }
    if name == "orthogonal", values.isEmpty { values.append(.init("gain", .number(1))) }
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

  /// Counts an instance, of which even those without instructions take time.
  mutating func countInstance(at span: SourceSpan) throws(Reported) {
    try countExpansion(Limit.instanceWeight, at: span)
    try countEvaluation(Limit.instanceEvaluations, at: span)
  }

  /// Counts what takes as long as `weight` repetitions.
  private mutating func countExpansion(_ weight: Int = 1, at span: SourceSpan) throws(Reported) {
    expansions += weight
    if expansions > Limit.expansions {
      throw fail(.tooMuch("repetitions and instances", limit: Limit.expansions, at: span))
    }
  }

  private mutating func iterate(_ i: Int, _ variable: Name?, _ body: Body) throws(Reported) {
    scopes.append(.init(capacity: body.statements.count))
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
