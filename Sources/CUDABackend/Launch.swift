import Operations
import Runtime

/// The extents of a grid of blocks, or of a block of threads.
struct Extent3: Hashable, Sendable {

  let x: UInt32

  let y: UInt32

  let z: UInt32

  init(_ x: Int, _ y: Int = 1, _ z: Int = 1) { (self.x, self.y, self.z) = (UInt32(x), UInt32(y), UInt32(z)) }

}

/// What a kernel is given for one of its parameters; each takes 8 bytes but for a float, which takes 4.
enum Argument {

  /// An address in the device's memory.
  case address(UInt64)

  /// A `long long`.
  case integer(Int64)

  case float(Float)

  /// The address of the device's step keys: `{ uint64 seed; uint32 step, microBatch | replica << 16; }`.
  case keys

  /// The address of a double that is set before each step, by the host.
  case scalar((StepKeys) -> Double)

  /// The address of the failure word of the operation, 64 bits that all of its launches share and that are 0 before the
  /// first of them; a kernel that fails leaves what `Work.describe` understands.
  case failure

  /// The address of the operation's workspace, of which this many bytes are used.
  case scratch(Int)

}

/// One launch of a kernel.
struct Launch {

  /// The name of an `extern "C" __global__` function.
  let kernel: String

  let grid: Extent3

  let block: Extent3

  /// The bytes of dynamic shared memory, at most 48 KiB.
  let sharedBytes: Int

  let arguments: [Argument]

  init(_ kernel: String, grid: Extent3, block: Extent3, sharedBytes: Int = 0, _ arguments: [Argument]) {
    (self.kernel, self.grid, self.block, self.sharedBytes) = (kernel, grid, block, sharedBytes)
    self.arguments = arguments
  }

}

/// The launches of an operation, in the order of their stream, or a library's product in their place, and the text of its
/// failures.
struct Work {

  let launches: [Launch]

  /// What a library computes; there are no launches then.
  let product: ProductCall?

  /// Returns what a failure word that is not 0 says.
  let describe: (UInt64) -> String

  /// Creates the work of an operation that a library does.
  init(_ product: ProductCall) {
    launches = []
    self.product = product
    describe = { (word) in preconditionFailure("a product that cannot fail left \(word)") }
  }

  /// Creates the work of an operation that cannot fail.
  init(_ launches: [Launch]) {
    self.init(launches) { (word) in preconditionFailure("a kernel that cannot fail left \(word)") }
  }

  init(_ launches: [Launch], describe: @escaping (UInt64) -> String) {
    self.launches = launches
    product = nil
    self.describe = describe
  }

}
