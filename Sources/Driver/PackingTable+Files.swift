package import Planning

extension PackingTable {

  /// The largest file that is read.
  private static let fileLimit = 256 << 20

  /// Reads the table at `path`.
  ///
  /// - Throws: `unreadable` if the file is missing or no table of buffers.
  package init(readingFrom path: String) throws(CompileFailure) {
    let bytes = try Files.bytes(path, limit: Self.fileLimit)
    do throws(PackingTableError) {
      try self.init(csv: bytes)
    } catch {
      throw .unreadable("\(path):\(error.line): \(error.message)")
    }
  }

}
