import CCUDA

/// An event of the driver: a point of a stream that others may wait for, and whose time may be measured.
final class DeviceEvent {

  private let event: cgad_cu_event

  private let device: Device

  /// - Parameter isTimed: `true` iff the device is to note when it got there.
  /// - Throws: what the driver says.
  init(isTimed: Bool = false, on device: Device) throws(CUDAError) {
    let event: cgad_cu_event? = try device.driver.value("cuEventCreate") {
      device.driver.cuEventCreate($0, isTimed ? 0 : UInt32(CGAD_CU_EVENT_DISABLE_TIMING))
    }
    guard let event else { preconditionFailure("cuEventCreate succeeded without an event") }
    self.event = event
    self.device = device
  }

  deinit { _ = device.driver.cuEventDestroy_v2(event) }

  /// Marks what was given to `stream` so far.
  func record(in stream: cgad_cu_stream, _ what: String) throws(CUDAError) {
    try device.driver.check("cuEventRecord for \(what)") { [device] in device.driver.cuEventRecord(event, stream) }
  }

  /// Has `stream` wait for what was marked.
  func wait(in stream: cgad_cu_stream, _ what: String) throws(CUDAError) {
    try device.driver.check("cuStreamWaitEvent for \(what)") { [device] in
      device.driver.cuStreamWaitEvent(stream, event, 0)
    }
  }

  /// Returns the time from `start` to this event, in milliseconds.
  ///
  /// - Requires: both are timed, and the device got to both.
  func milliseconds(since start: DeviceEvent, _ what: String) throws(CUDAError) -> Float {
    var result: Float = 0
    try device.driver.check("cuEventElapsedTime for \(what)") { [device] in
      device.driver.cuEventElapsedTime(&result, start.event, event)
    }
    return result
  }

}
