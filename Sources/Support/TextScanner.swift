/// Why a text of the canonical forms (`.cgir`, `.cgplan`) cannot be read.
package struct TextError: Error, Hashable, Sendable, CustomStringConvertible {

  /// The line, counted from 1.
  package let line: Int

  /// The column in bytes, counted from 1.
  package let column: Int

  package let message: String

  package init(line: Int, column: Int, message: String) {
    self.line = line
    self.column = column
    self.message = message
  }

  package var description: String { "\(line):\(column): \(message)" }

}

/// A strict, bounded reader of the canonical texts: UTF-8, one item a line, blanks between tokens.
///
/// It never looks back and never allocates more than the token it returns.
package struct TextScanner: Sendable {

  /// The most bytes of one name or string.
  package static let tokenLimit = 1 << 16

  private let bytes: [UInt8]

  private var position = 0

  private var lineStart = 0

  /// The line of the next byte, counted from 1.
  package private(set) var line = 1

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// `true` iff all has been read.
  package var isAtEnd: Bool { position == bytes.count }

  /// `true` iff the next byte ends the line or the text.
  package var isAtLineEnd: Bool { isAtEnd || bytes[position] == UInt8(ascii: "\n") }

  /// Returns an error at the next byte.
  package func error(_ message: String) -> TextError {
    .init(line: line, column: position - lineStart + 1, message: message)
  }

  /// Skips blanks.
  package mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
  }

  /// Skips blanks and empty lines.
  package mutating func skipEmptyLines() {
    skipBlanks()
    while position < bytes.count, bytes[position] == UInt8(ascii: "\n") {
      advanceLine()
      skipBlanks()
    }
  }

  /// Consumes the end of the line.
  package mutating func endLine() throws(TextError) {
    skipBlanks()
    guard isAtLineEnd else { throw error("expected the end of the line") }
    if !isAtEnd { advanceLine() }
  }

  private mutating func advanceLine() {
    position += 1
    lineStart = position
    line += 1
  }

  /// Skips blanks, then consumes `text` if it comes next and says whether it did.
  package mutating func take(_ text: StaticString) -> Bool {
    skipBlanks()
    let n = text.utf8CodeUnitCount
    guard position + n <= bytes.count else { return false }
    for i in 0..<n where bytes[position + i] != text.utf8Start[i] { return false }
    position += n
    return true
  }

  /// Skips blanks, then consumes `text` with the end of its line if that is all that is left of the line, and says
  /// whether it did.
  package mutating func takeLine(_ text: StaticString) -> Bool {
    let start = self
    if take(text) {
      skipBlanks()
      if isAtLineEnd {
        if !isAtEnd { advanceLine() }
        return true
      }
    }
    self = start
    return false
  }

  /// The number of lines that start from here on and before one that starts with `text`.
  ///
  /// - Complexity: O(*n*) in the length of those lines.
  package func lineCount(before text: Unicode.Scalar) -> Int {
    var count = 0
    for i in position..<bytes.count where bytes[i] == UInt8(ascii: "\n") {
      if i + 1 == bytes.count || bytes[i + 1] == UInt8(ascii: text) { break }
      count += 1
    }
    return count
  }

  /// The number of lines in a row, from here on, that start with `text`.
  ///
  /// - Requires: a line starts here.
  /// - Complexity: O(*n*) in the length of those lines.
  package func lineCount(startingWith text: StaticString) -> Int {
    var (count, rest) = (0, self)
    while rest.take(text) {
      while !rest.isAtLineEnd { rest.position += 1 }
      if !rest.isAtEnd { rest.advanceLine() }
      count += 1
    }
    return count
  }

  /// Consumes `text`.
  package mutating func expect(_ text: StaticString) throws(TextError) {
    if !take(text) { throw error("expected '\(text)'") }
  }

  /// Returns the next byte after blanks without consuming it, or `nil` at the end.
  package mutating func peek() -> UInt8? {
    skipBlanks()
    return isAtEnd ? nil : bytes[position]
  }

  /// Consumes the longest run of bytes for which `isMember` is true.
  private mutating func run(_ isMember: (UInt8) -> Bool) throws(TextError) -> String {
    skipBlanks()
    let start = position
    while position < bytes.count, isMember(bytes[position]) { position += 1 }
    if position - start > Self.tokenLimit { throw error("token longer than \(Self.tokenLimit) bytes") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Consumes a word: letters, digits and `_`.
  package mutating func word() throws(TextError) -> String {
    let w = try run { (b) in Self.isWord(b) }
    if w.isEmpty { throw error("expected a word") }
    return w
  }

  /// Consumes a value's name: letters, digits and `_ . ~ ' ( )`.
  package mutating func name() throws(TextError) -> String {
    let n = try run { (b) in Self.isWord(b) || Self.isNamePunctuation(b) }
    if n.isEmpty { throw error("expected a name") }
    return n
  }

  private static func isWord(_ b: UInt8) -> Bool {
    (b >= 97 && b <= 122) || (b >= 65 && b <= 90) || (b >= 48 && b <= 57) || b == 95
  }

  /// `true` iff `b` is one of `. ~ ' ( )`.
  private static func isNamePunctuation(_ b: UInt8) -> Bool {
    b == 46 || b == 126 || b == 39 || b == 40 || b == 41
  }

  /// `true` iff `text` can be read back by `name()`.
  package static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= tokenLimit && text.utf8.allSatisfy { isWord($0) || isNamePunctuation($0) }
  }

  /// Consumes a whole number that is not negative.
  package mutating func integer() throws(TextError) -> Int {
    let digits = try run { (b) in b >= 48 && b <= 57 }
    if digits.isEmpty { throw error("expected a whole number") }
    guard let n = Int(digits) else { throw error("number out of range: \(digits)") }
    return n
  }

  /// Consumes the text of a number as `description` prints it: sign, digits, point, exponent, or `inf` and `nan`.
  package mutating func numberText() throws(TextError) -> String {
    let text = try run { (b) in Self.isWord(b) || b == 46 || b == 43 || b == 45 }
    if Double(text) == nil { throw error("expected a number") }
    return text
  }

  /// Consumes a quoted string with the escapes `\"`, `\\` and `\n`.
  package mutating func string() throws(TextError) -> String {
    try expect("\"")
    var content: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\n") {
      content.append(try stringByte())
      if content.count > Self.tokenLimit { throw error("string longer than \(Self.tokenLimit) bytes") }
    }
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw error("string without an end") }
    position += 1
    guard let s = String(validating: content, as: UTF8.self) else { throw error("string is not UTF-8") }
    return s
  }

  /// Consumes one byte of a string, or an escape.
  private mutating func stringByte() throws(TextError) -> UInt8 {
    let b = bytes[position]
    position += 1
    if b != UInt8(ascii: "\\") { return b }
    guard position < bytes.count else { throw error("string without an end") }
    let escaped = bytes[position]
    position += 1
    if escaped == UInt8(ascii: "n") { return UInt8(ascii: "\n") }
    if escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\") { return escaped }
    throw error("unknown escape")
  }

  /// Consumes the rest of the line and returns it without blanks around it.
  package mutating func restOfLine() throws(TextError) -> String {
    skipBlanks()
    let start = position
    while !isAtLineEnd { position += 1 }
    if position - start > Self.tokenLimit { throw error("line longer than \(Self.tokenLimit) bytes") }
    var end = position
    while end > start, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    guard let s = String(validating: bytes[start..<end], as: UTF8.self) else { throw error("line is not UTF-8") }
    return s
  }

}

extension String {

  /// The string in quotes, with the escapes that `TextScanner.string()` reads.
  package var quotedForText: String {
    var s = "\""
    for c in unicodeScalars {
      switch c {
      case "\"": s += "\\\""
      case "\\": s += "\\\\"
      case "\n": s += "\\n"
      case _: s.unicodeScalars.append(c)
      }
    }
    return s + "\""
  }

}
