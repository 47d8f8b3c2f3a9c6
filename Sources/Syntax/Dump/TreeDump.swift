package import Support

extension Tree {

  /// Returns the tree as text: one node a line, children two blanks further in, each with the place where it starts.
  ///
  ///     block Dense @3:1
  ///       formal x @3:13
  ///         tensor f32 @3:16
  ///
  /// Places are left out if there is no `file`. The text depends on the tree alone.
  ///
  /// - Complexity: O(*n*) in the size of the tree, times the length of the lines.
  package func dump(in file: SourceFile?) -> String {
    var dump = TreeDump(file)
    for i in items { dump.add(i) }
    return dump.text
  }

}

/// The text of a tree under construction.
struct TreeDump {

  /// The lines so far.
  private(set) var text = ""

  private let file: SourceFile?

  private var depth = 0

  init(_ file: SourceFile?) { self.file = file }

  /// Adds a line for a node at `span`, and further in what `children` add.
  mutating func add(_ node: String, _ span: SourceSpan, _ children: (inout TreeDump) -> Void = { _ in }) {
    text += String(repeating: "  ", count: depth) + node
    if let p = file?.position(at: span.start) { text += " @\(p.line):\(p.column)" }
    text += "\n"
    depth += 1
    children(&self)
    depth -= 1
  }

}

/// Returns `text` in quotes, with escapes, as it may stand in a source.
func quoted(_ text: String) -> String {
  var result = "\""
  for s in text.unicodeScalars {
    switch s {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case _: result.unicodeScalars.append(s)
    }
  }
  return result + "\""
}
