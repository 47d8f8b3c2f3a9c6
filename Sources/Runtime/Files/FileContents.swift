/// Reads whole files.
package enum FileContents {

  /// Returns the bytes of the regular file at `path`.
  ///
  /// - Throws: if it cannot be read or has more than `limit` bytes.
  package static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    if !SearchPath.exists(path) { throw .init(last: path) }
    do throws(DataError) {
      let file = try InputFile(path)
      if file.size > limit { throw DataError(path, .unreadable(reason: "\(file.size) bytes, more than \(limit)")) }
      return try file.bytes(at: 0, count: file.size)
    } catch {
      throw .init(path, error.problem.description)
    }
  }

  /// Returns the first bytes of the regular file at `path`, at most `count`, or `nil` if it cannot be read.
  package static func start(of path: String, count: Int) -> [UInt8]? {
    do throws(DataError) { return try InputFile(path).bytes(at: 0, count: count) } catch { return nil }
  }

}
