import CCUDA

/// The stream in which values are copied to the host and back, in order, beside the stream that computes.
final class CopyStream {

  let stream: cgad_cu_stream

  let device: Device

  /// Marks a point of one stream for the other to wait for; it is recorded again for each.
  private let mark: DeviceEvent

  /// - Throws: what the driver says.
  init(on device: Device) throws(CUDAError) {
    let stream: cgad_cu_stream? = try device.driver.value("cuStreamCreate for copies") {
      device.driver.cuStreamCreate($0, UInt32(CGAD_CU_STREAM_NON_BLOCKING))
    }
    guard let stream else { preconditionFailure("cuStreamCreate succeeded without a stream") }
    self.stream = stream
    self.device = device
    mark = try DeviceEvent(on: device)
  }

  deinit { _ = device.driver.cuStreamDestroy_v2(stream) }

  /// Has the copies that come from now on wait for all that was given to the stream that computes.
  func follow(_ what: String) throws(CUDAError) {
    try mark.record(in: device.stream, what)
    try mark.wait(in: stream, what)
  }

  /// Has the stream that computes wait for all copies so far.
  func join(_ what: String) throws(CUDAError) {
    try mark.record(in: stream, what)
    try mark.wait(in: device.stream, what)
  }

  /// Waits for all copies.
  func synchronize(_ what: String) throws(CUDAError) {
    try device.driver.check("cuStreamSynchronize after \(what)") { [device] in device.driver.cuStreamSynchronize(stream)
    }
  }

}
