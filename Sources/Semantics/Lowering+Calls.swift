import IR
import Operations
import Support
import Syntax

extension Lowering {

  /// Returns the result of `callee(arguments)`, as an instance called `name` if it is a block.
  mutating func call(
    _ callee: Expression, _ arguments: [Argument], as name: Name?, at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    guard case .name(let n) = callee.kind else {
      throw fail(.expected("a name to call", found: "an expression", at: callee.span))
    }
    if let b = lookup(n), case .layer(let layer) = b.meaning {
      if let name { throw fail(.layerRenamed(n, name.text, at: name.span)) }
      return try callLayer(layer, arguments, at: span)
    }
    if let f = try functionSymbol(n, at: callee.span) {
      if f.isDamaged { throw damaged(arguments) }
      return try instantiate(f, arguments, as: name, at: span, hint: hint)
    }
    if Builtin.named(n) == nil, mayBeFunction(n) { throw damaged(arguments) }
    if let name { throw fail(.noInstance(name.text, at: name.span)) }
    return try builtin(n, arguments, calleeSpan: callee.span, at: span, hint: hint)
  }

  /// Returns what to throw for the call of a function that lacks something; errors in the arguments are reported.
  private mutating func damaged(_ arguments: [Argument]) -> Reported {
    for a in arguments {
      do throws(Reported) {
        _ = try lower(a.value, hint: "")
      } catch {}  // it is reported
    }
    return .init()
  }

  /// Returns the result of `inner as name`.
  mutating func instance(
    _ inner: Expression, _ name: Name, at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    guard case .call(let callee, let arguments) = inner.kind else {
      throw fail(.noInstance(name.text, at: name.span))
    }
    return try call(callee, arguments, as: name, at: span, hint: hint)
  }

  /// Registers an instance in the innermost scope of paths.
  ///
  /// `given` is its name if it has one; otherwise one may be given at the offset `end`.
  mutating func registerInstance(
    _ name: String, _ given: Name?, end: Int, example: String, at span: SourceSpan
  ) throws(Reported) {
    guard let last = instances.indices.last else { preconditionFailure("no scope of paths") }
    if let earlier = instances[last][name] {
      let new = given == nil ? " as \(name)_2" : "\(name)_2"
      let mend = Diagnostic.FixIt(
        "name this one: \(example) as \(name)_2", replacing: given?.span ?? .init(end, end), with: new)
      throw fail(.duplicateInstance(name, at: span, earlier: earlier, mend: mend))
    }
    if name == "train", prefix.isEmpty {
      throw fail(.misplaced("the name 'train'", "the 'train' block alone", at: span))
    }
    instances[last][name] = span
  }

  /// Expands `f`. The values and parameters of a block are named behind the instance's path, those of a function behind
  /// the name of its result; a model has an empty path unless it is named.
  private mutating func instantiate(
    _ f: FunctionSymbol, _ arguments: [Argument], as name: Name?, at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    try checkPlace(of: f, as: name, at: span)
    try countInstance(at: span)
    let syntax = f.syntax
    if syntax.kind == .function {
      let path = hint.isEmpty ? f.snakeName : hint
      let actuals = try actualArguments(f, arguments, path: path, at: span)
      return try expand(f, actuals, prefix: self.path(path) + ".", shown: "", at: span)
    }
    let path = name?.text ?? f.snakeName
    try registerInstance(path, name, end: span.end, example: "\(syntax.name.text)(…)", at: name?.span ?? span)
    do throws(Reported) {
      let actuals = try actualArguments(f, arguments, path: path, at: span)
      let prefix = syntax.kind == .model ? (name.map { "\($0.text)." } ?? "") : "\(self.prefix)\(path)."
      return try expand(f, actuals, prefix: prefix, shown: String(prefix.dropLast()), at: span)
    } catch {
      instances[instances.count - 1][path] = nil  // a second use of what failed is no second instance
      throw error
    }
  }

  private mutating func checkPlace(of f: FunctionSymbol, as name: Name?, at span: SourceSpan) throws(Reported) {
    func what() -> String { "the \(f.syntax.kind.rawValue) '\(f.syntax.name.text)'" }
    switch f.syntax.kind {
    case .function:
      if let name { throw fail(.noInstance(name.text, at: name.span)) }
    case .model:
      if !isInProgram || !callStack.isEmpty { throw fail(.misplaced(what(), "'train'", at: span)) }
    case .block:
      if callStack.isEmpty { throw fail(.misplaced(what(), "a model", at: span)) }
      if callStack.last?.kind == .function { throw fail(.blockInFunction(f.syntax.name.text, at: span)) }
    }
    if callStack.contains(where: { $0.text.start == f.syntax.name.span.start }) {
      throw fail(.recursion(f.syntax.name.text, at: span))
    }
  }

