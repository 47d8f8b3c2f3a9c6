package import Support

/// Why a text is not a plan.
package struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {

  /// What kind of failure it is, which decides the exit code.
  package enum Category: Hashable, Sendable {

    /// Unparsable, truncated or of a foreign version: exit code 2.
    case unreadable

  }

  package let category: Category

  /// The line, counted from 1.
  package let line: Int

  /// The column in bytes, counted from 1.
  package let column: Int

  package let message: String

  package init(_ category: Category, line: Int, column: Int, _ message: String) {
    self.category = category
    self.line = line
    self.column = column
    self.message = message
  }

  /// Creates an unreadable-text error from what the scanner found.
  package init(_ error: TextError) {
    self.init(.unreadable, line: error.line, column: error.column, error.message)
  }

  /// The error as `12:5: expected ':'`, to be put behind the file's name.
  package var description: String { "\(line):\(column): \(message)" }

}
