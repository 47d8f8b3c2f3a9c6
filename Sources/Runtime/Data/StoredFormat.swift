import CKernels
import Operations

/// How a file stores the elements of an array.
struct StoredFormat: Hashable, Sendable {

  /// The kinds of numbers that are read.
  enum Number: Hashable, Sendable {
    case bool
    case u8
    case u16
    case i16
    case i32
    case i64
    case f16
    case f32
    case f64
  }

  let number: Number

  let isBigEndian: Bool

  /// The type of the elements once read; 16-bit signed integers become `i32`, which holds them all.
  var element: ElementType {
    switch number {
    case .bool: .bool
    case .u8: .u8
    case .u16: .u16
    case .i16, .i32: .i32
    case .i64: .i64
    case .f16: .f16
    case .f32: .f32
    case .f64: .f64
    }
  }

  /// The bytes of one element in the file.
  var width: Int { number == .i16 ? 2 : element.size }

  /// Reads an array of the given extents that takes up the rest of `stream`.
  ///
  /// - Throws: if the extents are out of bounds, the bytes are not there, or others follow them.
  func read(_ extents: [Int], from stream: inout ByteStream) throws(DataError) -> DataArray {
    let type = try checked(extents, stream.origin)
    var bytes = try stream.read(type.count * width, "the elements of \(type)")
    if isBigEndian { bytes.withUnsafeMutableBytes { cgad_swap_bytes($0.baseAddress, Int64(type.count), Int64(width)) } }
    if number == .i16 { bytes = Self.widened(bytes) }
    if number == .bool { try checkBooleans(bytes, stream.origin) }
    return .init(origin: stream.origin, type: type, bytes: bytes)
  }

  /// Returns the type of an array of the given extents.
  ///
  /// - Throws: if there are too many axes or bytes.
  func checked(_ extents: [Int], _ origin: String) throws(DataError) -> TensorType {
    guard TensorType.isValid(element, extents) else {
      let limit = "at most \(TensorType.rankLimit) axes and \(TensorType.byteLimit) bytes"
      throw .init(origin, .malformed(part: "shape", expected: limit, found: "\(extents.prefix(16))"))
    }
    return .init(element, extents)
  }

  private static func widened(_ bytes: [UInt8]) -> [UInt8] {
    let count = bytes.count / 2
    return .init(unsafeUninitializedCapacity: 4 * count) { (target, initialized) in
      bytes.withUnsafeBytes { (source) in
        if count > 0 {
          cgad_widen_i16_i32(
            UnsafeMutableRawPointer(target.baseAddress!).assumingMemoryBound(to: Int32.self),
            source.baseAddress!.assumingMemoryBound(to: Int16.self), Int64(count))
        }
      }
      initialized = 4 * count
    }
  }

  private func checkBooleans(_ bytes: [UInt8], _ origin: String) throws(DataError) {
    let i = bytes.withUnsafeBufferPointer { (b) in
      b.isEmpty ? -1 : Int(cgad_find_outside_u8(b.baseAddress, Int64(b.count), 0, 1))
    }
    if i >= 0 { throw .init(origin, .malformed(part: "element \(i)", expected: "0 or 1", found: "\(bytes[i])")) }
  }

}
