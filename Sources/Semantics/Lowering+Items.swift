import IR
import Operations
import Support
import Syntax

extension Lowering {

  /// Declares everything in `tree`.
  mutating func declare(_ tree: Tree, _ options: LoweringOptions) {
    scopes = [[:]]
    declareDims(tree, options)
    for i in tree.items { if case .function(let f) = i.kind { declareFunction(f, i.span) } }
    for i in tree.items {
      switch i.kind {
      case .dims, .function: continue
      case .importItem: diagnostics.report(.notSupportedYet("'import'", at: i.span))
      case .letItem(let name, let value): declareConstant(name, value)
      case .data(let name, let type, let value): declareData(name, type, value, i.span)
      case .train(let name, let body): declareTrain(name, body, i.span)
      case .schedule(let name, let rules): declareSchedule(name, rules, i.span)
      }
    }
  }

  private mutating func declareDims(_ tree: Tree, _ options: LoweringOptions) {
    var overrides: [String: Int] = [:]
    for o in options.dims {
      if overrides.updateValue(o.size, forKey: o.name) != nil {
        diagnostics.report(.dimOverride(o.name, "it is given twice"))
      }
      if o.size < 1 { diagnostics.report(.dimOverride(o.name, "a size is at least 1")) }
    }
    for i in tree.items {
      guard case .dims(let definitions) = i.kind else { continue }
      for d in definitions { declareDim(d, &overrides) }
    }
    for o in options.dims where overrides[o.name] != nil {
      let near = Suggestion.nearest(to: o.name, in: dims.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
      diagnostics.report(.dimOverride(o.name, "there is no such dim\(near)"))
    }
  }

  private mutating func declareDim(_ d: DimDefinition, _ overrides: inout [String: Int]) {
    let override = overrides.removeValue(forKey: d.name.text)
    let meaning: Meaning
    do throws(Reported) {
      meaning = .dim(try dim(of: d, override: override))
    } catch {
      meaning = .poison
    }
    if let earlier = globals[d.name.text] {
      diagnostics.report(.redeclared(d.name.text, at: d.name.span, earlier: earlier.span))
    }
    globals[d.name.text] = .init(meaning: meaning, isVariable: false, span: d.name.span)
    if case .dim(let s) = meaning { dims.append(.init(name: d.name.text, size: s.size)) }
  }

  /// Returns the dim that `d` defines: one with a name of its own if its value names no dim, else the value.
  private mutating func dim(of d: DimDefinition, override: Int?) throws(Reported) -> SymbolicDim {
    let value: SymbolicDim? = if let e = d.value { try self.dim(e) } else { nil }
    if let value, value.literal == nil {
      if override != nil { throw fail(.dimOverride(d.name.text, "it is derived from others: \(value.expression)")) }
      return value
    }
    guard let size = override ?? value?.size else { throw fail(.dimWithoutSize(d.name.text, at: d.name.span)) }
    return .init(named: d.name.text, size: max(size, 1))
  }

  private mutating func declareConstant(_ name: Name, _ value: Expression) {
    let meaning = constantOrPoison(value)
    if let earlier = globals[name.text] {
      diagnostics.report(.redeclared(name.text, at: name.span, earlier: earlier.span))
    }
    globals[name.text] = .init(meaning: meaning, isVariable: false, span: name.span)
  }

  private mutating func constantOrPoison(_ e: Expression) -> Meaning {
    do throws(Reported) {
      let m = try lower(e, hint: "")
      if case .tensor = m { throw fail(.expected("a number", found: m.kind, at: e.span)) }
      return m
    } catch {
      return .poison
    }
  }

  private mutating func declareFunction(_ f: FunctionSyntax, _ span: SourceSpan) {
    if f.kind == .function { diagnostics.report(.notSupportedYet("'func'", at: .init(span.start, span.start + 4))) }
    if let earlier = functions[f.name.text] {
      diagnostics.report(.redeclared(f.name.text, at: f.name.span, earlier: earlier.name.span))
    }
    functions[f.name.text] = f
  }

  private mutating func declareTrain(_ name: Name?, _ body: Body, _ span: SourceSpan) {
    if train != nil {
      diagnostics.report(.notSupportedYet("a second 'train' block", at: .init(span.start, span.start + 5)))
    } else {
      train = (body, .init(span.start, span.start + 5))
    }
  }

  private mutating func declareSchedule(_ name: Name?, _ rules: [RuleSyntax], _ span: SourceSpan) {
    let place = name?.span ?? .init(span.start, span.start + 8)
    if let earlier = schedulePlaces.updateValue(place, forKey: name?.text ?? "") {
      diagnostics.report(.redeclared(name?.text ?? "schedule", at: place, earlier: earlier))
    }
    schedules.append(scheduleRequest(name, rules))
  }

}
