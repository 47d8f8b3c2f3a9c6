import Operations
import Support

/// Says what is in a data file.
package enum FileDescription {

  /// The kinds of files that are described, known by their first bytes and never by their names.
  private enum Kind {
    case idx
    case npy
    case npz
    case safetensors
  }

  /// Returns lines for a person: the kind of the file at `path`, then a line for each array in it.
  ///
  /// Only the headers are read, so a file that is described may still be damaged further on.
  ///
  /// - Throws: if the file cannot be read, is of no known kind, or has a damaged header.
  package static func describe(path: String) throws(DataError) -> [String] {
    let file = try InputFile(path)
    switch try kind(of: file) {
    case .idx:
      return lines("IDX array", [("", try IDXReader.type(of: file))])
    case .npy:
      var stream = ByteStream(file, .plain, count: file.size, origin: path)
      return lines("NumPy array", [("", try NPYReader.type(from: &stream))])
    case .npz:
      let types = try NPZReader.types(of: file)
      return lines("NumPy archive, \(counted(types.count, "array"))", types)
    case .safetensors:
      let entries = try SafetensorsHeader(of: file).entries
      return table(
        "safetensors, \(counted(entries.count, "tensor"))",
        entries.map { [$0.name, $0.typeDescription, ByteCount($0.range.count).description] })
    }
  }

  private static func kind(of file: InputFile) throws(DataError) -> Kind {
    let start = try file.bytes(at: 0, count: 9)
    // The length of a header under 4 GiB ends in four zeros; the first extent of an IDX file does not.
    if start.count == 9, start[4..<8].allSatisfy({ $0 == 0 }), start[8] == UInt8(ascii: "{") { return .safetensors }
    if start.starts(with: [0x1f, 0x8b]) || start.starts(with: [0, 0]) { return .idx }
    if start.starts(with: [0x50, 0x4b]) { return .npz }
    if start.starts(with: NPYHeader.magic) { return .npy }
    let expected = "an IDX, .npy, .npz or .safetensors file"
    throw .init(file.path, .malformed(part: "first bytes", expected: expected, found: "\(start)"))
  }

  private static func lines(_ title: String, _ arrays: [(name: String, type: TensorType)]) -> [String] {
    table(title, arrays.map { [$0.name, $0.type.description, $0.type.size.description] })
  }

  /// Returns `title` and under it the rows `name  type  size`, each control character in a name replaced by a `?`.
  private static func table(_ title: String, _ rows: [[String]]) -> [String] {
    let hasNames = rows.contains { $0[0] != "" }
    var table = TextTable(hasNames ? [.left, .left, .right] : [.left, .right])
    for r in rows {
      let cells = r.map { (cell) in String(cell.map { (c) in c.unicodeScalars.allSatisfy { $0.value >= 32 } ? c : "?" })
      }
      table.append(hasNames ? cells : Array(cells.dropFirst()))
    }
    return [title] + table.description.split(separator: "\n").map { "  \($0)" }
  }

  private static func counted(_ n: Int, _ noun: String) -> String { n == 1 ? "1 \(noun)" : "\(n) \(noun)s" }

}
