import CCUDA

/// Measures what a device does, by its own clock.
final class Stopwatch {

  private let start: DeviceEvent

  private let end: DeviceEvent

  /// What was measured since the last reset.
  private(set) var elapsed = Duration.zero

  /// - Throws: what the driver says.
  init(on device: Device) throws(CUDAError) {
    start = try .init(isTimed: true, on: device)
    end = try .init(isTimed: true, on: device)
  }

  func reset() { elapsed = .zero }

  /// Begins in `stream`, behind what was given to it so far.
  func begin(in stream: cgad_cu_stream, _ what: String) throws(CUDAError) { try start.record(in: stream, what) }

  /// Ends in `stream`, behind what was given to it so far.
  func stop(in stream: cgad_cu_stream, _ what: String) throws(CUDAError) { try end.record(in: stream, what) }

  /// Adds the time between beginning and end, which the device got to.
  func read(_ what: String) throws(CUDAError) {
    elapsed += .nanoseconds(Int64((Double(try end.milliseconds(since: start, what)) * 1e6).rounded()))
  }

}
