import Operations
import Support

/// What is in a data file, by its headers.
package struct FileDescription: Hashable, Sendable {

  /// One array of a file.
  package struct Member: Hashable, Sendable {

    /// The name, empty where the file holds one array.
    package let name: String

    /// The type as cgad prints it where it has one, else as the file names it.
    package let type: String

    package let byteCount: Int

    fileprivate init(_ name: String, _ type: String, _ byteCount: Int) {
      (self.name, self.type, self.byteCount) = (name, type, byteCount)
    }

    fileprivate init(_ name: String, _ type: TensorType) {
      self.init(name, type.description, type.size.value)
    }

  }

  /// A remark of the writer.
  package struct Remark: Hashable, Sendable {

    package let key: String

    package let value: String

  }

  /// The kinds of files that are described, known by their first bytes and never by their names.
  package enum Kind: String, Hashable, Sendable {
    case idx = "IDX array"
    case npy = "NumPy array"
    case npz = "NumPy archive"
    case safetensors
    case checkpoint
  }

  package let kind: Kind

  package let arrays: [Member]

  package let remarks: [Remark]

  private init(_ kind: Kind, _ arrays: [Member], remarks: [Remark] = []) {
    (self.kind, self.arrays, self.remarks) = (kind, arrays, remarks)
  }

  /// Reads the headers of the file at `path`, which may still be damaged further on unless it is a checkpoint.
  ///
  /// - Throws: if the file cannot be read, is of no known kind, or has a damaged header.
  package init(path: String) throws(DataError) {
    let file = try InputFile(path)
    switch try Self.kind(of: file) {
    case .idx:
      self.init(.idx, [.init("", try IDXReader.type(of: file))])
    case .npy:
      var stream = ByteStream(file, .plain, count: file.size, origin: path)
      self.init(.npy, [.init("", try NPYReader.type(from: &stream))])
    case .npz:
      self.init(.npz, try NPZReader.types(of: file).map { .init($0.name, $0.type) })
    case .safetensors, .checkpoint:
      let header = try SafetensorsHeader(of: file)
      let remarks = header.metadata.map { Remark(key: $0.key, value: $0.value) }
      self.init(
        remarks.contains { $0.key == Checkpoint.versionKey } ? .checkpoint : .safetensors,
        header.entries.map { .init($0.name, $0.typeDescription, $0.range.count) }, remarks: remarks)
    }
  }

  private static func kind(of file: InputFile) throws(DataError) -> Kind {
    let start = try file.bytes(at: 0, count: 9)
    // The length of a header under 4 GiB ends in four zeros; the first extent of an IDX file does not.
    if start.count == 9, start[4..<8].allSatisfy({ $0 == 0 }), start[8] == UInt8(ascii: "{") { return .safetensors }
    if start.starts(with: [0x1f, 0x8b]) || start.starts(with: [0, 0]) { return .idx }
    if start.starts(with: [0x50, 0x4b]) { return .npz }
    if start.starts(with: NPYHeader.magic) { return .npy }
    let expected = "an IDX, .npy, .npz, .safetensors or .cgck file"
    throw .init(file.path, .malformed(part: "first bytes", expected: expected, found: "\(start)"))
  }

}

extension FileDescription {

  /// Returns lines for a person: the kind of the file at `path`, then a line for each array in it.
  ///
  /// - Throws: as `init(path:)`.
  package static func describe(path: String) throws(DataError) -> [String] { try FileDescription(path: path).lines }

  /// Lines for a person: the kind of the file, remarks of its writer, then a line for each array.
  package var lines: [String] {
    var remarks = TextTable([.left, .left])
    for r in self.remarks { remarks.append([Self.printable(r.key), Self.printable(r.value)]) }
    return [title] + Self.indented(remarks) + Self.indented(table)
  }

  private var title: String {
    switch kind {
    case .idx, .npy: kind.rawValue
    case .npz: "\(kind.rawValue), \(Self.counted(arrays.count, "array"))"
    case .safetensors, .checkpoint: "\(kind.rawValue), \(Self.counted(arrays.count, "tensor"))"
    }
  }

  /// Rows `name  type  size`.
  private var table: TextTable {
    let hasNames = arrays.contains { $0.name != "" }
    var table = TextTable(hasNames ? [.left, .left, .right] : [.left, .right])
    for a in arrays {
      let cells = [a.name, a.type].map(Self.printable) + [ByteCount(a.byteCount).description]
      table.append(hasNames ? cells : .init(cells.dropFirst()))
    }
    return table
  }

  private static func indented(_ table: TextTable) -> [String] {
    table.description.split(separator: "\n").map { "  \($0)" }
  }

  /// Returns `text` with each control character replaced by a `?`.
  private static func printable(_ text: String) -> String {
    String(text.map { (c) in c.unicodeScalars.allSatisfy { $0.value >= 32 } ? c : "?" })
  }

  private static func counted(_ n: Int, _ noun: String) -> String { n == 1 ? "1 \(noun)" : "\(n) \(noun)s" }

}
