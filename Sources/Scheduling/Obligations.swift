package import IR
import Operations
package import Support

/// What the rules of a schedule and the marks of the source demand of each value.
package struct Obligations: Sendable {

  package enum Demand: Hashable, Sendable {
    case none
    case save
    case recompute
  }

  /// One for each value of the function.
  package private(set) var demands: [Demand]

  /// For each value, whether a rule has it kept in the host's memory until backward reads it; its demand is to be saved.
  package private(set) var isOffloaded: [Bool]

  /// The warnings about rules that override others.
  package private(set) var warnings: [Diagnostic] = []

  /// The rule that made each demand, if one did.
  private var sources: [ScheduleRule?]

  /// Applies the marks `checkpoint(…)`, then `rules` in order.
  ///
  /// Only results of the forward part can be saved or recomputed; what is reported is always kept and never selected.
  /// - Throws: a diagnostic for each rule that matches nothing, and for each that demands of a value the contrary of what
  ///   an equally specific one does.
  /// - Complexity: O(*r*·*n*) for *r* rules and *n* values.
  package init(_ rules: [ScheduleRule], of analysis: StepAnalysis) throws(DiagnosticError) {
    demands = .init(repeating: .none, count: analysis.function.values.count)
    sources = .init(repeating: nil, count: demands.count)
    isOffloaded = .init(repeating: false, count: demands.count)
    for v in analysis.function.checkpoints where analysis.isForward[v.index] { demands[v.index] = .save }
    let candidates = analysis.selectable()
    var errors: [Diagnostic] = []
    for r in rules {
      do throws(DiagnosticError) {
        try apply(r, to: candidates, of: analysis)
      } catch {
        errors += error.diagnostics
      }
    }
    if !errors.isEmpty { throw .init(errors) }
  }

  private mutating func apply(
    _ rule: ScheduleRule, to candidates: [SelectableValue], of analysis: StepAnalysis
  ) throws(DiagnosticError) {
    let matched = candidates.filter { rule.selector.matches(path: $0.path, mnemonic: $0.mnemonic) }
    if matched.isEmpty { throw .init(.ruleMatchesNothing(rule, candidates, analysis)) }
    for c in matched {
      let v = c.value.index
      let demand: Demand =
        switch rule.kind {
        case .save, .offload: .save
        case .recompute: .recompute
        }
      if contradicts(rule, demand, at: v) { try resolve(rule, against: sources[v], path: c.path) }
      demands[v] = demand
      sources[v] = rule
      isOffloaded[v] = rule.kind == .offload
    }
  }

  /// `true` iff what holds of value `v` so far is not what `rule` demands; a value that is marked as saved may be offloaded.
  private func contradicts(_ rule: ScheduleRule, _ demand: Demand, at v: Int) -> Bool {
    demands[v] != .none && (demands[v] != demand || sources[v].map { $0.kind != rule.kind } ?? false)
  }

  private mutating func resolve(_ rule: ScheduleRule, against earlier: ScheduleRule?, path: String)
    throws(DiagnosticError)
  {
    guard let earlier else { throw .init(.ruleAgainstMark(rule, path: path)) }
    if earlier.selector.specificity == rule.selector.specificity {
      throw .init(.conflictingRules(earlier, rule, path: path))
    }
    let warning = Diagnostic.ruleOverrides(earlier, rule)
    if !warnings.contains(warning) { warnings.append(warning) }
  }

  /// Where a demand comes from.
  package enum Source: Hashable, Sendable {
    case rule(ScheduleRule)

    /// `checkpoint(…)` in the source.
    case mark
  }

  /// Returns where the demand of `v` comes from, or `nil` if there is none.
  package func source(of v: ValueID) -> Source? {
    if demands[v.index] == .none { return nil }
    return sources[v.index].map { .rule($0) } ?? .mark
  }

  /// Returns `saved` with every demand met.
  package func applied(to saved: [Bool]) -> [Bool] {
    zip(saved, demands).map { (s, d) in
      switch d {
      case .none: s
      case .save: true
      case .recompute: false
      }
    }
  }

  /// The values that must be saved, on the device or on the host.
  package var saved: Set<ValueID> { Set(demands.indices.filter { demands[$0] == .save }.map(ValueID.init)) }

}

/// A value that rules may select.
package struct SelectableValue: Hashable, Sendable {

  package let value: ValueID

  package let path: String

  package let mnemonic: String

}

extension StepAnalysis {

  /// Returns the values that rules may select: first results of the forward part that are not reported.
  package func selectable() -> [SelectableValue] {
    var all: [SelectableValue] = []
    for i in forward {
      for r in i.results.prefix(1) where !isResult[r.index] {
        all.append(.init(value: r, path: function[r].name, mnemonic: i.operation.mnemonic))
      }
    }
    return all
  }

}

/// Diagnostics that end what was being done.
package struct DiagnosticError: Error, Hashable, Sendable {

  /// At least one.
  package let diagnostics: [Diagnostic]

  package init(_ diagnostic: Diagnostic) { diagnostics = [diagnostic] }

  package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

}
