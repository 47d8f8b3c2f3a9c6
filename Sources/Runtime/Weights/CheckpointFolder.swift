import Glibc

/// The checkpoints of one run: files `step-000500.cgck` in a folder.
package struct CheckpointFolder: Hashable, Sendable {

  /// A file of the folder.
  package struct Item: Hashable, Sendable {

    package let name: String

    /// The steps done, as the name says.
    package let step: Int

  }

  private static let prefix = "step-"

  private static let suffix = ".cgck"

  private static let digits = 6

  package let path: String

  package init(_ path: String) { self.path = path }

  /// Returns the name of the checkpoint after `step` steps.
  package static func name(step: Int) -> String {
    let number = String(step)
    return prefix + String(repeating: "0", count: max(0, digits - number.count)) + number + suffix
  }

  /// Returns the step that `name` is the name of, or `nil` if it is no name of a checkpoint.
  private static func step(of name: String) -> Int? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    guard let step = Int(name.dropFirst(prefix.count).dropLast(suffix.count)), step >= 0 else { return nil }
    return Self.name(step: step) == name ? step : nil
  }

  /// Returns the path of the checkpoint after `step` steps.
  package func file(step: Int) -> String { SearchPath.join(path, Self.name(step: step)) }

  /// Returns the checkpoints, the one of the last step first.
  ///
  /// - Throws: if the folder cannot be read.
  package func items() throws(FileError) -> [Item] {
    guard let folder = opendir(path) else { throw .init(last: path) }
    defer { closedir(folder) }
    var all: [Item] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { (p) in
        String(cString: UnsafeRawPointer(p).assumingMemoryBound(to: CChar.self))
      }
      if let step = Self.step(of: name) { all.append(.init(name: name, step: step)) }
    }
    return all.sorted { $0.step > $1.step }
  }

  /// Removes all but the `keep` checkpoints of the last steps.
  ///
  /// - Throws: if one cannot be removed.
  package func prune(keep: Int) throws(FileError) {
    for i in try items().dropFirst(keep) {
      let file = SearchPath.join(path, i.name)
      if unlink(file) != 0 && errno != ENOENT { throw .init(last: file) }
    }
  }

  /// Returns the newest checkpoint that is sound.
  ///
  /// - Parameter skipped: told why a newer one is not.
  /// - Throws: if there is none, or the newest was made by a later version of this program.
  package func newest(skipped: (StateFileError) -> Void) throws(StateFileError) -> CheckpointFile {
    let items: [Item]
    do throws(FileError) { items = try self.items() } catch {
      throw .init(path, .unreadable("cannot be read: \(error.reason)"))
    }
    for i in items {
      do throws(StateFileError) { return try CheckpointFile(SearchPath.join(path, i.name)) } catch {
        if !error.isDamage { throw error }
        skipped(error)
      }
    }
    throw .init(path, .noneIn)
  }

}
