package import IR
import Operations

/// What passes know beside the function.
package struct PassContext: Sendable {

  /// The selectors of the schedule's rules.
  private let selectors: [ValueSelector]

  /// Those whose last part is a name: values that somebody asked for, which passes leave as they are.
  private let named: [ValueSelector]

  /// These, and those that name an operation.
  private let precise: [ValueSelector]

  /// Creates the context of a module that is scheduled with the rules of `selectors`.
  package init(selectors: [ValueSelector] = []) {
    self.selectors = selectors
    let named = selectors.filter { (s) in
      switch s.segments.last {
      case .name: true
      case .range, .pattern, .any, .anyDepth, nil: false
      }
    }
    self.named = named
    precise = selectors.filter { named.contains($0) || $0.operation != nil }
  }

  /// Returns the values of `f` that stay what they are: reported ones, those marked with `checkpoint(…)`, and those that
  /// a rule names.
  ///
  /// - Complexity: O(*n*·*s*) for *n* values and *s* selectors.
  func pinned(in f: Function) -> Set<ValueID> { demanded(in: f, by: named) }

  /// Returns the values of `f` that stay what their operation is: pinned ones, and those that a rule selects by it.
  ///
  /// - Complexity: O(*n*·*s*) for *n* values and *s* selectors.
  func operationsPinned(in f: Function) -> Set<ValueID> { demanded(in: f, by: precise) }

  /// Returns the values of `f` that are reported, marked with `checkpoint(…)`, or selected by any rule.
  ///
  /// - Complexity: O(*n*·*s*) for *n* values and *s* selectors.
  func selected(in f: Function) -> Set<ValueID> { demanded(in: f, by: selectors) }

  private func demanded(in f: Function, by selectors: [ValueSelector]) -> Set<ValueID> {
    var all = Set(f.checkpoints).union(f.results.map(\.value))
    if selectors.isEmpty { return all }
    for i in f.instructions {
      for r in i.results
      where selectors.contains(where: { $0.matches(path: f[r].name, mnemonic: i.operation.mnemonic) }) {
        all.insert(r)
      }
    }
    return all
  }

}
