/// The line of source an instruction was lowered from, as plans and dumps print it.
package struct SourceSite: Hashable, Sendable, CustomStringConvertible {

  /// The file's name without its folders, so that no machine's paths reach a plan.
  package let file: String

  /// The line, counted from 1.
  package let line: Int

  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  package var description: String { "\(file):\(line)" }

}
