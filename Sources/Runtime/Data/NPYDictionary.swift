import Operations

/// The one form of Python dictionary that NumPy writes, with its three keys in any order.
///
///     dictionary = "{" entry { "," entry } [ "," ] "}"
///     entry      = "'descr'" ":" string | "'fortran_order'" ":" ("True" | "False") | "'shape'" ":" tuple
///     tuple      = "(" [ number { "," number } [ "," ] ] ")"
struct NPYDictionary {

  private(set) var descriptor = ""

  private(set) var isFortranOrder = false

  private(set) var shape: [Int] = []

  private var rest: ArraySlice<UInt8>

  /// Creates an instance from `text`, which ends in blanks and a newline.
  ///
  /// Returns `nil` iff `text` is anything else, such as a structured type, a key twice or a key missing.
  ///
  /// - Complexity: O(*n*) in the length of `text`.
  init?(_ text: [UInt8]) {
    rest = text[...]
    guard accept("{") else { return nil }
    var keys: [String] = []
    while !accept("}") {
      if !keys.isEmpty, !accept(",") { return nil }
      if accept("}") { break }
      guard keys.count < 3, let key = string(), !keys.contains(key), accept(":"), entry(key) else { return nil }
      keys.append(key)
    }
    skipBlanks()
    guard keys.count == 3, rest.isEmpty else { return nil }
  }

  /// Parses the value of `key`; returns `false` iff it is not one.
  private mutating func entry(_ key: String) -> Bool {
    switch key {
    case "descr":
      guard let s = string() else { return false }
      descriptor = s
      return true
    case "fortran_order":
      isFortranOrder = accept("True")
      return isFortranOrder || accept("False")
    case "shape":
      return tuple()
    case _:
      return false
    }
  }

  /// Parses a tuple of numbers into `shape`.
  private mutating func tuple() -> Bool {
    guard accept("(") else { return false }
    while !accept(")") {
      if !shape.isEmpty, !accept(",") { return false }
      if accept(")") { return !shape.isEmpty }
      guard shape.count <= TensorType.rankLimit, let n = number() else { return false }
      shape.append(n)
    }
    return true
  }

  private mutating func number() -> Int? {
    skipBlanks()
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// Parses a string of printable ASCII characters without escapes.
  private mutating func string() -> String? {
    skipBlanks()
    guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    rest = rest.dropFirst()
    let body = rest.prefix { $0 != quote && $0 >= 32 && $0 < 127 && $0 != UInt8(ascii: "\\") }
    rest = rest.dropFirst(body.count)
    guard rest.first == quote, body.count <= 32 else { return nil }
    rest = rest.dropFirst()
    return String(decoding: body, as: UTF8.self)
  }

  /// Skips `word`, and blanks before it; returns `false` iff something else comes.
  private mutating func accept(_ word: String) -> Bool {
    skipBlanks()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }

}
