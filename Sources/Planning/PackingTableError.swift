/// Why a table of buffers cannot be read.
package struct PackingTableError: Error, Hashable, Sendable {

  /// The line, counted from 1.
  package let line: Int

  package let message: String

}
