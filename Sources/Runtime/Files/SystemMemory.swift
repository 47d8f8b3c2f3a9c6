/// How much memory a process may take.
package enum SystemMemory {

  /// A number of bytes, and who says so.
  package struct Limit: Hashable, Sendable {

    package let bytes: Int

    /// For people: `the memory of its control group`.
    package let origin: String

    package init(bytes: Int, origin: String) {
      self.bytes = bytes
      self.origin = origin
    }

  }

  /// Returns the least of the limits of the control groups that this process is in and of what the machine has available;
  /// `nil` if nothing says.
  ///
  /// - Parameter root: the folder that holds `proc` and `sys`.
  /// - Source: cgroups(7): `memory.max` of version 2 and `memory.limit_in_bytes` of version 1, of the group and of all that it
  ///   is in; proc_meminfo(5): `MemAvailable`.
  package static func limit(root: String = "") -> Limit? {
    let groups = text("\(root)/proc/self/cgroup").split(separator: "\n").flatMap { files(ofGroup: $0, root) }
    var limits = groups.compactMap { (file) -> Limit? in
      // what has no limit says "max" or a number that no machine has
      guard let bytes = Int(text(file).prefix { $0 != "\n" }), bytes < 1 << 60 else { return nil }
      return .init(bytes: bytes, origin: "the memory of its control group")
    }
    if let bytes = available(text("\(root)/proc/meminfo")) {
      limits.append(.init(bytes: bytes, origin: "the memory that is available"))
    }
    return limits.min { $0.bytes < $1.bytes }
  }

  /// Returns the files that limit the group of a line of `/proc/self/cgroup`, as `4:memory:/a/b`, and all that it is in.
  private static func files(ofGroup line: Substring, _ root: String) -> [String] {
    let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return [] }
    let isSecondVersion = parts[0] == "0" && parts[1].isEmpty
    if !isSecondVersion, !parts[1].split(separator: ",").contains("memory") { return [] }
    let folder = "\(root)/sys/fs/cgroup" + (isSecondVersion ? "" : "/memory")
    var folders = [folder]
    for name in parts[2].split(separator: "/") { folders.append("\(folders[folders.count - 1])/\(name)") }
    return folders.map { "\($0)/" + (isSecondVersion ? "memory.max" : "memory.limit_in_bytes") }
  }

  /// Returns the bytes of `MemAvailable` in the text of `/proc/meminfo`.
  private static func available(_ text: String) -> Int? {
    let key = "MemAvailable:"
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    let words = line.dropFirst(key.count).split(separator: " ")
    guard words.count == 2, words[1] == "kB", let count = Int(words[0]), count < 1 << 50 else { return nil }
    return count * 1024
  }

  /// The first bytes of a small file of the system, whose size it does not tell; empty where it cannot be read.
  private static func text(_ path: String) -> String {
    do throws(DataError) {
      let file = try InputFile(path)
      let bytes = try [UInt8].filled(1 << 14) { (target) throws(DataError) in try file.read(into: target, at: 0) }
      return String(decoding: bytes, as: UTF8.self)
    } catch { return "" }
  }

}
