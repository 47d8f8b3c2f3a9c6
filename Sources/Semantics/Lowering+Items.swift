import IR
import Operations
import Support
import Syntax

extension Lowering {

  /// Declares everything in the files of the program.
  mutating func declare(_ options: LoweringOptions) {
    scopes = [.init()]
    assign(options.dims)
    for u in units.indices {
      unit = u
      for (i, item) in program.units[u].tree.items.enumerated() {
        declare(item, isDamaged: program.units[u].damage.items.contains(i))
      }
    }
    for u in units.indices {
      unit = u
      declareImports(program.units[u])
    }
    for u in units.indices { resolveGlobals(of: u) }
    unit = 0
    for i in program.units[0].tree.items {
      if case .schedule(let name, let rules) = i.kind { declareSchedule(name, rules, i.span) }
    }
  }

  private mutating func declare(_ i: Item, isDamaged: Bool) {
    switch i.kind {
    case .importItem, .schedule: break
    case .dims(let definitions):
      for d in definitions { declareGlobal(d.name, .dim(d), isDamaged: isDamaged) }
    case .letItem(let name, let value): declareGlobal(name, .constant(name, value), isDamaged: isDamaged)
    case .data(let name, let type, let value):
      declareGlobal(name, .data(name, type, value, i.span), isDamaged: isDamaged)
    case .function(let f): declareFunction(f, isDamaged: isDamaged)
    case .train(let name, let body): declareTrain(name, body, i.span, isDamaged: isDamaged)
    }
  }

  /// Declares `name`; what the parser could not read of its declaration makes its uses silent.
  private mutating func declareGlobal(_ name: Name, _ declaration: Global.Declaration, isDamaged: Bool) {
    if let earlier = units[unit].globals[name.text] {
      diagnostics.report(.redeclared(name.text, at: name.span, earlier: earlier.span))
      return
    }
    units[unit].globals[name.text] =
      isDamaged ? .ready(.init(meaning: .poison, kind: .constant, span: name.span)) : .pending(declaration)
    units[unit].globalNames.append(name)
  }

  private mutating func declareFunction(_ f: FunctionSyntax, isDamaged: Bool) {
    if let earlier = units[unit].functions[f.name.text] {
      diagnostics.report(.redeclared(f.name.text, at: f.name.span, earlier: earlier.syntax.name.span))
      return
    }
    if Builtin.named(f.name.text) != nil { diagnostics.report(.hidesBuiltin(f.name.text, at: f.name.span)) }
    units[unit].functions[f.name.text] = .init(
      unit: unit, syntax: f, snakeName: snakeCase(f.name.text), isDamaged: isDamaged)
  }

  private mutating func declareTrain(_ name: Name?, _ body: Body, _ span: SourceSpan, isDamaged: Bool) {
    if unit > 0 { return }  // an imported file may be a model of its own
    let place = name?.span ?? .init(span.start, span.start + 5)
    if let earlier = trainBlocks.first(where: { $0.name?.text == name?.text }) {
      diagnostics.report(.redeclared(name?.text ?? "train", at: place, earlier: earlier.name?.span ?? earlier.span))
      return
    }
    let keyword = SourceSpan(span.start, span.start + 5)
    trainBlocks.append(.init(name: name, body: body, span: keyword, isDamaged: isDamaged))
  }

