package import IR
import Operations
package import Support
import Syntax

extension Lowering {

  /// Returns what the rules of a `schedule` block ask for.
  mutating func scheduleRequest(_ name: Name?, _ rules: [RuleSyntax]) -> ScheduleRequest {
    var request = ScheduleRequest(name: name?.text)
    for r in rules {
      do throws(Reported) {
        try add(r, to: &request)
      } catch {
        // Reported; the other rules go on.
      }
    }
    return request
  }

  private mutating func add(_ r: RuleSyntax, to request: inout ScheduleRequest) throws(Reported) {
    switch r.kind {
    case .setting(let name, let value):
      if name.text != "checkpoint" { throw fail(.unknownSetting(name.text, at: name.span, known: ["checkpoint"])) }
      if let earlier = request.policy { throw fail(.redeclared("checkpoint", at: name.span, earlier: earlier.span)) }
      request.policy = try policy(value)
    case .selection(let fate, let selectors):
      for s in selectors { request.rules.append(.init(kind(fate), selector(s))) }
    }
  }

  private func kind(_ fate: RuleSyntax.Fate) -> ScheduleRule.Kind {
    switch fate {
    case .save: .save
    case .recompute: .recompute
    case .offload: .offload
    }
  }

  private func selector(_ s: SelectorSyntax) -> ValueSelector {
    let segments: [ValueSelector.Segment] = s.segments.map { (part) in
      switch part.kind {
      case .name(let n): .name(n)
      case .index(let i): .name("\(i)")
      case .any: .any
      case .anyDepth: .anyDepth
      case .range(let low, let high): .range(low, high)
      }
    }
    return .init(segments: segments, operation: s.operation?.text, span: s.span)
  }

  /// Returns the policy that `e`, a call, names.
  mutating func policy(_ e: Expression) throws(Reported) -> PolicyCall {
    guard case .call(let callee, let arguments) = e.kind, case .name(let name) = callee.kind else {
      throw fail(.badSetting("checkpoint", "a policy such as sqrt() or every(k: 3)", at: e.span))
    }
    var attributes: [Attribute] = []
    for a in arguments {
      let m = try lower(a.value, hint: "")
      let label = a.label?.text ?? PolicyCall.unlabelled
      switch m {
      case .dim(let d): attributes.append(.init(label, .integer(d.size)))
      case .number(let n): attributes.append(.init(label, .number(n)))
      case .boolean(let b): attributes.append(.init(label, .boolean(b)))
      case .tensor, .string, .tuple, .data, .layer, .elementType, .poison:
        throw fail(.expected("a number", found: m.kind, at: a.value.span))
      }
    }
    return .init(name: name, arguments: attributes, span: e.span)
  }

}

/// Returns the policy that `text`, as in `--policy 'every(k: 3)'`, names, and what is wrong with it.
package func policyCall(_ text: String) -> (call: PolicyCall?, file: SourceFile, diagnostics: DiagnosticSet) {
  let file = SourceFile(name: "--policy", text: "schedule { checkpoint = \(text) }\n")
  let (tree, diagnostics) = parse(file)
  var lowering = Lowering(SourceProgram(file, tree))
  lowering.diagnostics = diagnostics
  guard !diagnostics.hasErrors, tree.items.count == 1, case .schedule(nil, let rules) = tree.items[0].kind,
    rules.count == 1, case .setting(_, let value) = rules[0].kind
  else { return (nil, file, diagnostics) }
  do throws(Reported) {
    let call = try lowering.policy(value)
    return (.init(name: call.name, arguments: call.arguments), file, lowering.diagnostics)
  } catch {
    return (nil, file, lowering.diagnostics)
  }
}
