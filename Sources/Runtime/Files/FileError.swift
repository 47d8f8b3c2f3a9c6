import Glibc

/// Why the operating system would not read or write a file.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {

  package let path: String

  package let reason: String

  package init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  /// Creates an instance with what the operating system said last.
  init(last path: String) { self.init(path, String(cString: strerror(errno))) }

  package var description: String { "\(path): \(reason)" }

}
