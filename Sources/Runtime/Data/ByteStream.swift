import CZlib

/// The bytes of a file, or of a part of it, in order, inflated on the way where they are compressed.
///
/// Nothing is read or allocated beyond what the reader asks for, and it is refused to ask for more than can be there.
struct ByteStream: ~Copyable {

  /// How the bytes are stored.
  enum Encoding {
    case plain
    case gzip
    case deflate
  }

  /// What messages call the stream.
  let origin: String

  private let file: InputFile

  private let encoding: Encoding

  /// The offset in the file of the next byte to fetch, and of the end of this stream.
  private var position: Int
  private let end: Int

  /// Compressed bytes fetched and not yet inflated: those of `chunk` from `chunkStart` on.
  private var chunk: [UInt8] = []
  private var chunkStart = 0

  private var inflater: Inflater

  /// The number of bytes that are announced and not read, where something announces it.
  private var announced: Int?

  /// The checksum of the bytes read so far, as zip archives store it.
  private(set) var checksum: UInt = 0

  /// Creates a stream of the `count` bytes of `file` from `offset` on, which stand for `announced` bytes.
  ///
  /// - Requires: they lie in the file.
  init(
    _ file: InputFile, _ encoding: Encoding, offset: Int = 0, count: Int, announced: Int? = nil, origin: String
  ) {
    self.announced = announced
    self.origin = origin
    self.file = file
    self.encoding = encoding
    self.position = offset
    self.end = offset + count
    self.inflater = Inflater(encoding == .gzip ? .gzip : .none)
  }

  /// Returns the next `count` bytes, which are those of `part`.
  ///
  /// - Throws: if they are not there, or the compressed data is damaged.
  mutating func read(_ count: Int, _ part: String) throws(DataError) -> [UInt8] {
    let limit = mostRemaining
    if count > limit { throw .init(origin, .truncated(part: part, expected: count, found: limit)) }
    let result = try [UInt8].filled(count) { (target) throws(DataError) in try fill(target) }
    if result.count < count { throw .init(origin, .truncated(part: part, expected: count, found: result.count)) }
    updateChecksum(result)
    announced = announced.map { $0 - count }
    return result
  }

  /// Checks that everything was read.
  ///
  /// - Throws: if bytes are left, or a compressed stream does not end as it must.
  mutating func finish() throws(DataError) {
    let rest = try [UInt8].filled(1) { (target) throws(DataError) in try fill(target) }
    if !rest.isEmpty { throw malformed("length", "the end of the data", "more bytes than announced") }
    if let n = announced, n > 0 { throw malformed("length", "\(n) more bytes, as announced", "the end of the data") }
    switch encoding {
    case .plain: return
    case .gzip, .deflate: break
    }
    if inflater.state != .ended {
      throw .init(origin, .truncated(part: "the end of the compressed data", expected: 1, found: 0))
    }
    if position < end || chunkStart < chunk.count {
      throw malformed("length", "the end of the file", "bytes after the compressed data")
    }
  }

  /// No more bytes than these can still come.
  private var mostRemaining: Int {
    let stored = end - position + chunk.count - chunkStart
    switch encoding {
    case .plain: return min(stored, announced ?? stored)
    case .gzip, .deflate:
      // The decompressor may hold one copy that did not fit the last target.
      let (most, overflow) = (stored + 64).multipliedReportingOverflow(by: Inflater.expansionLimit)
      return min(overflow ? .max : most, announced ?? .max)
    }
  }

  /// Fills `target` as far as the stream goes and returns the number of bytes.
  private mutating func fill(_ target: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    switch encoding {
    case .plain:
      let available = min(target.count, end - position)
      let n = try file.read(into: .init(rebasing: target[..<available]), at: position)
      position += n
      return n
    case .gzip, .deflate:
      return try fillInflated(target)
    }
  }

  /// `fill` for compressed streams.
  private mutating func fillInflated(_ target: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    var done = 0
    while done < target.count {
      try fetch()
      if inflater.state == .ended, try !startNextMember() { break }
      let rest = UnsafeMutableRawBufferPointer(rebasing: target[done...])
      let produced = inflate(into: rest)
      if inflater.state == .damaged { throw malformed("compressed data", "a sound deflate stream", "damage") }
      done += produced.produced
      if produced.produced == 0, produced.consumed == 0, inflater.state == .running { break }
    }
    return done
  }

  /// Inflates what is fetched into `target`.
  private mutating func inflate(into target: UnsafeMutableRawBufferPointer) -> Inflater.Progress {
    let start = chunkStart
    let progress = chunk.withUnsafeBytes { (bytes) in
      inflater.inflate(.init(rebasing: bytes[start...]), into: target)
    }
    chunkStart += progress.consumed
    return progress
  }

  /// Makes compressed bytes available unless some are or there are none left.
  private mutating func fetch() throws(DataError) {
    if chunkStart < chunk.count || position >= end { return }
    chunk = try file.bytes(at: position, count: min(1 << 16, end - position))
    chunkStart = 0
    position = chunk.isEmpty ? end : position + chunk.count
  }

  /// Goes on after the end of a gzip member; returns `false` iff there are no more.
  private mutating func startNextMember() throws(DataError) -> Bool {
    if chunkStart == chunk.count { return false }
    guard encoding == .gzip, chunk[chunkStart] == 0x1f else {
      throw malformed("length", "the end of the file", "bytes after the compressed data")
    }
    inflater.restart()
    return true
  }

  private mutating func updateChecksum(_ bytes: [UInt8]) {
    let before = checksum
    checksum = bytes.withUnsafeBufferPointer { (b) in crc32_z(before, b.baseAddress, b.count) }
  }

  /// Returns an error about the bytes of this stream.
  func malformed(_ part: String, _ expected: String, _ found: String) -> DataError {
    .init(origin, .malformed(part: part, expected: expected, found: found))
  }

}