  private mutating func declareSchedule(_ name: Name?, _ rules: [RuleSyntax], _ span: SourceSpan) {
    let place = name?.span ?? .init(span.start, span.start + 8)
    if let earlier = schedulePlaces.updateValue(place, forKey: name?.text ?? "") {
      diagnostics.report(.redeclared(name?.text ?? "schedule", at: place, earlier: earlier))
    }
    schedules.append(scheduleRequest(name, rules))
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

/// Dims, constants and data, which are evaluated where they are first needed, in any order.
extension Lowering {

  /// Hands out the sizes that flags give: `B` is a dim of the model, `blocks.B` one of an imported file.
  private mutating func assign(_ overrides: [LoweringOptions.DimOverride]) {
    for o in overrides {
      if o.size < 1 { diagnostics.report(.dimOverride(o.name, "a size is at least 1")) }
      let parts = o.name.split(separator: ".", omittingEmptySubsequences: false)
      let path = parts.dropLast().joined(separator: ".")
      let name = String(parts.last ?? "")
      let u = units.firstIndex { $0.path == path } ?? 0
      let known = dimNames(of: u)
      if !known.contains(name), program.units[u].damage.names.contains(name) { continue }
      if !known.contains(name) || (u == 0 && !path.isEmpty) {
        let near = Suggestion.nearest(to: o.name, in: known).map { "; did you mean '\($0)'?" } ?? ""
        diagnostics.report(.dimOverride(o.name, "there is no such dim\(near)"))
      } else if units[u].overrides.updateValue(o.size, forKey: name) != nil {
        diagnostics.report(.dimOverride(o.name, "it is given twice"))
      }
    }
  }

  private func dimNames(of unit: Int) -> [String] {
    program.units[unit].tree.items.flatMap { (i) in
      if case .dims(let definitions) = i.kind { definitions.map(\.name.text) } else { [String]() }
    }
  }

  /// Returns what the file declares `name` to be, or `nil`.
  mutating func global(_ name: String) -> Binding? {
    switch units[unit].globals[name] {
    case nil: return nil
    case .ready(let b): return b
    case .open(let span):
      diagnostics.report(.circularDefinition(name, at: span))
      return .init(meaning: .poison, kind: .constant, span: span)
    case .pending(let declaration): return resolve(name, declaration)
    }
  }

  /// Evaluates every global of `u`, so that all errors are found.
  private mutating func resolveGlobals(of u: Int) {
    unit = u
    for n in units[u].globalNames { _ = global(n.text) }
  }

  private mutating func resolve(_ name: String, _ declaration: Global.Declaration) -> Binding {
    let span = Global.pending(declaration).span
    units[unit].globals[name] = .open(span)
    let context = enterFileScope()
    let meaning: Meaning
    do throws(Reported) {
      meaning = try nested(at: span) { (l) throws(Reported) in try l.meaning(of: declaration) }
    } catch {
      meaning = .poison
    }
    leaveFileScope(context)
    let binding = Binding(meaning: meaning, kind: .constant, span: span)
    units[unit].globals[name] = .ready(binding)
    return binding
  }

  /// What is put aside while a declaration of the file is evaluated.
  struct FileContext {
    let scopes: [Scope]
    let prefix: String
    let isInProgram: Bool
    let leadingDims: [SymbolicDim]?
    let callStack: [CallFrame]
  }

  mutating func enterFileScope() -> FileContext {
    let context = FileContext(
      scopes: scopes, prefix: prefix, isInProgram: isInProgram, leadingDims: leadingDims, callStack: callStack)
    (scopes, prefix, isInProgram, leadingDims, callStack) = ([.init()], "", false, nil, [])
    return context
  }

  mutating func leaveFileScope(_ c: FileContext) {
    (scopes, prefix, isInProgram, leadingDims, callStack) = (
      c.scopes, c.prefix, c.isInProgram, c.leadingDims, c.callStack
    )
  }

  private mutating func meaning(of declaration: Global.Declaration) throws(Reported) -> Meaning {
    switch declaration {
    case .dim(let d): return .dim(try dim(of: d))
    case .constant(_, let value): return try constant(value)
    case .data(let name, let type, let value, let span): return try dataMeaning(name, type, value, span)
    }
  }

  /// Returns the dim that `d` defines: one with a name of its own if its value names no dim, else the value.
  private mutating func dim(of d: DimDefinition) throws(Reported) -> SymbolicDim {
    let override = units[unit].overrides[d.name.text]
    let value: SymbolicDim? = if let e = d.value { try self.dim(e) } else { nil }
    if let value, value.literal == nil {
      if override != nil { throw fail(.dimOverride(d.name.text, "it is derived from others: \(value.expression)")) }
      return value
    }
    guard let size = override ?? value?.size else { throw fail(.dimWithoutSize(d.name.text, at: d.name.span)) }
    return .init(named: qualified(d.name.text), size: max(size, 1))
  }

  /// Returns what a dim of this file is called in the whole program, where names of several files must differ.
  private func qualified(_ name: String) -> String {
    units[unit].path.isEmpty ? name : "\(units[unit].path).\(name)"
  }

  private mutating func constant(_ value: Expression) throws(Reported) -> Meaning {
    let m = try lower(value, hint: "")
    switch m {
    case .dim, .number, .boolean, .string, .tuple, .elementType, .poison: return m
    case .tensor, .data, .layer: throw fail(.expected("a number", found: m.kind, at: value.span))
    }
  }

  /// The dims that files declare, those of the model first, each in order.
  var declaredDims: [Module.Dim] {
    units.indices.flatMap { (u) in
      dimNames(of: u).compactMap { (name) in
        guard case .ready(let b) = units[u].globals[name], case .dim(let d) = b.meaning else { return nil }
        return .init(name: units[u].path.isEmpty ? name : "\(units[u].path).\(name)", size: d.size)
      }
    }
  }

}