  /// Returns the result of one more use of a shared instance.
  private mutating func callLayer(_ index: Int, _ arguments: [Argument], at span: SourceSpan) throws(Reported)
    -> Meaning
  {
    let layer = layers[index]
    let f = layer.function
    if callStack.contains(where: { $0.text.start == f.syntax.name.span.start }) {
      throw fail(.recursion(f.syntax.name.text, at: span))
    }
    try countInstance(at: span)
    let bound = try bind(arguments, to: layer.open, form: layer.form, at: span)
    var rest = bound[...]
    var actuals: [Actual?] = []
    for (formal, given) in zip(f.syntax.formals, layer.actuals) {
      if let given {
        actuals.append(given)
      } else {
        actuals.append(
          try actual(
            of: formal, rest.removeFirst(), path: layer.name.text, in: (layer.name.text, layer.form), at: span))
      }
    }
    layers[index].uses += 1
    let saved = isSharedAgain
    isSharedAgain = saved || layers[index].uses > 1
    defer { isSharedAgain = saved }
    return try expand(f, actuals, prefix: layer.prefix, shown: layer.path, at: span)
  }

  /// Declares a shared instance, `layer name = Block(arguments)`: the arguments given here hold for all its uses.
  mutating func declareLayer(_ name: Name, _ value: Expression) throws(Reported) {
    guard let frame = callStack.last, frame.kind != .function else {
      throw fail(.misplaced("'layer'", "a block or a model", at: name.span))
    }
    guard case .call(let callee, let arguments) = value.kind, case .name(let n) = callee.kind else {
      throw fail(
        .expected("a block, as in 'layer \(name.text) = Block()'", found: "another expression", at: value.span))
    }
    guard let f = try functionSymbol(n, at: callee.span), f.syntax.kind == .block else {
      if mayBeFunction(n) { throw Reported() }
      throw fail(.expected("a block", found: "'\(n)'", at: callee.span))
    }
    if f.isDamaged { throw damaged(arguments) }
    let bound = try bind(arguments, to: f.labels, form: f.form, at: value.span)
    var actuals: [Actual?] = []
    for e in bound {
      actuals.append(try e.map { (e) throws(Reported) in .init(meaning: try lower(e, hint: name.text), span: e.span) })
    }
    try registerInstance(name.text, name, end: value.span.end, example: "layer …", at: name.span)
    layers.append(.init(f, actuals, path: prefix + name.text, name: name))
    declare(name, .layer(layers.count - 1))
  }

  private mutating func actualArguments(
    _ f: FunctionSymbol, _ arguments: [Argument], path: String, at span: SourceSpan
  ) throws(Reported) -> [Actual?] {
    let bound = try bind(arguments, to: f.labels, form: f.form, at: span)
    var (actuals, failed) = ([Actual?](), false)
    for (formal, e) in zip(f.syntax.formals, bound) {
      do throws(Reported) {
        actuals.append(try actual(of: formal, e, path: path, in: (f.syntax.name.text, f.form), at: span))
      } catch {
        failed = true  // the other arguments may have errors of their own
      }
    }
    if failed { throw Reported() }
    return actuals
  }

  private mutating func actual(
    of formal: Formal, _ e: Expression?, path: String, in callee: (name: String, form: String), at span: SourceSpan
  ) throws(Reported) -> Actual? {
    if let e { return .init(meaning: try lower(e, hint: path, part: formal.name.text), span: e.span) }
    if formal.defaultValue != nil { return nil }
    throw fail(.badArguments("'\(callee.name)' lacks the argument '\(formal.name.text)'", at: span, form: callee.form))
  }

  /// Returns, for each label, the argument given for it, in place or by label.
  mutating func bind(
    _ arguments: [Argument], to labels: [String], form: String, at span: SourceSpan
  ) throws(Reported) -> [Expression?] {
    var bound = [Expression?](repeating: nil, count: labels.count)
    var isLabelled = false
    for (i, a) in arguments.enumerated() {
      let position: Int
      if let label = a.label {
        isLabelled = true
        guard let p = labels.firstIndex(of: label.text) else {
          throw fail(.unknownLabel(label.text, at: label.span, form: form, candidates: labels))
        }
        position = p
      } else {
        if isLabelled {
          throw fail(.badArguments("an argument without a label after one with", at: a.value.span, form: form))
        }
        if i >= labels.count { throw fail(.badArguments("too many arguments", at: a.value.span, form: form)) }
        position = i
      }
      if bound[position] != nil {
        throw fail(.badArguments("'\(labels[position])' is given twice", at: a.value.span, form: form))
      }
      bound[position] = a.value
    }
    return bound
  }

}
