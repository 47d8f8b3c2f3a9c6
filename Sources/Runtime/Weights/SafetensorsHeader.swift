import Operations
import Support

/// The table of contents of a safetensors file: eight bytes of length, then JSON.
///
/// - Source: Hugging Face, "Safetensors", the section on the format.
struct SafetensorsHeader {

  /// One tensor of the file.
  struct Entry {

    let name: String

    /// The element type as the file names it, as `F32`.
    let typeName: String

    let extents: [Int]

    /// The bytes it takes, counted from the end of the header.
    let range: Range<Int>

    /// The type, or `nil` if there is none of that name.
    var type: TensorType? { SafetensorsHeader.elements[typeName].map { .init($0, extents) } }

    /// The type as cgad prints it where it has one, else as the file names it.
    var typeDescription: String {
      type?.description ?? "\(typeName)[\(extents.map(String.init).joined(separator: ","))]"
    }

  }

  /// The name of the member that holds remarks of the writer.
  static let metadataName = "__metadata__"

  /// The tensors in the order in which they are stored.
  let entries: [Entry]

  /// Remarks of the writer, in the order of the file.
  let metadata: [(key: String, value: String)]

  /// The bytes of the file before the elements of the first tensor.
  let byteCount: Int

  /// The longest header that is read, as in the format's own library.
  private static let lengthLimit = 100_000_000

  static let elements: [String: ElementType] = [
    "F64": .f64, "F32": .f32, "F16": .f16, "BF16": .bf16, "I64": .i64, "I32": .i32, "U16": .u16, "U8": .u8,
    "BOOL": .bool,
  ]

  /// Reads the header of `file`.
  ///
  /// - Throws: if it is truncated, not JSON of the format's form, names something twice, or the tensors do not take up the
  ///   rest of the file, one behind the other.
  init(of file: InputFile) throws(DataError) {
    var cursor = ByteCursor(try file.bytes(at: 0, count: 8))
    guard let size = cursor.u64() else {
      throw .init(file.path, .truncated(part: "the header's length", expected: 8, found: file.size))
    }
    let available = min(file.size - 8, Self.lengthLimit)
    guard size <= available else {
      throw .init(
        file.path, .truncated(part: "the header", expected: Int(clamping: size), found: available))
    }
    let fields = try Self.fields(of: try file.bytes(at: 8, count: Int(size)), file.path)
    byteCount = 8 + Int(size)
    metadata = fields.metadata
    var entries: [Entry] = []
    for f in fields.tensors { entries.append(try f.entry(limit: file.size - byteCount, file.path)) }
    self.entries = entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    try checkGaps(file.size - byteCount, file.path)
  }

  /// Checks that each tensor starts where the one before it ends, and the last ends after `end` bytes.
  private func checkGaps(_ end: Int, _ path: String) throws(DataError) {
    var position = 0
    for e in entries {
      if e.range.lowerBound != position {
        let found = "\(e.range.lowerBound)"
        throw .init(path, .malformed(part: "tensor '\(e.name)'", expected: "its start at \(position)", found: found))
      }
      position = e.range.upperBound
    }
    if position != end {
      throw .init(path, .malformed(part: "length", expected: "\(position) bytes of tensors", found: "\(end)"))
    }
  }

  private static func fields(
    of text: [UInt8], _ path: String
  ) throws(DataError) -> (metadata: [(key: String, value: String)], tensors: [TensorField]) {
    var scanner = HeaderScanner(text)
    var metadata: [(key: String, value: String)] = []
    var tensors: [TensorField] = []
    do throws(HeaderScanner.Mistake) {
      try scanner.whole { (s, name) throws(HeaderScanner.Mistake) in
        if name != metadataName { return tensors.append(try TensorField(name, &s)) }
        try s.object { (s, key) throws(HeaderScanner.Mistake) in metadata.append((key, try s.string())) }
      }
    } catch {
      let expected = "JSON of names with dtype, shape and data_offsets"
      throw .init(path, .malformed(part: "header", expected: expected, found: error.found))
    }
    return (metadata, tensors)
  }

}

/// A tensor as the header's JSON describes it.
private struct TensorField {

  let name: String

  var typeName: String?

  var shape: [Int]?

  var offsets: [Int]?

  /// Consumes the object of the tensor called `name`.
  init(_ name: String, _ scanner: inout HeaderScanner) throws(HeaderScanner.Mistake) {
    self.name = name
    var (typeName, shape, offsets) = (String?.none, [Int]?.none, [Int]?.none)
    try scanner.object { (s, key) throws(HeaderScanner.Mistake) in
      switch key {
      case "dtype": typeName = try s.string()
      case "shape": shape = try s.integers()
      case "data_offsets": offsets = try s.integers()
      case _: throw .init(found: "'\(key)' of '\(name)'")
      }
    }
    (self.typeName, self.shape, self.offsets) = (typeName, shape, offsets)
    if typeName == nil || shape == nil || offsets == nil { throw .init(found: "'\(name)' without one of them") }
  }

  /// Returns `self` checked.
  ///
  /// - Throws: if it does not lie within the `limit` bytes after the header, or is not as large as its type.
  func entry(limit: Int, _ path: String) throws(DataError) -> SafetensorsHeader.Entry {
    let (typeName, shape, offsets) = (typeName ?? "", shape ?? [], offsets ?? [])
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw malformed(path, "two offsets in order", "\(offsets.prefix(4))")
    }
    let range = offsets[0]..<offsets[1]
    if range.upperBound > limit {
      throw .init(path, .truncated(part: "tensor '\(name)'", expected: range.upperBound, found: limit))
    }
    if let element = SafetensorsHeader.elements[typeName] {
      guard TensorType.isValid(element, shape) else {
        throw malformed(path, "at most \(TensorType.rankLimit) axes", "\(shape.prefix(16))")
      }
      let type = TensorType(element, shape)
      if type.size.value != range.count { throw malformed(path, "\(type.size) for \(type)", "\(range.count) B") }
    }
    return .init(name: name, typeName: typeName, extents: shape, range: range)
  }

  private func malformed(_ path: String, _ expected: String, _ found: String) -> DataError {
    .init(path, .malformed(part: "tensor '\(name)'", expected: expected, found: found))
  }

}
