package import Support

/// What errors of syntax took from a tree, so that later stages do not complain of what they cannot see.
package struct SyntaxDamage: Sendable {

  /// The words in the text that is in no item, and in the items with errors: any of them may be declared there.
  package private(set) var names: Set<String> = []

  /// The positions of the items that lack something.
  package private(set) var items: Set<Int> = []

  /// `true` iff nothing is missing.
  package private(set) var isNone = true

  /// No damage.
  package init() {}

  /// Finds what `diagnostics`, which `parse` reported of `file`, took from `tree`.
  ///
  /// - Complexity: O(*n*) in the length of the file; O(1) if there are no errors.
  package init(of tree: Tree, in file: SourceFile, _ diagnostics: DiagnosticSet) {
    if !diagnostics.hasErrors { return }
    isNone = false
    for d in diagnostics.elements where d.severity == .error {
      // an error behind an item may be what ended it
      if let place = d.span?.start, let i = tree.items.lastIndex(where: { $0.span.start <= place }) { items.insert(i) }
    }
    let whole = tree.items.indices.filter { !items.contains($0) }.map { tree.items[$0].span }
    collectNames(of: file, outside: whole)
  }

  /// Collects the words of `file` that lie in none of the `spans`, which are in order.
  private mutating func collectNames(of file: SourceFile, outside spans: [SourceSpan]) {
    var lexer = Lexer(file)
    var ignored = DiagnosticSet()
    var rest = spans[...]
    while true {
      let token = lexer.next(reporting: &ignored)
      if token.kind == .endOfFile { return }
      while let first = rest.first, first.end <= token.span.start { rest.removeFirst() }
      if let first = rest.first, first.start <= token.span.start { continue }
      if token.kind == .name { names.insert(token.text) }
    }
  }

}
