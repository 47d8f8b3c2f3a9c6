import CKernels
import Operations

/// How the elements of a data file become those that a plan declares; all conversions are exact.
enum Conversion: Hashable, Sendable {

  case copy
  case u8ToF32
  case u8ToI32
  case u16ToI32

  /// Each value has to fit, which is checked beforehand.
  case i64ToI32

  /// Returns the conversion from `source` to `target`, or `nil` if there is none.
  init?(from source: ElementType, to target: ElementType) {
    if source == target {
      self = .copy
      return
    }
    switch (source, target) {
    case (.u8, .f32): self = .u8ToF32
    case (.u8, .i32): self = .u8ToI32
    case (.u16, .i32): self = .u16ToI32
    case (.i64, .i32): self = .i64ToI32
    case _: return nil
    }
  }

  /// Returns what a person can do about a file of `source` elements where `target` is wanted.
  static func advice(from source: ElementType, to target: ElementType) -> String {
    if source == .f64, target == .f32 { return "rounding is not done silently: save the array as float32" }
    let declaration = "declare it as \(source.rawValue)"
    return numPyName(target).map { "save the array as \($0), or \(declaration)" } ?? declaration
  }

  /// Returns what NumPy calls `element`, or `nil` if it has no such type.
  private static func numPyName(_ element: ElementType) -> String? {
    switch element {
    case .f64: "float64"
    case .f32: "float32"
    case .f16: "float16"
    case .bf16: nil
    case .i64: "int64"
    case .i32: "int32"
    case .u16: "uint16"
    case .u8: "uint8"
    case .bool: "bool"
    }
  }

  /// Copies row `rows[i]` of `source` to row `i` of `target`, for each `i`, converting the elements.
  ///
  /// - Requires: rows have `width` elements of `element`, start `stride` elements behind each other in `source`, and lie in
  ///   `source` and `target`.
  func gather(
    _ source: UnsafeRawPointer, _ element: ElementType, stride: Int, width: Int, rows: UnsafeBufferPointer<Int64>,
    into target: UnsafeMutableRawPointer
  ) {
    let (count, stride, width) = (Int64(rows.count), Int64(stride), Int64(width))
    let (f32, i32) = (target.assumingMemoryBound(to: Float.self), target.assumingMemoryBound(to: Int32.self))
    let (u8, u16) = (source.assumingMemoryBound(to: UInt8.self), source.assumingMemoryBound(to: UInt16.self))
    switch self {
    case .copy:
      let size = Int64(element.size)
      cgad_gather_copy(target, source, rows.baseAddress, count, stride * size, width * size)
    case .u8ToF32: cgad_gather_u8_f32(f32, u8, rows.baseAddress, count, stride, width)
    case .u8ToI32: cgad_gather_u8_i32(i32, u8, rows.baseAddress, count, stride, width)
    case .u16ToI32: cgad_gather_u16_i32(i32, u16, rows.baseAddress, count, stride, width)
    case .i64ToI32:
      cgad_gather_i64_i32(i32, source.assumingMemoryBound(to: Int64.self), rows.baseAddress, count, stride, width)
    }
  }

}

extension DataArray {

  /// Returns the place among the stored elements and the value of the first integer outside `range`, or `nil` if there is
  /// none or they are no integers.
  ///
  /// - Complexity: O(*n*) in the number of elements that examples reach over.
  func firstInteger(outside range: ClosedRange<Int>) -> (index: Int, value: Int)? {
    bytes.withUnsafeBytes { (b) in
      guard let start = b.baseAddress else { return nil }
      let p = start + first * element.size
      let (n, low, high) = (Int64(span), Int64(range.lowerBound), Int64(range.upperBound))
      func found<T: BinaryInteger>(_ i: Int64, _: T.Type) -> (index: Int, value: Int)? {
        i < 0 ? nil : (first + Int(i), Int(p.assumingMemoryBound(to: T.self)[Int(i)]))
      }
      switch element {
      case .u8: return found(cgad_find_outside_u8(p.assumingMemoryBound(to: UInt8.self), n, low, high), UInt8.self)
      case .u16: return found(cgad_find_outside_u16(p.assumingMemoryBound(to: UInt16.self), n, low, high), UInt16.self)
      case .i32: return found(cgad_find_outside_i32(p.assumingMemoryBound(to: Int32.self), n, low, high), Int32.self)
      case .i64: return found(cgad_find_outside_i64(p.assumingMemoryBound(to: Int64.self), n, low, high), Int64.self)
      case .f64, .f32, .f16, .bf16, .bool: return nil
      }
    }
  }

}
