import Glibc
package import Operations
import Support

/// The memory of a plan on a device, which knows whether something was written behind its ends.
package protocol PlanMemory: AnyObject {

  /// The first byte of persistent storage.
  var persistent: UnsafeMutableRawPointer { get }

  /// The first byte of the arena.
  var arena: UnsafeMutableRawPointer { get }

  /// The first byte of the host's memory for what is offloaded; `nil` if there is none.
  var host: UnsafeMutableRawPointer? { get }

  /// `true` iff nothing was written past the end of storage or arena.
  var isIntact: Bool { get }

  /// Sets every byte of the arena, and of the host's memory, to `byte`.
  func fillArena(with byte: UInt8)

}

/// Memory of the host for a plan.
final class HostPlanMemory: PlanMemory {

  private let storage: Arena

  private let values: Arena

  private let copies: OffloadFile?

  var persistent: UnsafeMutableRawPointer { storage.base }

  var arena: UnsafeMutableRawPointer { values.base }

  var host: UnsafeMutableRawPointer? { copies?.base }

  var isIntact: Bool { storage.isGuardIntact && values.isGuardIntact }

  /// Allocates memory; what is offloaded lies in a file in `folder`, or where temporary files are.
  init(persistent: Int, arena: Int, host: Int, in folder: String?) throws(MachineError) {
    storage = try Arena(byteCount: persistent)
    values = try Arena(byteCount: arena)
    copies = host == 0 ? nil : try OffloadFile(byteCount: host, in: folder ?? OffloadFile.defaultFolder)
  }

  func fillArena(with byte: UInt8) {
    values.fill(with: byte)
    if let copies { memset(copies.base, Int32(byte), copies.byteCount) }
  }

}

/// Memory of the host that goes with the instance.
package final class HostMemory {

  package let buffer: Buffer

  private let release: (UnsafeMutableRawPointer) -> Void

  /// Creates an instance for memory that `release` gives back.
  package init(_ buffer: Buffer, release: @escaping (UnsafeMutableRawPointer) -> Void) {
    self.buffer = buffer
    self.release = release
  }

  /// Creates an instance for memory that somebody else owns.
  package convenience init(borrowing buffer: Buffer) { self.init(buffer) { (_) in } }

  /// Allocates memory for a value of type `type`.
  package convenience init(_ type: TensorType) {
    let address = UnsafeMutableRawPointer.allocate(byteCount: max(1, type.size.value), alignment: Arena.alignment)
    self.init(.init(address: address, type: type)) { $0.deallocate() }
  }

  deinit { release(buffer.address) }

}
