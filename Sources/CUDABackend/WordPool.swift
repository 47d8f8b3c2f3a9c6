import CCUDA

/// 64-bit words of the device with a copy of each in page-locked memory of the host, from which and to which they travel.
final class Words {

  let address: UInt64

  /// The host's copy.
  let host: UnsafeMutablePointer<UInt64>

  private let count: Int

  private let memory: DeviceMemory

  private let device: Device

  /// Allocates `count` words, which are 0.
  init(count: Int, on device: Device) throws(CUDAError) {
    memory = try DeviceMemory(byteCount: count * 8, on: device)
    address = memory.address
    let raw: UnsafeMutableRawPointer? = try device.driver.value("cuMemHostAlloc of \(count * 8) bytes") {
      device.driver.cuMemHostAlloc($0, count * 8, 0)
    }
    guard let raw else { preconditionFailure("cuMemHostAlloc succeeded without memory") }
    host = raw.bindMemory(to: UInt64.self, capacity: count)
    host.initialize(repeating: 0, count: count)
    self.count = count
    self.device = device
    try upload()
    try device.synchronize("clearing words")
  }

  deinit { _ = device.driver.cuMemFreeHost(host) }

  /// Has the host's copy copied to the device, in the order of the stream.
  func upload() throws(CUDAError) {
    try device.driver.check("cuMemcpyHtoDAsync of \(count * 8) bytes of step numbers") {
      device.driver.cuMemcpyHtoDAsync_v2(address, host, count * 8, device.stream)
    }
  }

  /// Has the words copied to the host, in the order of the stream.
  func download() throws(CUDAError) {
    try device.driver.check("cuMemcpyDtoHAsync of \(count * 8) bytes of failure words") {
      device.driver.cuMemcpyDtoHAsync_v2(host, address, count * 8, device.stream)
    }
  }

}

/// Gives out words one by one.
final class WordPool {

  /// A word and the block that it is in.
  struct Word {

    let block: Words

    let index: Int

    var address: UInt64 { block.address + UInt64(index) * 8 }

    /// The host's copy.
    var value: UInt64 {
      get { block.host[index] }
      nonmutating set { block.host[index] = newValue }
    }

  }

  private static let blockSize = 512

  private let device: Device

  private var block: Words?

  private var used = 0

  init(_ device: Device) { self.device = device }

  /// Returns a word that nobody has.
  func take() throws(CUDAError) -> Word {
    if block == nil || used == Self.blockSize { (block, used) = (try Words(count: Self.blockSize, on: device), 0) }
    guard let block else { preconditionFailure("no block of words") }
    used += 1
    return .init(block: block, index: used - 1)
  }

}
