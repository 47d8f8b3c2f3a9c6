import CKernels
package import Operations
package import Runtime
import Support

/// Executes operations on the processor with a pool of threads.
///
/// The pool serves one caller at a time. Kernels keep the backend, and with it the pool, alive.
package final class CPUBackend: Backend {

  /// Why there is no backend.
  package struct Unavailable: Error, Hashable, Sendable, CustomStringConvertible {

    package let description: String

  }

  package let target = "cpu"

  /// The folder of the file that holds what plans offload; `nil` for that of temporary files.
  package var offloadFolder: String?

  let pool: OpaquePointer

  /// Creates a backend whose every kernel uses `threads` threads.
  ///
  /// - Throws: if there cannot be as many.
  package init(threads: Int) throws(Unavailable) {
    guard (1...Int(CGAD_MAX_THREADS)).contains(threads) else {
      throw .init(description: "a plan may use 1 to \(CGAD_MAX_THREADS) threads, not \(threads)")
    }
    guard let pool = cgad_pool_create(Int32(threads)) else {
      throw .init(description: "the operating system gives no \(threads) threads")
    }
    self.pool = pool
  }

  deinit { cgad_pool_destroy(pool) }

  /// How much the kernels need to work in.
  package var workspaceModel: WorkspaceModel { .processor(threads: Int(cgad_pool_threads(pool))) }

  package func kernel(
    of operation: Operation, operands: [Buffer], results: [Buffer], workspace: UnsafeMutableRawBufferPointer
  ) -> Kernel {
    let kernel = borrowingKernel(of: operation, operands, results, workspace)
    return { (keys) throws(KernelFailure) in
      defer { withExtendedLifetime(self) {} }
      try kernel(keys)
    }
  }

  /// Returns the kernel of `operation`, which must not be executed after `self` is gone.
  private func borrowingKernel(
    of operation: Operation, _ operands: [Buffer], _ results: [Buffer], _ workspace: UnsafeMutableRawBufferPointer
  ) -> Kernel {
    switch operation {
    case .elementwise(let f): kernel(f, operands, results)
    case .reduction(let f): kernel(f, operands, results)
    case .layout(let f): kernel(f, operands, results)
    case .indexing(let f): kernel(f, operands, results)
    case .linear(let f): kernel(f, operands, results)
    case .classification(let f): kernel(f, operands, results)
    case .convolution(let f): kernel(f, operands, results, workspace)
    case .pooling(let f): kernel(f, operands, results)
    case .attention(let f): kernel(f, operands, results)
    case .normalization(let f): kernel(f, operands, results)
    case .random(let f): kernel(f, operands, results)
    case .update(let f): kernel(f, operands)
    case .state(let f): kernel(f, operands)
    }
  }

}

/// Throws unless `status` is that of a kernel that did its work.
func check(_ status: Int32, _ mnemonic: String, _ buffers: [Buffer]) throws(KernelFailure) {
  if status == CGAD_OK { return }
  let reason =
    switch status {
    case CGAD_BAD_RANK: "too many axes"
    case CGAD_TOO_LARGE: "an extent is too large for the kernel"
    case _: "an argument is out of range"
    }
  throw .init("\(mnemonic) of \(buffers.map(\.type.description).joined(separator: ", ")): \(reason)")
}

extension Buffer {

  /// The elements of a value of type f32.
  var f32: UnsafeMutablePointer<Float> { address.assumingMemoryBound(to: Float.self) }

  /// The elements of a value of type i32.
  var i32: UnsafeMutablePointer<Int32> { address.assumingMemoryBound(to: Int32.self) }

  /// The elements of a value of type bool or u8.
  var u8: UnsafeMutablePointer<UInt8> { address.assumingMemoryBound(to: UInt8.self) }

  /// The number of elements.
  var count: Int { type.count }

  /// The extent of the last axis.
  var columns: Int { type.extents.last ?? 1 }

  /// The product of all extents but the last.
  var rows: Int { type.extents.dropLast().reduce(1, *) }

}
