package import Operations

/// Writes tensors as NumPy's `numpy.save` does.
package enum NPYWriter {

  /// Writes the value in `buffer` to `path`, whole or not at all.
  ///
  /// - Throws: what the operating system says.
  package static func write(_ buffer: Buffer, to path: String) throws(FileError) {
    let header = header(buffer.type)
    var failure: FileError?
    header.withUnsafeBytes { (h) in
      do throws(FileError) {
        try AtomicFile.write([h, UnsafeRawBufferPointer(buffer.bytes)], to: path)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Writes `array` to `path`, whole or not at all.
  ///
  /// - Throws: what the operating system says.
  package static func write(_ array: DataArray, to path: String) throws(FileError) {
    let header = header(array.type)
    var failure: FileError?
    header.withUnsafeBytes { (h) in
      array.bytes.withUnsafeBytes { (b) in
        do throws(FileError) { try AtomicFile.write([h, b], to: path) } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }

  /// Returns what stands before the elements of a value of type `type`.
  ///
  /// - Source: NumPy, "NPY format", version 1.0.
  package static func header(_ type: TensorType) -> [UInt8] {
    let shape = type.extents.map { "\($0)," }.joined(separator: " ")
    var text = "{'descr': '\(descriptor(type.element))', 'fortran_order': False, 'shape': (\(shape)), }"
    let prefix = 10
    text += String(repeating: " ", count: 63 - (prefix + text.utf8.count) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(text.utf8)
  }

  /// Returns NumPy's name of the element type; it has none for bf16, whose bits are given as whole numbers.
  private static func descriptor(_ element: ElementType) -> String {
    switch element {
    case .f64: "<f8"
    case .f32: "<f4"
    case .f16: "<f2"
    case .bf16, .u16: "<u2"
    case .i64: "<i8"
    case .i32: "<i4"
    case .u8: "|u1"
    case .bool: "|b1"
    }
  }

}
