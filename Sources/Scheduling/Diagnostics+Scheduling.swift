package import IR
import Operations
package import Support

extension Diagnostic {

  /// No schedule fits the budget; `advice` says what does, where that is not a flag.
  package static func budgetTooSmall(
    budget: Int, least: Int, leastPolicy: PolicyCall, at span: SourceSpan?, advice: String? = nil
  ) -> Diagnostic {
    .init(
      .error, "CG0501",
      "no schedule fits \(ByteCount(budget)) (\(budget) bytes); the least peak found is \(ByteCount(least)) (\(least) bytes)",
      at: span, label: "\(ByteCount(least - budget)) too small",
      notes: [.init(advice ?? "--budget \(least) works, with \(leastPolicy)")])
  }

  /// A rule selects no value.
  static func ruleMatchesNothing(
    _ rule: ScheduleRule, _ candidates: [SelectableValue], _ analysis: StepAnalysis
  ) -> Diagnostic {
    let near = nearest(to: rule.selector, candidates, analysis)
    let isPlain =
      rule.selector.operation == nil && !rule.selector.segments.contains { if case .range = $0 { true } else { false } }
    let mend = near.flatMap { (n) in
      isPlain ? FixIt("write '\(n.pattern)'", replacing: rule.selector.span, with: n.pattern) : nil
    }
    return .init(
      .error, "CG0510", "rule matches no value: \(rule.selector)", at: rule.selector.span,
      notes: near.map { [.init($0.question)] } ?? [], fixIts: mend.map { [$0] } ?? [])
  }

  /// Returns the pattern of paths that is most like `selector`, and whether it was meant, with what it selects.
  private static func nearest(
    to selector: ValueSelector, _ candidates: [SelectableValue], _ analysis: StepAnalysis
  ) -> (pattern: String, question: String)? {
    let pattern = selector.segments.map { if case .range = $0 { "*" } else { $0.description } }.joined(separator: ".")
    var groups: [String: (count: Int, bytes: Int)] = [:]
    for c in candidates {
      let parts = c.path.split(separator: ".").map { Int($0) == nil ? String($0.prefix { $0 != "~" }) : "*" }
      let group = parts.joined(separator: ".")
      let old = groups[group] ?? (0, 0)
      groups[group] = (old.count + 1, old.bytes + analysis.arenaBytes(of: c.value))
    }
    guard let best = Suggestion.nearest(to: pattern, in: groups.keys.sorted()), let found = groups[best] else {
      return nil
    }
    let size = "\(found.count) value\(found.count == 1 ? "" : "s"), \(ByteCount(found.bytes))"
    return (best, "did you mean '\(best)' (\(size))?")
  }

  /// Two equally specific rules demand opposite things of a value.
  static func conflictingRules(_ earlier: ScheduleRule, _ later: ScheduleRule, path: String) -> Diagnostic {
    .init(
      .error, "CG0511",
      "'\(later.kind.rawValue)' and '\(earlier.kind.rawValue)' of '\(path)' by equally specific rules",
      at: later.selector.span, notes: [.init("the other rule is here", at: earlier.selector.span)])
  }

  /// A rule demands the opposite of a mark in the source.
  static func ruleAgainstMark(_ rule: ScheduleRule, path: String) -> Diagnostic {
    .init(
      .error, "CG0512", "'\(rule.kind.rawValue)' of '\(path)', which checkpoint(…) marks as saved",
      at: rule.selector.span)
  }

  /// A later rule takes values away from an earlier one.
  static func ruleOverrides(_ earlier: ScheduleRule, _ later: ScheduleRule) -> Diagnostic {
    .init(
      .warning, "CG0513",
      "'\(later.kind.rawValue) \(later.selector)' overrides '\(earlier.kind.rawValue) \(earlier.selector)'",
      at: later.selector.span, notes: [.init("the overridden rule is here", at: earlier.selector.span)])
  }

  /// A rule that offloads values of which the backward part reads none.
  static func offloadsNothing(_ rule: ScheduleRule) -> Diagnostic {
    .init(
      .warning, "CG0514",
      "'\(rule.kind.rawValue) \(rule.selector)' offloads nothing: the backward part reads no such value",
      at: rule.selector.span)
  }

  /// The name of a policy that does not exist.
  static func unknownPolicy(_ call: PolicyCall) -> Diagnostic {
    let near = Suggestion.nearest(to: call.name, in: Policy.all.map(\.name))
    return .init(
      .error, "CG0502", "unknown policy '\(call.name)'", at: call.span,
      notes: [
        near.map { .init("did you mean '\($0)'?") }
          ?? .init("policies: \(Policy.all.map(\.name).joined(separator: ", "))")
      ], fixIts: mends(of: call, near))
  }

  /// Returns the fix-it that writes `near` for the name of `call`, where that stands in a file.
  private static func mends(of call: PolicyCall, _ near: String?) -> [FixIt] {
    guard let near, let start = call.span?.start else { return [] }
    let name = SourceSpan(start, start + call.name.utf8.count)
    return [.init("replace '\(call.name)' with '\(near)'", replacing: name, with: near)]
  }

  /// Arguments that a policy does not take.
  static func policyArguments(_ call: PolicyCall, _ policy: Policy) -> Diagnostic {
    .init(.error, "CG0504", "'\(call)' is not of the form \(policy.form)", at: call.span)
  }

  /// `manual()` where nothing is marked.
  static func nothingMarked(_ call: PolicyCall) -> Diagnostic {
    .init(
      .error, "CG0505", "manual() saves what checkpoint(…) marks, and nothing is marked", at: call.span,
      notes: [.init("write 'let h = checkpoint(expression)' for each value to save")])
  }

}
