import FoundationEssentials
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

    /// The type as cgad prints it where it has one, else as the file names it.
    var typeDescription: String {
      (SafetensorsHeader.elements[typeName]?.rawValue ?? typeName)
        + "[\(extents.map(String.init).joined(separator: ","))]"
    }

  }

  /// The tensors in the order in which they are stored.
  let entries: [Entry]

  /// The longest header that is read, as in the format's own library.
  private static let lengthLimit = 100_000_000

  fileprivate static let elements: [String: ElementType] = [
    "F64": .f64, "F32": .f32, "F16": .f16, "BF16": .bf16, "I64": .i64, "I32": .i32, "U16": .u16, "U8": .u8,
    "BOOL": .bool,
  ]

  /// Reads the header of `file`.
  ///
  /// - Throws: if it is truncated, not JSON of the format's form, or a tensor does not lie in the file.
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
    let text = try file.bytes(at: 8, count: Int(size))
    let fields = try Self.fields(of: text, file.path)
    var entries: [Entry] = []
    for (name, field) in fields {
      guard case .tensor(let t) = field else { continue }
      entries.append(try t.entry(name, limit: file.size - 8 - Int(size), file.path))
    }
    self.entries = entries.sorted { ($0.range.lowerBound, $0.name) < ($1.range.lowerBound, $1.name) }
  }

  private static func fields(of text: [UInt8], _ path: String) throws(DataError) -> [String: Field] {
    do {
      return try JSONDecoder().decode([String: Field].self, from: Data(text))
    } catch {
      let expected = "JSON of names with dtype, shape and data_offsets"
      throw .init(path, .malformed(part: "header", expected: expected, found: "something else"))
    }
  }

}

/// A member of the header's JSON object.
private enum Field: Decodable {

  /// Remarks of the writer, under `__metadata__`.
  case remarks

  case tensor(Tensor)

  init(from decoder: any Decoder) throws {
    if decoder.codingPath.last?.stringValue == "__metadata__" {
      self = .remarks
    } else {
      self = .tensor(try Tensor(from: decoder))
    }
  }

}

/// A tensor as the header's JSON describes it.
private struct Tensor: Decodable {

  let dtype: String

  let shape: [Int]

  // The name is the format's.
  let data_offsets: [Int]

  /// Returns `self` checked.
  ///
  /// - Throws: if it does not lie within the `limit` bytes after the header, or is not as large as its type.
  func entry(_ name: String, limit: Int, _ path: String) throws(DataError) -> SafetensorsHeader.Entry {
    guard data_offsets.count == 2, data_offsets[0] >= 0, data_offsets[0] <= data_offsets[1] else {
      throw malformed(name, path, "two offsets in order", "\(data_offsets.prefix(4))")
    }
    let range = data_offsets[0]..<data_offsets[1]
    if range.upperBound > limit {
      throw .init(path, .truncated(part: "tensor '\(name)'", expected: range.upperBound, found: limit))
    }
    if let element = SafetensorsHeader.elements[dtype] {
      guard TensorType.isValid(element, shape) else {
        throw malformed(name, path, "at most \(TensorType.rankLimit) axes", "\(shape.prefix(16))")
      }
      let type = TensorType(element, shape)
      if type.size.value != range.count { throw malformed(name, path, "\(type.size) for \(type)", "\(range.count) B") }
    }
    return .init(name: name, typeName: dtype, extents: shape, range: range)
  }

  private func malformed(_ name: String, _ path: String, _ expected: String, _ found: String) -> DataError {
    .init(path, .malformed(part: "tensor '\(name)'", expected: expected, found: found))
  }

}
