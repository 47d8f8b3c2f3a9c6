extension String {

  /// The path without the number that a version computed later has behind it: `h.act` for `h.act'2`.
  var withoutVersion: String {
    let bytes = utf8
    guard let mark = bytes.lastIndex(of: UInt8(ascii: "'")) else { return self }
    let digits = bytes[bytes.index(after: mark)...]
    let isNumber = !digits.isEmpty && digits.allSatisfy { (48...57).contains($0) }
    return isNumber ? String(self[..<mark]) : self
  }

}
