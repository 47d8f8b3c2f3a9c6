/// Reads little-endian numbers one after the other; each is `nil` where the bytes end.
struct ByteCursor {

  private let source: [UInt8]

  private var offset = 0

  init(_ source: [UInt8]) { self.source = source }

  /// The number of bytes not yet read.
  var remaining: Int { source.count - offset }

  var isAtEnd: Bool { remaining == 0 }

  mutating func u16() -> UInt16? { bytes(2).map { (b) in UInt16(Self.number(b)) } }

  mutating func u32() -> UInt32? { bytes(4).map { (b) in UInt32(Self.number(b)) } }

  mutating func u64() -> UInt64? { bytes(8).map(Self.number) }

  /// Returns the next `count` bytes.
  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= remaining else { return nil }
    defer { offset += count }
    return source[offset..<(offset + count)]
  }

  /// Passes over `count` bytes; returns `false` iff they are not there.
  mutating func skip(_ count: Int) -> Bool { bytes(count) != nil }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { ($0 << 8) | UInt64($1) }
  }

}
