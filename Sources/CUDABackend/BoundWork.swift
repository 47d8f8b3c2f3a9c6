import CCUDA
import Operations
import Runtime

/// The launches of one operation, or its call of a library, with all arguments in place.
final class BoundWork {

  /// The operation and its values, for people: `matmul of f32[64, 32], f32[32, 10] (10240 bytes)`.
  let name: String

  /// The word in which the kernels leave what went wrong, if one of them can fail.
  let failure: WordPool.Word?

  /// What the host sets before each step.
  let scalars: [(word: WordPool.Word, value: (StepKeys) -> Double)]

  /// What they read and write of the plan's memory; nothing if there are none.
  let memory: Footprint

  /// What a run of elementwise operations does in place of the launches, if one can.
  let step: ElementwiseStep?

  private let describe: (UInt64) -> String

  private let launches: [BoundLaunch]

  private let product: BoundProduct?

  init(
    _ work: Work, name: String, workspace: UnsafeMutableRawBufferPointer, memory: Footprint, step: ElementwiseStep?,
    on backend: CUDABackend
  ) throws(CUDAError) {
    self.name = name
    let isEmpty = work.launches.isEmpty && work.product == nil
    self.memory = isEmpty ? .init(reads: [], writes: []) : memory
    self.step = work.launches.isEmpty ? nil : step
    describe = work.describe
    var scalars: [(WordPool.Word, (StepKeys) -> Double)] = []
    var failure: WordPool.Word?
    var launches: [BoundLaunch] = []
    for launch in work.launches {
      let arguments = LaunchArguments(count: launch.arguments.count)
      for (i, argument) in launch.arguments.enumerated() {
        switch argument {
        case .address(let a): arguments.set(i, a)
        case .integer(let n): arguments.set(i, UInt64(bitPattern: n))
        case .float(let x): arguments.set(i, UInt64(x.bitPattern))
        case .keys: arguments.set(i, backend.keys.address)
        case .scratch(let bytes):
          precondition(bytes <= workspace.count, "\(name) works in \(bytes) bytes, not in \(workspace.count)")
          arguments.set(i, UInt64(UInt(bitPattern: workspace.baseAddress)))
        case .scalar(let value):
          let word = try backend.scalars.take()
          scalars.append((word, value))
          arguments.set(i, word.address)
        case .failure:
          let word = if let failure { failure } else { try backend.failures.take() }
          failure = word
          arguments.set(i, word.address)
        }
      }
      launches.append(.init(launch, try backend.module.function(launch.kernel), arguments))
    }
    (self.scalars, self.failure, self.launches) = (scalars, failure, launches)
    product =
      if let call = work.product { try .init(call, name: name, workspace: workspace, on: backend) } else { nil }
  }

  /// The launches; a library's product counts as one.
  var launchCount: Int { launches.count + (product == nil ? 0 : 1) }

  /// Gives all launches to the stream.
  func enqueue(on device: Device) throws(CUDAError) {
    for l in launches { try l.enqueue(on: device, for: name) }
    try product?.enqueue(for: name)
  }

  /// Sets the host's copies of what depends on the step.
  func setScalars(_ keys: StepKeys) { for s in scalars { s.word.value = s.value(keys).bitPattern } }

  /// `true` iff the host's copy of the failure word says that a kernel found something wrong.
  var hasFailed: Bool { failure.map { $0.value != 0 } ?? false }

  /// What the kernels found wrong.
  ///
  /// - Requires: they have failed.
  var kernelFailure: KernelFailure { .init(describe(failure?.value ?? 0)) }

}

/// The values of a launch's parameters where the driver can read them.
final class LaunchArguments {

  private let values: UnsafeMutablePointer<UInt64>

  /// The address of each value.
  let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?>

  init(count: Int) {
    values = .allocate(capacity: max(count, 1))
    values.initialize(repeating: 0, count: max(count, 1))
    pointers = .allocate(capacity: max(count, 1))
    for i in 0..<max(count, 1) { (pointers + i).initialize(to: .init(values + i)) }
  }

  deinit {
    values.deallocate()
    pointers.deallocate()
  }

  /// Sets the bits of value `i`, of which narrower parameters take the first bytes.
  func set(_ i: Int, _ bits: UInt64) { values[i] = bits }

}

/// A launch with its kernel and arguments.
struct BoundLaunch {

  private let launch: Launch

  private let function: cgad_cu_function

  private let arguments: LaunchArguments

  init(_ launch: Launch, _ function: cgad_cu_function, _ arguments: LaunchArguments) {
    (self.launch, self.function, self.arguments) = (launch, function, arguments)
  }

  func enqueue(on device: Device, for name: String) throws(CUDAError) {
    let (g, b) = (launch.grid, launch.block)
    try device.driver.check(
      "cuLaunchKernel of \(launch.kernel), grid \(g.x)x\(g.y)x\(g.z), block \(b.x)x\(b.y)x\(b.z), for \(name)"
    ) {
      device.driver.cuLaunchKernel(
        function, g.x, g.y, g.z, b.x, b.y, b.z, UInt32(launch.sharedBytes), device.stream, arguments.pointers, nil)
    }
  }

}
