import CCUDA

/// The first device that the driver shows, with its primary context and the one stream that everything is done in.
///
/// A context belongs to a thread while it is used: `enter` comes before the calls of every public function.
package final class Device {

  let driver: cgad_cuda_driver

  /// The driver's version, as 12040 for 12.4.
  package let version: Int

  package let name: String

  /// The compute capability, as 90 for 9.0.
  package let capability: Int

  package var capabilityText: String { Self.text(of: capability) }

  /// The least compute capability of devices that multiply tf32 and bf16.
  static let leastTensorCapability = 80

  /// Returns `8.0` for 80.
  static func text(of capability: Int) -> String { "\(capability / 10).\(capability % 10)" }

  package let memoryBytes: Int

  private let ordinal: cgad_cu_device

  private let context: cgad_cu_context

  let stream: cgad_cu_stream

  /// Opens the driver and the device.
  ///
  /// - Throws: if one of them is not there.
  package init() throws(CUDAError) {
    let driver = try Libraries.driver()
    self.driver = driver
    try driver.check("cuInit") { driver.cuInit(0) }
    version = Int(try driver.value("cuDriverGetVersion") { driver.cuDriverGetVersion($0) } as Int32)
    let count: Int32 = try driver.value("cuDeviceGetCount") { driver.cuDeviceGetCount($0) }
    if count == 0 { throw .noDevice }
    let ordinal: cgad_cu_device = try driver.value("cuDeviceGet") { driver.cuDeviceGet($0, 0) }
    self.ordinal = ordinal
    name = try Self.name(of: ordinal, driver)
    capability =
      try Self.attribute(CGAD_CU_ATTRIBUTE_COMPUTE_MAJOR, of: ordinal, driver) * 10
      + Self.attribute(CGAD_CU_ATTRIBUTE_COMPUTE_MINOR, of: ordinal, driver)
    memoryBytes = Int(try driver.value("cuDeviceTotalMem") { driver.cuDeviceTotalMem_v2($0, ordinal) } as Int)
    let context: cgad_cu_context? = try driver.value("cuDevicePrimaryCtxRetain") {
      driver.cuDevicePrimaryCtxRetain($0, ordinal)
    }
    guard let context else { throw .noDevice }
    self.context = context
    try driver.check("cuCtxSetCurrent") { driver.cuCtxSetCurrent(context) }
    let stream: cgad_cu_stream? = try driver.value("cuStreamCreate") {
      driver.cuStreamCreate($0, UInt32(CGAD_CU_STREAM_NON_BLOCKING))
    }
    guard let stream else { throw .noDevice }
    self.stream = stream
  }

  deinit {
    _ = driver.cuCtxSetCurrent(context)
    _ = driver.cuStreamDestroy_v2(stream)
    _ = driver.cuDevicePrimaryCtxRelease_v2(ordinal)
  }

  private static func name(of device: cgad_cu_device, _ driver: cgad_cuda_driver) throws(CUDAError) -> String {
    var bytes = [CChar](repeating: 0, count: 256)
    try driver.check("cuDeviceGetName") { driver.cuDeviceGetName(&bytes, Int32(bytes.count), device) }
    return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
  }

  private static func attribute(
    _ attribute: Int, of device: cgad_cu_device, _ driver: cgad_cuda_driver
  ) throws(CUDAError) -> Int {
    let value: Int32 = try driver.value("cuDeviceGetAttribute \(attribute)") {
      driver.cuDeviceGetAttribute($0, UInt32(attribute), device)
    }
    return Int(value)
  }

  /// Makes the context that of the present thread.
  func enter() throws(CUDAError) { try driver.check("cuCtxSetCurrent") { driver.cuCtxSetCurrent(context) } }

  /// Waits for all that was given to the stream.
  func synchronize(_ purpose: String) throws(CUDAError) {
    try driver.check("cuStreamSynchronize after \(purpose)") { driver.cuStreamSynchronize(stream) }
  }

  /// The bytes of the device's memory that nobody uses, and all.
  package func memoryInformation() throws(CUDAError) -> (free: Int, total: Int) {
    try enter()
    var (free, total) = (0, 0)
    try driver.check("cuMemGetInfo") { driver.cuMemGetInfo_v2(&free, &total) }
    return (free, total)
  }

}

extension cgad_cuda_driver {

  /// Throws unless `body` succeeds, which is a call of what `call` says.
  func check(_ call: @autoclosure () -> String, _ body: () -> cgad_cu_result) throws(CUDAError) {
    let code = body()
    if Int(code) == CGAD_CU_SUCCESS { return }
    var (name, text): (UnsafePointer<CChar>?, UnsafePointer<CChar>?)
    _ = cuGetErrorName(code, &name)
    _ = cuGetErrorString(code, &text)
    throw .call(
      .init(
        call: call(), code: code, name: name.map { String(cString: $0) } ?? "unknown error",
        text: text.map { String(cString: $0) } ?? "the driver has no text for it"))
  }

  /// Returns what `body` stores, which is a call of what `call` says.
  func value<T: ExpressibleByNilLiteral>(
    _ call: String, _ body: (UnsafeMutablePointer<T>) -> cgad_cu_result
  ) throws(CUDAError) -> T {
    var value: T = nil
    try check(call) { body(&value) }
    return value
  }

  /// Returns the number that `body` stores, which is a call of what `call` says.
  func value<T: BinaryInteger>(
    _ call: String, _ body: (UnsafeMutablePointer<T>) -> cgad_cu_result
  ) throws(CUDAError) -> T {
    var value: T = 0
    try check(call) { body(&value) }
    return value
  }

}
