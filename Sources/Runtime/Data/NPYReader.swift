import Operations

/// Reads arrays that NumPy saved with `numpy.save`.
package enum NPYReader {

  /// Returns the array in the file at `path`.
  ///
  /// - Throws: if the file cannot be read, is damaged, longer or shorter than it says, in Fortran order, or of an element
  ///   type that is not read. Pickled objects are never executed.
  package static func read(_ path: String) throws(DataError) -> DataArray {
    let file = try InputFile(path)
    var stream = ByteStream(file, .plain, count: file.size, origin: path)
    let array = try read(from: &stream)
    try stream.finish()
    return array
  }

  /// Reads an array from `stream`, leaving to the caller to check that nothing follows.
  static func read(from stream: inout ByteStream) throws(DataError) -> DataArray {
    let header = try NPYHeader(from: &stream)
    return try header.format.read(header.extents, from: &stream)
  }

  /// Returns the type of the array in `stream`, reading no more than the header.
  static func type(from stream: inout ByteStream) throws(DataError) -> TensorType {
    let header = try NPYHeader(from: &stream)
    return try header.format.checked(header.extents, stream.origin)
  }

}
