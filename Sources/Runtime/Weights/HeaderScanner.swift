/// Reads the JSON of a safetensors header, byte by byte, as deep as the format and no deeper.
struct HeaderScanner {

  /// Bytes that are not what the format has there.
  struct Mistake: Error {

    /// What was found, and where.
    let found: String

  }

  private let bytes: [UInt8]

  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Consumes an object, of whose members `member` consumes the values, and then blanks until the end.
  ///
  /// - Throws: also if a name comes twice.
  mutating func whole(
    _ member: (inout HeaderScanner, String) throws(Mistake) -> Void
  ) throws(Mistake) {
    try object(member)
    skipBlanks()
    if position < bytes.count { throw mistake }
  }

  /// Consumes an object, of whose members `member` consumes the values.
  ///
  /// - Throws: also if a name comes twice.
  mutating func object(
    _ member: (inout HeaderScanner, String) throws(Mistake) -> Void
  ) throws(Mistake) {
    try expect("{")
    if take("}") { return }
    var names: Set<String> = []
    repeat {
      let name = try string()
      if !names.insert(name).inserted { throw .init(found: "'\(name)' twice") }
      try expect(":")
      try member(&self, name)
    } while take(",")
    try expect("}")
  }

  /// Consumes a list of whole numbers.
  mutating func integers() throws(Mistake) -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var all: [Int] = []
    repeat { all.append(try integer()) } while take(",")
    try expect("]")
    return all
  }

  /// Consumes a string.
  mutating func string() throws(Mistake) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      let b = bytes[position]
      if b < 0x20 { throw mistake }
      position += 1
      if b == UInt8(ascii: "\\") { text += try escaped() } else { text.append(b) }
    }
    guard position < bytes.count, let result = String(validating: text, as: UTF8.self) else { throw mistake }
    position += 1
    return result
  }

  /// Consumes what stands behind a backslash and returns its UTF-8.
  private mutating func escaped() throws(Mistake) -> [UInt8] {
    guard position < bytes.count else { throw mistake }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [bytes[position - 1]]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"): return Array(String(Character(try codePoint())).utf8)
    case _:
      position -= 1
      throw mistake
    }
  }

  /// Consumes the digits of a code point, and those of its second half where it has one.
  private mutating func codePoint() throws(Mistake) -> Unicode.Scalar {
    let first = try fourDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw mistake }
    position += 2
    let second = try fourDigits()
    guard (0xdc00...0xdfff).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw mistake }
    return scalar
  }

  private mutating func fourDigits() throws(Mistake) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = Character(.init(bytes[position])).hexDigitValue else { throw mistake }
      value = value << 4 + UInt32(digit)
      position += 1
    }
    return value
  }

  /// Consumes a whole number without blanks, fraction and exponent.
  private mutating func integer() throws(Mistake) -> Int {
    skipBlanks()
    let start = position
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else { throw mistake }
    return value
  }

  /// Consumes `token` behind blanks.
  private mutating func expect(_ token: Unicode.Scalar) throws(Mistake) { if !take(token) { throw mistake } }

  /// Consumes blanks, and `token` if it follows; returns whether it did.
  private mutating func take(_ token: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard position < bytes.count, bytes[position] == UInt8(ascii: token) else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
  }

  /// What is found at the present position.
  var mistake: Mistake {
    guard position < bytes.count else { return .init(found: "its end") }
    let b = bytes[position]
    let text = (0x21..<0x7f).contains(b) ? "'\(Character(.init(b)))'" : "byte \(b)"
    return .init(found: "\(text) at \(position)")
  }

}
