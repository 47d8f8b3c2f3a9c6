import Glibc

/// Memory that an unlinked file of a folder backs, so that the kernel may write it out and drop it.
///
/// All its blocks are reserved when it is made: a full disk is an error then, and not a signal in the middle of a step.
package final class OffloadFile {

  /// The first byte, at the start of a page.
  package let base: UnsafeMutableRawPointer

  package let byteCount: Int

  /// The folder where none is named: that of the variable `TMPDIR`, or `/tmp`.
  package static var defaultFolder: String {
    guard let text = getenv("TMPDIR"), text.pointee != 0 else { return "/tmp" }
    return String(cString: text)
  }

  /// Makes a file of `byteCount` bytes in `folder`, which no name leads to.
  ///
  /// - Throws: if the file cannot be made there, or the space is not there.
  package init(byteCount: Int, in folder: String) throws(MachineError) {
    precondition(byteCount > 0, "an empty file cannot be mapped")
    func failure(_ code: Int32) -> MachineError {
      .offloadFile(folder: folder, byteCount: byteCount, reason: String(cString: strerror(code)))
    }
    var template = Array("\(folder)/cgad-offload-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    if file < 0 { throw failure(errno) }
    defer { close(file) }
    unlink(template)
    let reserved = posix_fallocate(file, 0, byteCount)
    if reserved != 0 { throw failure(reserved) }
    guard let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED else {
      throw failure(errno)
    }
    self.base = memory
    self.byteCount = byteCount
  }

  deinit { munmap(base, byteCount) }

}
