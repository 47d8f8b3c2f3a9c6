/// A number of bytes.
package struct ByteCount: Hashable, Comparable, Sendable {

  /// The number of bytes, never negative.
  package let value: Int

  /// Creates an instance denoting `value` bytes.
  ///
  /// - Requires: `value` is not negative.
  package init(_ value: Int) {
    precondition(value >= 0, "negative byte count")
    self.value = value
  }

  package static let zero = ByteCount(0)

  /// Returns `self` rounded up to a multiple of `alignment`.
  ///
  /// - Requires: `alignment` is a power of two and the result fits an `Int`.
  package func rounded(upTo alignment: Int) -> ByteCount {
    precondition(alignment > 0 && alignment & (alignment - 1) == 0, "bad alignment")
    return .init((value + alignment - 1) & ~(alignment - 1))
  }

  package static func < (l: Self, r: Self) -> Bool { l.value < r.value }

  package static func + (l: Self, r: Self) -> Self { .init(l.value + r.value) }

  package static func += (l: inout Self, r: Self) { l = l + r }

  /// Returns the difference.
  ///
  /// - Requires: `r` is not more than `l`.
  package static func - (l: Self, r: Self) -> Self { .init(l.value - r.value) }

  package static func -= (l: inout Self, r: Self) { l = l - r }

}

extension ByteCount: CustomStringConvertible {

  /// The count in the largest binary unit that leaves at least one before the point, as `95.6 MiB`.
  package var description: String {
    let units: [(name: String, shift: Int)] = [("GiB", 30), ("MiB", 20), ("KiB", 10)]
    for u in units where value >= 1 << u.shift {
      let tenths = Self.tenths(of: value, shift: u.shift)
      return tenths >= 1000 || tenths % 10 == 0
        ? "\((tenths + 5) / 10) \(u.name)" : "\(tenths / 10).\(tenths % 10) \(u.name)"
    }
    return "\(value) B"
  }

  /// Returns `value / 2^shift` in tenths, rounded to nearest, without overflow.
  private static func tenths(of value: Int, shift: Int) -> Int {
    let whole = value >> shift
    let rest = value & ((1 << shift) - 1)
    return whole * 10 + (rest * 10 + (1 << (shift - 1))) >> shift
  }

}

extension ByteCount {

  /// The units a size may be written in, binary and decimal.
  package static let units: [(name: String, size: Int)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ("B", 1),
  ]

  /// Reads a size such as `64MiB`, `61.4 MiB`, `8GiB`, `1_000 KB` or `4096`.
  ///
  /// Returns `nil` iff `text` is not a size or does not fit an `Int`. A fraction of a byte is rounded down.
  package init?(parsing text: String) {
    let trimmed = text.filter { $0 != " " && $0 != "_" }
    let unit = Self.units.first { trimmed.hasSuffix($0.name) }
    let digits = trimmed.dropLast(unit?.name.count ?? 0)
    guard let first = digits.first, first.isASCII, first.isNumber,
      digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let number = Double(digits)
    else { return nil }
    let bytes = (number * Double(unit?.size ?? 1)).rounded(.down)
    guard bytes < 9.2e18 else { return nil }
    if let exact = Int(digits) {
      let (product, overflow) = exact.multipliedReportingOverflow(by: unit?.size ?? 1)
      if overflow { return nil }
      self.init(product)
    } else {
      self.init(Int(bytes))
    }
  }

}
