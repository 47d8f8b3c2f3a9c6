/// Bytes of a device's memory that follow one another.
package struct MemoryRange: Hashable, Sendable {

  /// The address of the first byte.
  package let start: UInt64

  /// The address behind the last byte.
  package let end: UInt64

  package init(start: UInt64, byteCount: Int) {
    self.start = start
    end = start + UInt64(byteCount)
  }

  /// `true` iff some byte is in both; none is in an empty range.
  package func overlaps(_ other: MemoryRange) -> Bool {
    max(start, other.start) < min(end, other.end)
  }

}

extension Sequence<MemoryRange> {

  /// `true` iff some range overlaps `range`.
  func overlap(_ range: MemoryRange) -> Bool { contains { $0.overlaps(range) } }

}

/// The memory that something reads and writes.
package struct Footprint: Sendable {

  package var reads: [MemoryRange]

  package var writes: [MemoryRange]

  package init(reads: [MemoryRange], writes: [MemoryRange]) {
    (self.reads, self.writes) = (reads.filter { $0.start < $0.end }, writes.filter { $0.start < $0.end })
  }

  /// `true` iff it matters which of the two comes first: one writes what the other reads or writes.
  package func conflicts(with other: Footprint) -> Bool {
    writes.contains { other.reads.overlap($0) || other.writes.overlap($0) }
      || other.writes.contains { reads.overlap($0) }
  }

  /// `true` iff it reads or writes some byte of `range`.
  package func touches(_ range: MemoryRange) -> Bool { reads.overlap(range) || writes.overlap(range) }

}
