import Glibc

/// A regular file open for reading, closed when the last reference goes.
final class InputFile {

  let path: String

  /// The number of bytes when the file was opened.
  let size: Int

  private let descriptor: Int32

  /// Opens the file at `path`.
  ///
  /// - Throws: if there is none, it may not be read, or it is not a regular file.
  init(_ path: String) throws(DataError) {
    if path.utf8.contains(0) { throw .init(path, .unreadable(reason: "the name holds a zero byte")) }
    // Without `O_NONBLOCK`, opening a pipe that nobody writes to would wait for ever.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    if descriptor < 0 { throw Self.lastError(path) }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .init(path, .unreadable(reason: isKnown ? "it is not a regular file" : "its size is not known"))
    }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Fills `target` with the bytes from `offset` on and returns how many there were before the end of the file.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(DataError) -> Int {
    var done = 0
    while done < target.count {
      let n = pread(descriptor, target.baseAddress! + done, target.count - done, off_t(offset + done))
      if n == 0 { break }
      if n > 0 { done += n } else if errno != EINTR { throw Self.lastError(path) }
    }
    return done
  }

  /// Returns the `count` bytes from `offset` on, or fewer at the end of the file.
  func bytes(at offset: Int, count: Int) throws(DataError) -> [UInt8] {
    let available = max(0, min(count, size - offset))
    return try [UInt8].filled(available) { (target) throws(DataError) in try read(into: target, at: offset) }
  }

  /// Returns what the operating system said last.
  private static func lastError(_ path: String) -> DataError {
    errno == ENOENT ? .init(path, .missing) : .init(path, .unreadable(reason: String(cString: strerror(errno))))
  }

}

extension [UInt8] {

  /// Returns an array of as many bytes as `fill` says it wrote to the `count` it was given.
  static func filled(
    _ count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(DataError) -> Int
  ) throws(DataError) -> [UInt8] {
    var failure: DataError?
    let result = [UInt8](unsafeUninitializedCapacity: count) { (buffer, initialized) in
      do throws(DataError) { initialized = try fill(UnsafeMutableRawBufferPointer(buffer)) } catch { failure = error }
    }
    if let failure { throw failure }
    return result
  }

}
