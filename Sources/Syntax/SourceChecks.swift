package import Support

/// Returns why a file of `byteCount` bytes is no model, or `nil` if it may be; to be asked before the file is read.
package func sizeError(ofFileWith byteCount: Int) -> Diagnostic? {
  byteCount > Limits.fileBytes ? .fileTooLarge(byteCount) : nil
}

/// Returns why `file` cannot be the text of a model at all, or `nil` if it may be.
///
/// - Complexity: O(*n*) in the length of the file.
func sourceError(of file: SourceFile) -> Diagnostic? {
  if let e = sizeError(ofFileWith: file.bytes.count) { return e }
  if isBinaryMetafile(file.bytes) || isClearTextMetafile(file.bytes) { return .metafile() }
  if let offset = file.bytes.firstIndex(of: 0) { return .nulByte(at: offset) }
  if let offset = firstInvalidUTF8(in: file.bytes) { return .invalidUTF8(line: file.line(at: offset), offset: offset) }
  return overlongLine(in: file).map { .lineTooLong($0) }
}

/// Returns `true` iff `bytes` start as the binary encoding of a Computer Graphics Metafile does.
///
/// - Source: ISO/IEC 8632-3: the first element is BEGIN METAFILE, class 0 and id 1 over five bits of length.
private func isBinaryMetafile(_ bytes: [UInt8]) -> Bool {
  bytes.count >= 2 && bytes[0] == 0 && bytes[1] & 0xe0 == 0x20
}

/// Returns `true` iff `bytes` start as the clear text encoding of a Computer Graphics Metafile does.
///
/// - Source: ISO/IEC 8632-4: the first element is BEGMF and the picture's name in quotes.
private func isClearTextMetafile(_ bytes: [UInt8]) -> Bool {
  let start = String(decoding: bytes.prefix(16), as: UTF8.self).uppercased()
  return start.hasPrefix("BEGMF \"") || start.hasPrefix("BEGMF '")
}

/// Returns the offset of the first byte that is not part of valid UTF-8, or `nil`.
private func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
  do {
    _ = try UTF8Span(validating: bytes.span)
    return nil
  } catch {
    return error.byteOffsets.lowerBound
  }
}

/// Returns the number of the first line of more than `Limits.lineBytes`, or `nil`.
private func overlongLine(in file: SourceFile) -> Int? {
  var (line, start) = (1, 0)
  for (i, b) in file.bytes.enumerated() where b == UInt8(ascii: "\n") {
    if i - start > Limits.lineBytes { return line }
    (line, start) = (line + 1, i + 1)
  }
  return file.bytes.count - start > Limits.lineBytes ? line : nil
}
