import CCUDA
import Glibc
import Runtime

/// A block of the device's memory that goes with the instance.
final class DeviceMemory {

  let address: UInt64

  let byteCount: Int

  private let device: Device

  /// Allocates `byteCount` bytes, which hold anything; the address is a multiple of 256.
  ///
  /// - Throws: what the driver says.
  init(byteCount: Int, on device: Device) throws(CUDAError) {
    try device.enter()
    address = try device.driver.value("cuMemAlloc of \(byteCount) bytes") {
      device.driver.cuMemAlloc_v2($0, max(byteCount, 1))
    }
    self.byteCount = byteCount
    self.device = device
  }

  deinit { _ = device.driver.cuMemFree_v2(address) }

}

/// Page-locked memory of the host that goes with the instance.
final class PinnedMemory {

  let address: UnsafeMutableRawPointer

  let byteCount: Int

  private let device: Device

  /// Allocates `byteCount` bytes, which hold anything.
  ///
  /// - Throws: if the host does not have them.
  init(byteCount: Int, on device: Device) throws(MachineError) {
    var address: UnsafeMutableRawPointer?
    do throws(CUDAError) {
      try device.enter()
      try device.driver.check("cuMemHostAlloc of \(byteCount) bytes") {
        device.driver.cuMemHostAlloc(&address, byteCount, 0)
      }
    } catch { throw .pinnedMemory(byteCount: byteCount, reason: error.description) }
    guard let address else { preconditionFailure("cuMemHostAlloc succeeded without memory") }
    self.address = address
    self.byteCount = byteCount
    self.device = device
  }

  deinit { _ = device.driver.cuMemFreeHost(address) }

}

/// The memory of a plan: persistent storage, the arena, and a guard behind each, in one block.
final class CUDAPlanMemory: PlanMemory {

  /// What the driver aligns blocks to, and plans for CUDA their values, in bytes.
  static let alignment = 256

  /// The bytes of a guard, and four of them as a number.
  private static let guardSize = 256
  private static let guardWord: UInt32 = 0xa5a5_a5a5

  private let memory: DeviceMemory

  private let pinned: PinnedMemory?

  private let backend: CUDABackend

  /// The first byte of the arena, counted from the first of the block.
  private let arenaOffset: Int

  private let arenaBytes: Int

  /// Where the guards start.
  private let guards: [Int]

  /// Allocates the block and sets the guards.
  init(persistent: Int, arena: Int, pinned: PinnedMemory?, on backend: CUDABackend) throws(CUDAError) {
    self.pinned = pinned
    let end = Self.words(persistent) * 4
    arenaOffset = (end + Self.guardSize + Self.alignment - 1) & ~(Self.alignment - 1)
    arenaBytes = arena
    guards = [end, arenaOffset + Self.words(arena) * 4]
    memory = try DeviceMemory(byteCount: guards[1] + Self.guardSize, on: backend.device)
    self.backend = backend
    for g in guards {
      try backend.set(memory.address + UInt64(g), words: Self.guardSize / 4, to: Self.guardWord, "guards")
    }
    try backend.device.synchronize("guards")
  }

  var persistent: UnsafeMutableRawPointer { pointer(at: 0) }

  var arena: UnsafeMutableRawPointer { pointer(at: arenaOffset) }

  var host: UnsafeMutableRawPointer? { pinned?.address }

  private func pointer(at offset: Int) -> UnsafeMutableRawPointer {
    guard let p = UnsafeMutableRawPointer(bitPattern: UInt(memory.address) + UInt(offset)) else {
      preconditionFailure("the driver gave memory at address 0")
    }
    return p
  }

  /// The number of 32-bit words that hold `byteCount` bytes.
  static func words(_ byteCount: Int) -> Int { (byteCount + 3) / 4 }

  var isIntact: Bool {
    guards.allSatisfy { (g) in
      let words = backend.words(at: memory.address + UInt64(g), count: Self.guardSize / 4)
      return words.allSatisfy { $0 == Self.guardWord }
    }
  }

  func fillArena(with byte: UInt8) {
    let word = UInt32(byte) &* 0x0101_0101
    if let pinned { memset(pinned.address, Int32(byte), pinned.byteCount) }
    backend.noting { () throws(CUDAError) in
      try backend.set(memory.address + UInt64(arenaOffset), words: Self.words(arenaBytes), to: word, "the arena")
    }
  }

}
