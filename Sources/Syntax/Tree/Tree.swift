package import Support

/// The syntax of a model file.
///
/// Bodies nest at most `Limits.nesting` deep and no expression is higher than `Limits.height`, so that a traversal may
/// recurse.
package struct Tree: Sendable {

  /// The items in the order of the file.
  package var items: [Item]

  /// Creates a tree of `items`.
  package init(items: [Item] = []) { self.items = items }

}

/// A name as it stands in the source.
package struct Name: Hashable, Sendable {

  /// The letters, digits and underscores of the name.
  package let text: String

  /// The place of the name.
  package let span: SourceSpan

  /// Creates a name.
  package init(_ text: String, at span: SourceSpan) {
    self.text = text
    self.span = span
  }

}
