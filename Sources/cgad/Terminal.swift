import Glibc

/// Messages to people, on standard error.
enum Terminal {

  /// `true` iff standard error is a terminal that can overwrite its line.
  static let isInteractive: Bool = isatty(2) != 0 && getenv("TERM").map { String(cString: $0) != "dumb" } ?? false

  /// Prints `message` as a line.
  static func say(_ message: String) { write(message + "\n") }

  /// Prints `text` as it is.
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { (bytes) in
      var rest = bytes[...]
      while let start = UnsafeBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
        let n = Glibc.write(2, start, rest.count)
        if n <= 0 { return }
        rest = rest.dropFirst(n)
      }
    }
  }

}
