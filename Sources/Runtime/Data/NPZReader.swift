import Operations
import Support

/// Reads archives that NumPy saved with `numpy.savez` or `numpy.savez_compressed`.
package enum NPZReader {

  /// Returns the array `field` of the archive at `path`.
  ///
  /// - Throws: if the archive cannot be read, is damaged, or has no such array, or one that `NPYReader` refuses.
  package static func read(_ path: String, field: String) throws(DataError) -> DataArray {
    let archive = try ZIPArchive(InputFile(path))
    let entry = try find(field, in: archive)
    let origin = "\(path)[\(field)]"
    var stream = try archive.open(entry, origin: origin)
    let array = try NPYReader.read(from: &stream)
    try stream.finish()
    guard stream.checksum == entry.checksum else {
      throw stream.malformed("checksum", String(entry.checksum, radix: 16), String(stream.checksum, radix: 16))
    }
    return array
  }

  /// Returns the names and types of the arrays of `file`, in its order, reading no more than their headers.
  static func types(of file: InputFile) throws(DataError) -> [(name: String, type: TensorType)] {
    let archive = try ZIPArchive(file)
    var result: [(name: String, type: TensorType)] = []
    for e in archive.entries {
      let name = fieldName(e)
      var stream = try archive.open(e, origin: "\(file.path)[\(name)]")
      result.append((name, try NPYReader.type(from: &stream)))
    }
    return result
  }

  private static func find(_ field: String, in archive: ZIPArchive) throws(DataError) -> ZIPArchive.Entry {
    let found = archive.entries.filter { fieldName($0) == field }
    guard let entry = found.first else {
      throw .init(archive.file.path, .missingField(name: field, available: archive.entries.map(fieldName)))
    }
    guard found.count == 1 else {
      let path = archive.file.path
      throw .init(path, .malformed(part: "table of contents", expected: "one '\(field)'", found: "\(found.count)"))
    }
    return entry
  }

  /// Returns the name that NumPy gives to `entry`, which is without the extension.
  private static func fieldName(_ entry: ZIPArchive.Entry) -> String {
    entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
  }

}
