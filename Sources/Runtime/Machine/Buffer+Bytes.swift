import CKernels
import Glibc
import Operations
import Support

extension Buffer {

  /// What deleted values are filled with: NaN in every floating-point type, -1 in integers.
  package static let poisonByte: UInt8 = 0xff

  /// The number of bytes of the value.
  package var byteCount: Int { type.size.value }

  /// The bytes of the value.
  package var bytes: UnsafeMutableRawBufferPointer { .init(start: address, count: byteCount) }

  /// Sets every byte to `byte`.
  package func fill(with byte: UInt8) { memset(address, Int32(byte), byteCount) }

  /// The elements of a value of type f32.
  ///
  /// - Requires: the element type is f32.
  package var floats: UnsafeMutableBufferPointer<Float> {
    precondition(type.element == .f32, "not a value of type f32")
    return bytes.bindMemory(to: Float.self)
  }

  /// A digest of the bytes, continuing from `seed`, the same on every machine.
  package func digest(from seed: UInt64) -> UInt64 { cgad_digest(seed, address, byteCount) }

  /// Copies the bytes of `other`.
  ///
  /// - Requires: both have the same type.
  package func copy(from other: Buffer) {
    precondition(type == other.type, "copy between types")
    memcpy(address, other.address, byteCount)
  }

  /// The greatest difference of two f32 elements, NaN if one that differs is; infinite if values of another type differ.
  ///
  /// - Requires: both have the same type.
  package func maximalDifference(from other: Buffer) -> Float {
    if isIdentical(to: other) { return 0 }
    if type.element != .f32 { return .infinity }
    return zip(floats, other.floats).reduce(0) { (d, pair) in
      let e = pair.0.bitPattern == pair.1.bitPattern ? 0 : abs(pair.0 - pair.1)
      return d.isNaN || e.isNaN ? .nan : max(d, e)
    }
  }

  /// `true` iff the bytes are those of `other`.
  ///
  /// - Requires: both have the same type.
  package func isIdentical(to other: Buffer) -> Bool {
    precondition(type == other.type, "comparison between types")
    return memcmp(address, other.address, byteCount) == 0
  }

}
