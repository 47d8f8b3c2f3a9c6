import Glibc

/// Where a plan's files are looked for.
package struct SearchPath: Hashable, Sendable {

  /// The folder that holds the plan.
  package let planFolder: String

  /// Creates an instance for the plan at `planPath`.
  package init(planPath: String) { planFolder = Self.folder(of: planPath) }

  /// Returns the paths where `file` may be, in the order they are tried: as it stands if it is absolute, else beside the
  /// plan, in `data` beside the plan, and in the current folder.
  package func candidates(for file: String) -> [String] {
    if file.hasPrefix("/") { return [file] }
    var result: [String] = []
    for folder in [planFolder, Self.join(planFolder, "data"), "."] {
      let path = Self.join(folder, file)
      if !result.contains(path) { result.append(path) }
    }
    return result
  }

  /// Returns the folder of `path`, `.` where it names none.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Returns the last component of `path`.
  package static func base(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path }
    return String(path[path.index(after: slash)...])
  }

  /// Returns the path of `file` in `folder`.
  package static func join(_ folder: String, _ file: String) -> String {
    if folder == "." { return file }
    return folder.hasSuffix("/") ? folder + file : "\(folder)/\(file)"
  }

  /// `true` iff there is something at `path` that may be read.
  package static func exists(_ path: String) -> Bool {
    !path.utf8.contains(0) && access(path, R_OK) == 0
  }

  /// `true` iff there is a folder at `path`.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

}
