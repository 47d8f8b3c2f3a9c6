import Glibc

/// Writes files that are there whole or not at all.
package enum AtomicFile {

  /// Writes `parts` one after the other to a temporary file beside `path`, which then takes the place of `path`.
  ///
  /// - Parameter isDurable: `true` iff the file must be there after a loss of power, too.
  /// - Throws: what the operating system says; the temporary file is gone then, and what was at `path` is as before.
  package static func write(
    _ parts: [UnsafeRawBufferPointer], to path: String, isDurable: Bool = false
  ) throws(FileError) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw .init(last: path) }
    do throws(FileError) {
      defer { close(descriptor) }
      for p in parts { try write(p, to: descriptor, path) }
      if isDurable && fsync(descriptor) != 0 { throw .init(last: path) }
    } catch {
      unlink(temporary)
      throw error
    }
    if rename(temporary, path) != 0 {
      let error = FileError(last: path)
      unlink(temporary)
      throw error
    }
    if isDurable { syncFolder(of: path) }
  }

  /// Has the names in the folder of `path` written; some file systems refuse it, and then need it not.
  private static func syncFolder(of path: String) {
    let descriptor = open(SearchPath.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String
  ) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let n = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress!, rest.count)
      if n < 0 && errno == EINTR { continue }
      if n <= 0 { throw .init(last: path) }
      rest = rest.dropFirst(n)
    }
  }

  /// Makes the folder at `path`, and those it is in, unless it is there.
  package static func makeFolder(_ path: String) throws(FileError) {
    if SearchPath.isFolder(path) { return }
    let parent = SearchPath.folder(of: path)
    if parent != "." && parent != "/" && parent != path { try makeFolder(parent) }
    if mkdir(path, 0o777) != 0 && errno != EEXIST { throw .init(last: path) }
  }

}
