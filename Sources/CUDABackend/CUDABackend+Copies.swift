import CCUDA
import Operations
package import Runtime

extension Buffer {

  /// The first byte, as the driver counts.
  var deviceAddress: UInt64 { UInt64(UInt(bitPattern: address)) }

}

/// What travels between the host and the device.
extension CUDABackend {

  package func download(_ buffer: Buffer) -> HostMemory {
    let memory = HostMemory(buffer.type)
    memory.buffer.fill(with: 0)
    if buffer.byteCount == 0 { return memory }
    noting { () throws(CUDAError) in
      try device.driver.check("cuMemcpyDtoHAsync of \(buffer.byteCount) bytes") {
        device.driver.cuMemcpyDtoHAsync_v2(
          memory.buffer.address, buffer.deviceAddress, buffer.byteCount, device.stream)
      }
      try device.synchronize("a copy of \(buffer.byteCount) bytes to the host")
    }
    return memory
  }

  /// Returns page-locked memory, from which copies are fast.
  package func staging(for buffer: Buffer) -> HostMemory {
    var address: UnsafeMutableRawPointer?
    noting { () throws(CUDAError) in
      try device.driver.check("cuMemHostAlloc of \(buffer.byteCount) bytes") {
        device.driver.cuMemHostAlloc(&address, max(buffer.byteCount, 1), 0)
      }
    }
    guard let address else { return HostMemory(buffer.type) }
    return HostMemory(.init(address: address, type: buffer.type)) { [device] in
      _ = device.driver.cuMemFreeHost($0)
    }
  }

  package func upload(_ memory: HostMemory, to buffer: Buffer) {
    if buffer.byteCount == 0 { return }
    noting { () throws(CUDAError) in
      try device.driver.check("cuMemcpyHtoDAsync of \(buffer.byteCount) bytes") {
        device.driver.cuMemcpyHtoDAsync_v2(
          buffer.deviceAddress, memory.buffer.address, buffer.byteCount, device.stream)
      }
      try device.synchronize("a copy of \(buffer.byteCount) bytes to the device")
    }
  }

  package func copy(from source: Buffer, to target: Buffer) {
    if source.byteCount == 0 { return }
    noting { () throws(CUDAError) in
      try device.driver.check("cuMemcpyDtoDAsync of \(source.byteCount) bytes") {
        device.driver.cuMemcpyDtoDAsync_v2(
          target.deviceAddress, source.deviceAddress, source.byteCount, device.stream)
      }
    }
  }

  /// Sets `words` 32-bit words from `address` on, in the order of the stream.
  func set(_ address: UInt64, words: Int, to word: UInt32, _ what: String) throws(CUDAError) {
    if words == 0 { return }
    try device.driver.check("cuMemsetD32Async of \(words * 4) bytes of \(what)") {
      device.driver.cuMemsetD32Async(address, word, words, device.stream)
    }
  }

  /// Returns `count` 32-bit words from `address` on; zeros if they cannot be read.
  func words(at address: UInt64, count: Int) -> [UInt32] {
    var result = [UInt32](repeating: 0, count: count)
    noting { () throws(CUDAError) in
      try device.driver.check("cuMemcpyDtoHAsync of \(count * 4) bytes") {
        device.driver.cuMemcpyDtoHAsync_v2(&result, address, count * 4, device.stream)
      }
      try device.synchronize("a copy of \(count * 4) bytes to the host")
    }
    return result
  }

}

/// The numbers of a step and the failure words.
extension CUDABackend {

  /// Sets the host's copies of what `works` read in the step of `keys`.
  func setNumbers(of works: [BoundWork], _ keys: StepKeys) {
    self.keys.host[0] = keys.seed
    let source = keys.microBatch & 0xffff | keys.replica << 16
    self.keys.host[1] = UInt64(keys.step) | UInt64(source) << 32
    for w in works { w.setScalars(keys) }
  }

  /// Has the host's copies of what `works` read copied to the device.
  func uploadNumbers(of works: [BoundWork]) throws(CUDAError) {
    try keys.upload()
    for block in Self.blocks(works.flatMap { $0.scalars.map(\.word) }) { try block.upload() }
  }

  /// Has the failure words of `works` copied to the host.
  func downloadFailures(of works: [BoundWork]) throws(CUDAError) {
    for block in Self.blocks(works.compactMap(\.failure)) { try block.download() }
  }

  /// Clears the failure words of `works`.
  func clearFailures(of works: [BoundWork]) throws(CUDAError) {
    for w in works { w.failure?.value = 0 }
    for block in Self.blocks(works.compactMap(\.failure)) { try block.upload() }
    try device.synchronize("clearing failure words")
  }

  /// Returns the blocks that `words` are in, each once, in order.
  private static func blocks(_ words: [WordPool.Word]) -> [Words] {
    var seen: Set<ObjectIdentifier> = []
    return words.map(\.block).filter { seen.insert(ObjectIdentifier($0)).inserted }
  }

}
