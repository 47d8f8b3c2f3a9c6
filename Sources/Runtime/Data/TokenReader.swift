package import Operations

/// Reads files of tokens: whole numbers of one width, little-endian, one behind the other, with nothing around them.
package enum TokenReader {

  /// Returns the bytes of the tokens in the file at `path`, as they are stored.
  ///
  /// - Throws: if the file cannot be read, or its length is not a whole number of tokens.
  /// - Complexity: O(*n*) in the size of the file, which is read once and stored once.
  package static func read(_ path: String, element: ElementType) throws(DataError) -> [UInt8] {
    let file = try InputFile(path)
    let tokens = "a whole number of tokens of \(element.rawValue)"
    guard file.size % element.size == 0, TensorType.isValid(element, [file.size / element.size]) else {
      throw .init(path, .malformed(part: "length", expected: tokens, found: "\(file.size) bytes"))
    }
    let bytes = try file.bytes(at: 0, count: file.size)
    guard bytes.count == file.size else {
      throw .init(path, .truncated(part: "the tokens", expected: file.size, found: bytes.count))
    }
    return bytes
  }

  /// Returns windows of `window` tokens that start `stride` tokens behind each other, and if `hasTargets`, for each the
  /// window one token further on, which is what a language model has to say.
  ///
  /// All tokens of a window and of its targets exist. The arrays share `bytes`.
  ///
  /// - Requires: `bytes` are whole tokens of `element`; `window` and `stride` are at least 1.
  /// - Throws: if the windows are beyond what a tensor may be.
  package static func windows(
    of bytes: [UInt8], element: ElementType, window: Int, stride: Int, hasTargets: Bool, origin: String
  ) throws(DataError) -> [DataArray] {
    let last = bytes.count / element.size - (hasTargets ? 1 : 0) - window
    let count = last < 0 ? 0 : last / stride + 1
    guard TensorType.isValid(element, [count, window]) else {
      let (expected, found) = ("at most \(TensorType.byteLimit) bytes in all windows", "\(count) windows of \(window)")
      throw .init(origin, .wrongShape(expected: expected, found: found, advice: "take a greater stride"))
    }
    let type = TensorType(element, [count, window])
    return (0...(hasTargets ? 1 : 0)).map { (first) in
      .init(origin: origin, type: type, windowsOf: bytes, first: count == 0 ? 0 : first, stride: stride)
    }
  }

}
