import Glibc

/// A block of memory, aligned to 64 bytes.
///
/// The memory is not cleared. A guard behind the last byte shows whether a kernel wrote past the end.
package struct Arena: ~Copyable {

  /// The alignment of the first byte.
  package static let alignment = 64

  private static let guardSize = 64

  private static let guardByte: UInt8 = 0xa5

  /// The first byte.
  package let base: UnsafeMutableRawPointer

  package let byteCount: Int

  /// Allocates `byteCount` bytes.
  ///
  /// - Throws: if the machine does not have them.
  package init(byteCount: Int) throws(MachineError) {
    precondition(byteCount >= 0, "negative byte count")
    let (total, overflow) = byteCount.addingReportingOverflow(Self.guardSize)
    var memory: UnsafeMutableRawPointer?
    guard !overflow, posix_memalign(&memory, Self.alignment, total) == 0, let memory else {
      throw .outOfMemory(byteCount: byteCount)
    }
    self.base = memory
    self.byteCount = byteCount
    memset(memory + byteCount, Int32(Self.guardByte), Self.guardSize)
  }

  deinit { free(base) }

  /// `true` iff nothing was written past the end.
  package var isGuardIntact: Bool {
    let guardBytes = UnsafeRawBufferPointer(start: base + byteCount, count: Self.guardSize)
    return guardBytes.allSatisfy { $0 == Self.guardByte }
  }

  /// Sets every byte to `byte`.
  package func fill(with byte: UInt8) { memset(base, Int32(byte), byteCount) }

}
