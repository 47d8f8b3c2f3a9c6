import Operations
import Synchronization

/// Token files that were read, each once however many programs and sessions take windows of it.
final class TokenFiles: Sendable {

  private struct Key: Hashable {
    let path: String
    let element: ElementType
  }

  private let files = Mutex<[Key: [UInt8]]>([:])

  /// Returns the tokens in the file at `path`, from memory where they have been read before.
  func read(_ path: String, _ element: ElementType) throws(DataError) -> [UInt8] {
    let key = Key(path: path, element: element)
    if let known = files.withLock({ $0[key] }) { return known }
    let bytes = try TokenReader.read(path, element: element)
    files.withLock { $0[key] = bytes }
    return bytes
  }

}
