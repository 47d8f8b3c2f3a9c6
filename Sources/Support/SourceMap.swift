/// The files of one compilation, told apart by where their spans begin: the model first, then what it imports.
package struct SourceMap: Sendable {

  /// The files in order of their spans; there is at least one.
  package private(set) var files: [SourceFile]

  /// Creates the map of `root` alone.
  ///
  /// - Requires: spans of `root` begin at 0.
  package init(_ root: SourceFile) {
    precondition(root.base == 0, "the first file's spans begin at 0")
    files = [root]
  }

  /// The model that the compilation is of.
  package var root: SourceFile { files[0] }

  /// Adds a file and returns it, with spans behind those of all others.
  package mutating func add(name: String, bytes: [UInt8]) -> SourceFile {
    let end = files[files.count - 1].span.end
    files.append(.init(name: name, bytes: bytes, base: end + 1))
    return files[files.count - 1]
  }

  /// Returns the file that holds the byte at `offset`.
  ///
  /// - Complexity: O(log *n*) where *n* is the number of files.
  package func file(at offset: Int) -> SourceFile {
    var (low, high) = (0, files.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if files[middle].base <= offset { low = middle } else { high = middle }
    }
    return files[low]
  }

}
