import IR
import Operations
import Support
import Syntax

/// A pattern of parameter paths that `freeze` names.
struct FrozenPattern {

  let text: String

  let selector: ValueSelector

}

extension Lowering {

  /// Returns the patterns that `e` is: a string, or several in brackets.
  mutating func frozenPatterns(_ e: Expression) throws(Reported) -> [FrozenPattern] {
    let parts: [Expression]
    switch e.kind {
    case .tuple(let all), .list(let all): parts = all
    case .number, .string, .name, .elementType, .bool, .call, .subscripted, .member, .negated, .chain, .comparison,
      .instance, .arrow:
      parts = [e]
    }
    var patterns: [FrozenPattern] = []
    for p in parts {
      guard case .string(let text) = p.kind else {
        throw fail(.badSetting("freeze", "patterns of parameters, as \"wte\" or (\"wte\", \"h.*.mlp.**\")", at: p.span))
      }
      guard let selector = ValueSelector(pattern: text, span: p.span) else {
        throw fail(.badSetting("freeze", "a pattern such as \"h.*.mlp.**\", not \"\(text)\"", at: p.span))
      }
      patterns.append(.init(text: text, selector: selector))
    }
    return patterns
  }

  /// Makes the parameters that `patterns` select keep their values; each must select some.
  ///
  /// - Complexity: O(*p*·*n*) for *p* patterns and *n* parameters.
  mutating func freeze(_ patterns: [FrozenPattern]) throws(Reported) {
    let parameters = storage.indices.filter { storage[$0].kind == .parameter }
    for p in patterns {
      let selected = parameters.filter { p.selector.matches(path: storage[$0].name, mnemonic: "") }
      if selected.isEmpty {
        throw fail(.freezesNothing(p.text, parameters.map { storage[$0].name }, at: p.selector.span))
      }
      for i in selected {
        let s = storage[i]
        storage[i] = .init(.frozen, s.name, s.type, s.initializer, site: s.site)
      }
    }
  }

}
