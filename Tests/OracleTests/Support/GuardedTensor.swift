import Operations
import Runtime
import Support

/// A tensor in memory that kernels may use, with guards on both sides.
final class GuardedTensor {

  private static let guardSize = 64

  private static let guardByte: UInt8 = 0xa5

  private let memory: UnsafeMutableRawBufferPointer

  let buffer: Buffer

  /// Allocates a tensor whose bytes are all 0xff, which is NaN.
  init(_ type: TensorType) {
    let size = type.size.value
    memory = .allocate(byteCount: size + 2 * Self.guardSize, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: Self.guardByte)
    buffer = .init(address: memory.baseAddress! + Self.guardSize, type: type)
    buffer.bytes.initializeMemory(as: UInt8.self, repeating: 0xff)
  }

  /// Allocates a tensor with the elements of `values`.
  convenience init(_ type: TensorType, _ values: ReferenceTensor) {
    self.init(type)
    precondition(type.extents == values.extents, "\(type) is not of extents \(values.extents)")
    let bytes = buffer.bytes  // found once, as that takes a while in debug builds
    switch type.element {
    case .f32: Self.store(values, to: bytes) { Float($0) }
    case .i32: Self.store(values, to: bytes) { Int32($0) }
    case .bool, .u8: Self.store(values, to: bytes) { UInt8($0) }
    case .f64, .f16, .bf16, .i64, .u16: preconditionFailure("no operation takes \(type)")
    }
  }

  deinit { memory.deallocate() }

  private static func store<T: BitwiseCopyable>(
    _ values: ReferenceTensor, to bytes: UnsafeMutableRawBufferPointer, as number: (Double) -> T
  ) {
    for (i, x) in values.elements.enumerated() {
      bytes.storeBytes(of: number(x), toByteOffset: i * MemoryLayout<T>.size, as: T.self)
    }
  }

  /// The elements.
  var values: ReferenceTensor {
    let bytes = UnsafeRawBufferPointer(buffer.bytes)
    let elements =
      switch buffer.type.element {
      case .f32: bytes.bindMemory(to: Float.self).map { Double($0) }
      case .i32: bytes.bindMemory(to: Int32.self).map { Double($0) }
      case .bool, .u8: bytes.bindMemory(to: UInt8.self).map { Double($0) }
      case .f64, .f16, .bf16, .i64, .u16: preconditionFailure("no operation gives \(buffer.type)")
      }
    return .init(buffer.type.extents, elements)
  }

  /// `true` iff nothing was written beside the tensor.
  var isIntact: Bool {
    memory.prefix(Self.guardSize).allSatisfy { $0 == Self.guardByte }
      && memory.suffix(Self.guardSize).allSatisfy { $0 == Self.guardByte }
  }

}
