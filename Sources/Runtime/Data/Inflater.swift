import CZlib

/// The zlib decompressor, fed piece by piece.
struct Inflater: ~Copyable {

  /// How the compressed bytes are wrapped.
  enum Wrapping {

    /// A gzip header and trailer, whose checksum and length are verified.
    case gzip

    /// None, as in a zip archive.
    case none

  }

  /// What a piece of input brought.
  struct Progress {

    let consumed: Int

    let produced: Int

  }

  /// How far the compressed stream has come.
  enum State {
    case running
    case ended
    case damaged
  }

  /// The most bytes that one compressed byte can stand for: a copy of 258 bytes takes at least two bits.
  static let expansionLimit = 1032

  // zlib keeps a pointer to its stream, so the stream must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  private(set) var state = State.running

  init(_ wrapping: Wrapping) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let bits: Int32 =
      switch wrapping {
      case .gzip: MAX_WBITS + 16
      case .none: -MAX_WBITS
      }
    let status = inflateInit2_(stream, bits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK { state = .damaged }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Goes on with a stream that follows the one that ended.
  mutating func restart() { state = inflateReset(stream) == Z_OK ? .running : .damaged }

  /// Inflates from `input` into `output` until one of them is used up or the stream ends.
  mutating func inflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Progress {
    // zlib counts in 32 bits.
    let (inputCount, outputCount) = (min(input.count, 1 << 30), min(output.count, 1 << 30))
    stream.pointee.next_in = .init(mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(inputCount)
    stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(outputCount)
    switch CZlib.inflate(stream, Z_NO_FLUSH) {
    case Z_STREAM_END: state = .ended
    case Z_OK, Z_BUF_ERROR: break
    case _: state = .damaged
    }
    return .init(
      consumed: inputCount - Int(stream.pointee.avail_in), produced: outputCount - Int(stream.pointee.avail_out))
  }

}
