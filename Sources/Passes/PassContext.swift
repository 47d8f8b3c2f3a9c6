package import IR
import Operations

/// What passes know beside the function.
package struct PassContext: Sendable {

  /// The selectors of rules whose last part is a name: values that somebody asked for, which passes leave as they are.
  private let named: [ValueSelector]

  /// Creates the context of a module that is scheduled with the rules of `selectors`.
  package init(selectors: [ValueSelector] = []) {
    named = selectors.filter { (s) in
      switch s.segments.last {
      case .name: true
      case .range, .pattern, .any, .anyDepth, nil: false
      }
    }
  }

  /// Returns the values of `f` that stay what they are: reported ones, those marked with `checkpoint(…)`, and those that
  /// a rule names.
  ///
  /// - Complexity: O(*n*·*s*) for *n* values and *s* selectors.
  func pinned(in f: Function) -> Set<ValueID> {
    var all = Set(f.checkpoints).union(f.results.map(\.value))
    if named.isEmpty { return all }
    for i in f.instructions {
      for r in i.results where named.contains(where: { $0.matches(path: f[r].name, mnemonic: i.operation.mnemonic) }) {
        all.insert(r)
      }
    }
    return all
  }

}
