/// Cuts texts into words, numbers, strings, comments, runs of blanks, and single other bytes.
struct Pieces {

  /// The pieces, which together are the text.
  private(set) var ranges: [Range<Int>] = []

  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var start = 0
    while start < bytes.count {
      let end = end(from: start)
      ranges.append(start..<end)
      start = end
    }
  }

  /// Returns where the piece that starts at `start` ends.
  private func end(from start: Int) -> Int {
    let first = bytes[start]
    if Self.isWord(first) { return run(from: start, while: Self.isWord) }
    if first == UInt8(ascii: " ") { return run(from: start) { $0 == UInt8(ascii: " ") } }
    if first == UInt8(ascii: "\"") {
      let end = run(from: start + 1) { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\n") }
      return min(end + 1, bytes.count)
    }
    if first == UInt8(ascii: "/"), start + 1 < bytes.count, bytes[start + 1] == first {
      return run(from: start) { $0 != UInt8(ascii: "\n") }
    }
    return start + 1
  }

  private func run(from start: Int, while condition: (UInt8) -> Bool) -> Int {
    var end = start
    while end < bytes.count, condition(bytes[end]) { end += 1 }
    return end
  }

  /// `true` iff `b` may belong to a name or a number.
  static func isWord(_ b: UInt8) -> Bool {
    switch b {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    case let b: isDigit(b)
    }
  }

  /// `true` iff `b` is a decimal digit.
  static func isDigit(_ b: UInt8) -> Bool { b >= UInt8(ascii: "0") && b <= UInt8(ascii: "9") }

  /// The pieces that start with a digit.
  var numbers: [Range<Int>] { ranges.filter { Self.isDigit(bytes[$0.lowerBound]) } }

  /// What stands between matching brackets, brackets included.
  var groups: [Range<Int>] {
    var open: [Int] = []
    var result: [Range<Int>] = []
    for r in ranges where r.count == 1 {
      if "([{".utf8.contains(bytes[r.lowerBound]) { open.append(r.lowerBound) }
      if ")]}".utf8.contains(bytes[r.lowerBound]), let start = open.popLast() { result.append(start..<r.upperBound) }
    }
    return result
  }

  /// The lines, each with its newline.
  static func lines(of bytes: [UInt8]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    for (i, b) in bytes.enumerated() where b == UInt8(ascii: "\n") {
      result.append(start..<(i + 1))
      start = i + 1
    }
    return start < bytes.count ? result + [start..<bytes.count] : result
  }

}
