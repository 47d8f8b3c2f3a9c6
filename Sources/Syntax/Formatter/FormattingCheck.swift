package import Support

/// Returns `true` iff `formatted` is the same model as `file`, with the same comments in the same order.
///
/// It shares nothing with the formatter but the lexer: it compares the trees node by node, and the comments apart from the
/// blanks at their ends.
///
/// - Complexity: O(*n*) in the length of the files.
package func isSameModel(_ file: SourceFile, _ formatted: SourceFile) -> Bool {
  let (old, new) = (parse(file), parse(formatted))
  if old.diagnostics.hasErrors || new.diagnostics.hasErrors { return false }
  return old.tree.labels == new.tree.labels && comments(of: file) == comments(of: formatted)
}

/// Returns the comments of `file` without the blanks at their ends.
private func comments(of file: SourceFile) -> [ArraySlice<UInt8>] {
  var comments: [ArraySlice<UInt8>] = []
  var lexer = Lexer(file)
  var diagnostics = DiagnosticSet()
  var token: Token
  repeat {
    let start = lexer.offset
    token = lexer.next(reporting: &diagnostics)
    for line in file.bytes[start..<token.span.start].split(separator: UInt8(ascii: "\n")) {
      guard let first = line.firstIndex(of: UInt8(ascii: "/")) else { continue }
      let end = line.lastIndex { ![UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains($0) } ?? first
      comments.append(line[first...end])
    }
  } while token.kind != .endOfFile
  return comments
}

extension Tree {

  /// What the nodes are and how deep they stand, in order.
  fileprivate var labels: [String] {
    var labels: [String] = []
    forEachNode { (node, depth) in labels.append("\(depth) \(node.label)") }
    return labels
  }

}
