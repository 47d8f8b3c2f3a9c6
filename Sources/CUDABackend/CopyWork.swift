import CCUDA
package import Runtime

/// One copy between the arena and page-locked memory of the host, with the event that says when it is done.
///
/// A copy to the host reads bytes that the computing stream wrote before, and a copy back writes bytes that it is done with:
/// either way the copy follows what was given to that stream before. What comes after it there waits where `wait` stands, an
/// offload's before its bytes are written again and a fetch's before its bytes are read.
final class CopyWork {

  /// The copy, for people: `offload of f32[64, 32] (8192 bytes)`.
  let name: String

  private let direction: HostCopy.Direction

  private let address: UInt64

  private let host: UnsafeMutableRawPointer

  private let byteCount: Int

  private let done: DeviceEvent

  let copies: CopyStream

  init(
    _ direction: HostCopy.Direction, of buffer: Buffer, at host: UnsafeMutableRawPointer, in copies: CopyStream
  ) throws(CUDAError) {
    name = "\(direction.rawValue) of \(buffer.type) (\(buffer.byteCount) bytes)"
    (self.direction, self.host, self.copies) = (direction, host, copies)
    (address, byteCount) = (buffer.deviceAddress, buffer.byteCount)
    done = try DeviceEvent(on: copies.device)
  }

  /// Gives the copy to its stream.
  func begin() throws(CUDAError) {
    let (driver, stream) = (copies.device.driver, copies.stream)
    try copies.follow(name)
    switch direction {
    case .offload:
      try driver.check("cuMemcpyDtoHAsync for \(name)") {
        driver.cuMemcpyDtoHAsync_v2(host, address, byteCount, stream)
      }
    case .fetch:
      try driver.check("cuMemcpyHtoDAsync for \(name)") {
        driver.cuMemcpyHtoDAsync_v2(address, host, byteCount, stream)
      }
    }
    try done.record(in: stream, name)
  }

  /// Has the stream that computes wait for the copy.
  func wait() throws(CUDAError) { try done.wait(in: copies.device.stream, name) }

}

/// The copies of plans between the device and the host.
extension CUDABackend {

  package func copy(
    _ direction: HostCopy.Direction, of buffer: Buffer, at host: UnsafeMutableRawPointer
  ) throws(MachineError) -> HostCopy {
    let work: CopyWork
    do throws(CUDAError) {
      try device.enter()
      work = try CopyWork(direction, of: buffer, at: host, in: copyStream())
    } catch { throw .device(error.description) }
    return .init(
      begin: { (_) throws(KernelFailure) in try self.begin(work) }, wait: { (_) in self.collect(.wait(work)) })
  }

  /// Begins a copy and waits for it, or notes it while a sequence is collected.
  private func begin(_ work: CopyWork) throws(KernelFailure) {
    if collect(.begin(work)) { return }
    if let failure { throw failure }
    noting { () throws(CUDAError) in
      try timing?.begin(in: work.copies.stream, work.name)
      try work.begin()
      try timing?.stop(in: work.copies.stream, work.name)
      try work.copies.synchronize(work.name)
      try timing?.read(work.name)
    }
    if let failure { throw failure }
  }

}
