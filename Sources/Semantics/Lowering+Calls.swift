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
    if let f = functions[n] { return try instantiate(f, arguments, as: name, at: span) }
    if let name { throw fail(.noInstance(name.text, at: name.span)) }
    return try builtin(n, arguments, calleeSpan: callee.span, at: span, hint: hint)
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

  /// Expands `f`, whose values and parameters are named behind the instance's path.
  ///
  /// A model has an empty path unless it is named.
  private mutating func instantiate(
    _ f: FunctionSyntax, _ arguments: [Argument], as name: Name?, at span: SourceSpan
  ) throws(Reported) -> Meaning {
    switch f.kind {
    case .function: throw Reported()  // 'func' was reported at its declaration
    case .model where !isInProgram: throw fail(.misplaced("the model '\(f.name.text)'", "'train'", at: span))
    case .block where callStack.isEmpty: throw fail(.misplaced("the block '\(f.name.text)'", "a model", at: span))
    case .model where !callStack.isEmpty: throw fail(.misplaced("the model '\(f.name.text)'", "'train'", at: span))
    case .block, .model: break
    }
    if callStack.contains(f.name.text) { throw fail(.recursion(f.name.text, at: span)) }
    let path = name?.text ?? snakeCase(f.name.text)
    try countExpansion(at: span)
    try registerInstance(path, name, end: span.end, example: "\(f.name.text)(…)", at: name?.span ?? span)
    do throws(Reported) {
      return try expandInstance(f, arguments, as: name, path: path, at: span)
    } catch {
      instances[instances.count - 1][path] = nil  // a second use of what failed is no second instance
      throw error
    }
  }

  private mutating func expandInstance(
    _ f: FunctionSyntax, _ arguments: [Argument], as name: Name?, path: String, at span: SourceSpan
  ) throws(Reported) -> Meaning {
    let actuals = try actualArguments(f, arguments, path: path, at: span)
    let saved = (scopes, prefix, leadingDims)
    scopes = [[:]]
    prefix = f.kind == .model ? (name.map { "\($0.text)." } ?? "") : "\(prefix)\(path)."
    leadingDims = nil
    instances.append([:])
    callStack.append(f.name.text)
    defer {
      (scopes, prefix, leadingDims) = saved
      instances.removeLast()
      callStack.removeLast()
    }
    try checkPath(prefix, at: span)
    return try expand(f, actuals, at: span)
  }

  /// An argument as the caller gave it, or a default.
  private struct Actual {
    let meaning: Meaning
    let span: SourceSpan
  }

  private mutating func actualArguments(
    _ f: FunctionSyntax, _ arguments: [Argument], path: String, at span: SourceSpan
  ) throws(Reported) -> [Actual?] {
    let labels = f.formals.map(\.name.text)
    let form = "\(f.name.text)(\(labels.joined(separator: ", ")))"
    let bound = try bind(arguments, to: labels, form: form, at: span)
    var (actuals, failed) = ([Actual?](), false)
    for (formal, e) in zip(f.formals, bound) {
      do throws(Reported) {
        actuals.append(try actual(of: formal, e, path: path, in: (f.name.text, form), at: span))
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
    if let e { return .init(meaning: try lower(e, hint: "\(path).\(formal.name.text)"), span: e.span) }
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
          let near = Suggestion.nearest(to: label.text, in: labels).map { "; did you mean '\($0)'?" } ?? ""
          throw fail(.badArguments("there is no argument '\(label.text)'\(near)", at: label.span, form: form))
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

  private mutating func expand(_ f: FunctionSyntax, _ actuals: [Actual?], at span: SourceSpan) throws(Reported)
    -> Meaning
  {
    for (formal, actual) in zip(f.formals, actuals) {
      let m: Meaning
      if let actual {
        m = actual.meaning
      } else if let e = formal.defaultValue {
        m = try lower(e, hint: formal.name.text)
      } else {
        preconditionFailure("checked before")
      }
      try bindFormal(formal, m, at: actual?.span ?? formal.span)
    }
    let expected = try resultTypes(f.result)
    scopes.append([:])  // what the body declares does not change what the header says
    guard let result = try lower(f.body) else { throw fail(.noReturn(f.name.text, at: f.name.span)) }
    let parts: [Meaning] = if case .tuple(let parts) = result.meaning { parts } else { [result.meaning] }
    guard parts.count == expected.count else {
      throw fail(
        .expected("\(expected.count) results of '\(f.name.text)'", found: result.meaning.kind, at: result.span))
    }
    for (part, type) in zip(parts, expected) {
      guard case .tensor(_, let t) = part else {
        throw fail(.expected("a tensor as the result of '\(f.name.text)'", found: part.kind, at: result.span))
      }
      try check(t, is: type, "the result of '\(f.name.text)'", at: result.span)
    }
    return result.meaning
  }

  /// Returns the types of the results that a header declares: one, or those of a tuple.
  private mutating func resultTypes(_ s: TypeSyntax) throws(Reported) -> [SymbolicType] {
    guard case .tuple(let parts) = s.kind else { return [try tensorType(s)] }
    var types: [SymbolicType] = []
    for p in parts { types.append(try tensorType(p)) }
    return types
  }

  private mutating func bindFormal(_ formal: Formal, _ m: Meaning, at span: SourceSpan) throws(Reported) {
    let what = "the argument '\(formal.name.text)'"
    var m = m
    switch (formal.type.kind, m) {
    case (_, .poison): throw Reported()
    case (.tensor, .tensor(_, let t)): try unify(formal.type, with: t, of: what, at: span)
    case (.dim, .dim(let d)) where d.size >= 1: break
    case (.int, .dim), (.float, .number), (.bool, .boolean): break
    case (.float, .dim(let d)): m = .number(Double(d.size))
    case (.tuple, _): throw fail(.notSupportedYet("a tuple as an argument", at: formal.span))
    case (.tensor, _), (.dim, _), (.int, _), (.float, _), (.bool, _):
      throw fail(.expected("\(name(of: formal.type)) for \(what)", found: m.kind, at: span))
    }
    declare(formal.name, m)
  }

  private func name(of type: TypeSyntax) -> String {
    switch type.kind {
    case .tensor: "a tensor"
    case .dim: "a dim"
    case .int: "a whole number"
    case .float: "a number"
    case .bool: "a truth value"
    case .tuple: "a tuple"
    }
  }

  /// Returns `name` in snake case: `LayerNorm` is `layer_norm`, `MLP` is `mlp`.
  private func snakeCase(_ name: String) -> String {
    var s = ""
    let letters = Array(name)
    for (i, c) in letters.enumerated() {
      let follows = i > 0 && letters[i - 1] != "_"
      let startsWord = i > 0 && (letters[i - 1].isLowercase || (i + 1 < letters.count && letters[i + 1].isLowercase))
      if c.isUppercase, follows, startsWord { s += "_" }
      s += c.lowercased()
    }
    return s
  }

}
