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
    for (i, x) in values.elements.enumerated() { store(x, at: i) }
  }

  deinit { memory.deallocate() }

  private func store(_ x: Double, at i: Int) {
    let offset = i * buffer.type.element.size
    switch buffer.type.element {
    case .f32: buffer.bytes.storeBytes(of: Float(x), toByteOffset: offset, as: Float.self)
    case .i32: buffer.bytes.storeBytes(of: Int32(x), toByteOffset: offset, as: Int32.self)
    case .bool, .u8: buffer.bytes.storeBytes(of: UInt8(x), toByteOffset: offset, as: UInt8.self)
    case .f64, .f16, .bf16, .i64, .u16: preconditionFailure("no operation takes \(buffer.type)")
    }
  }

  /// The elements.
  var values: ReferenceTensor {
    .init(buffer.type.extents, (0..<buffer.type.count).map(element))
  }

  private func element(_ i: Int) -> Double {
    let offset = i * buffer.type.element.size
    return switch buffer.type.element {
    case .f32: Double(buffer.bytes.load(fromByteOffset: offset, as: Float.self))
    case .i32: Double(buffer.bytes.load(fromByteOffset: offset, as: Int32.self))
    case .bool, .u8: Double(buffer.bytes.load(fromByteOffset: offset, as: UInt8.self))
    case .f64, .f16, .bf16, .i64, .u16: preconditionFailure("no operation gives \(buffer.type)")
    }
  }

  /// `true` iff nothing was written beside the tensor.
  var isIntact: Bool {
    memory.prefix(Self.guardSize).allSatisfy { $0 == Self.guardByte }
      && memory.suffix(Self.guardSize).allSatisfy { $0 == Self.guardByte }
  }

}
