import CPUBackend
import Operations
import Runtime
import Support

/// A value for tests: a type and its bytes.
final class Tensor {

  let buffer: Buffer

  init(_ type: TensorType) {
    buffer = .init(address: .allocate(byteCount: max(1, type.size.value), alignment: 64), type: type)
  }

  /// Creates a tensor of f32.
  convenience init(_ extents: [Int], _ values: [Float]) {
    self.init(.init(.f32, extents))
    buffer.bytes.copyBytes(from: values.withUnsafeBytes(Array.init))
  }

  /// Creates a tensor of i32.
  convenience init(_ extents: [Int], integers: [Int32]) {
    self.init(.init(.i32, extents))
    buffer.bytes.copyBytes(from: integers.withUnsafeBytes(Array.init))
  }

  /// Creates a tensor of bool.
  convenience init(_ extents: [Int], booleans: [Bool]) {
    self.init(.init(.bool, extents))
    buffer.bytes.copyBytes(from: booleans.map { $0 ? 1 : 0 })
  }

  deinit { buffer.address.deallocate() }

  var floats: [Float] { Array(buffer.floats) }

  var integers: [Int32] { Array(buffer.bytes.bindMemory(to: Int32.self)) }

  var bytes: [UInt8] { Array(buffer.bytes) }

}

/// Executes `text` such as `sum {axes: [0]}` on `operands` and returns the result.
func execute(
  _ text: String, _ operands: Tensor..., keys: StepKeys = .init(seed: 1), threads: Int = 2
) throws -> Tensor {
  var scanner = TextScanner(Array(text.utf8))
  let operation = try scanner.operation().operation
  let result = Tensor(try operation.resultTypes(operands.map(\.buffer.type))[0])
  let backend = try CPUBackend(threads: threads)
  try backend.kernel(of: operation, operands: operands.map(\.buffer), results: [result.buffer])(keys)
  return result
}

/// Executes the update `text` on `operands` in place.
func update(_ text: String, _ operands: Tensor..., step: UInt32 = 0) throws {
  var scanner = TextScanner(Array(text.utf8))
  let operation = try scanner.operation().operation
  let backend = try CPUBackend(threads: 2)
  try backend.kernel(of: operation, operands: operands.map(\.buffer), results: [])(.init(seed: 1, step: step))
}

/// `true` iff all pairs are within `tolerance`, relative to numbers above 1.
func isClose(_ a: [Float], _ b: [Double], _ tolerance: Double = 1e-5) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { abs(Double($0) - $1) <= tolerance * max(1, abs($1)) }
}

extension CPUBackend {

  /// Returns the kernel of `operation` with a workspace of its own, filled with NaN.
  func kernel(of operation: Operation, operands: [Buffer], results: [Buffer]) -> Kernel {
    let bytes = workspaceModel.bytes(of: operation, operands.map(\.type))
    let work = HostMemory(.init(.u8, [bytes]))
    work.buffer.fill(with: Buffer.poisonByte)
    let kernel = kernel(of: operation, operands: operands, results: results, workspace: work.buffer.bytes)
    return { (keys) throws(KernelFailure) in
      defer { withExtendedLifetime(work) {} }
      try kernel(keys)
    }
  }

}
