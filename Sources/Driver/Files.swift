import Foundation
package import Support

/// Why a file could not be read or written.
package struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {

  package let description: String

}

/// Reads and writes whole files.
package enum Files {

  /// The largest source that is read; the parser's own limit is lower.
  private static let sourceLimit = 64 << 20

  /// `true` iff both paths name one existing file.
  package static func isSame(_ a: String, _ b: String) -> Bool {
    func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().standardized.path }
    return resolved(a) == resolved(b)
  }

  /// `true` iff there is something at `path`.
  package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Returns the model at `path`, called by that path in diagnostics.
  package static func source(_ path: String) throws(CompileFailure) -> SourceFile {
    .init(name: path, bytes: try bytes(path, limit: sourceLimit))
  }

  /// Returns the model on standard input.
  package static func standardInput() throws(CompileFailure) -> SourceFile {
    let data: Data?
    do {
      data = try FileHandle.standardInput.read(upToCount: sourceLimit + 1)
    } catch {
      throw .unreadable("standard input: \(error.localizedDescription)")
    }
    let bytes = Array(data ?? Data())
    if bytes.count > sourceLimit { throw .unreadable("standard input: is larger than \(ByteCount(sourceLimit))") }
    return .init(name: "<stdin>", bytes: bytes)
  }

  /// Returns the content of the file at `path`.
  package static func bytes(_ path: String, limit: Int) throws(CompileFailure) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .unreadable("\(path): there is no such file")
    }
    if isFolder.boolValue { throw .unreadable("\(path): is a folder") }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw .unreadable("\(path): cannot be opened for reading")
    }
    defer { try? handle.close() }
    do {
      let data = try handle.read(upToCount: limit + 1) ?? Data()
      if data.count > limit { throw CompileFailure.unreadable("\(path): is larger than \(ByteCount(limit))") }
      return Array(data)
    } catch let failure as CompileFailure {
      throw failure
    } catch {
      throw .unreadable("\(path): \(error.localizedDescription)")
    }
  }

  /// Writes `text` to `path`: first under a temporary name beside it, then renamed, so that no part of it is ever seen.
  ///
  /// A link is followed, and a file keeps its permissions; one that may not be written to is not replaced. A device or a pipe, such as `/dev/null` or `/dev/stdout`, is written to and stays what it is.
  package static func write(_ text: String, to path: String) throws(FileFailure) {
    do {
      if isSpecial(path) {
        try FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: Data(text.utf8))
      } else {
        try replace(URL(fileURLWithPath: path).resolvingSymlinksInPath().path, with: text)
      }
    } catch {
      let reason = (error as? FileFailure)?.description ?? error.localizedDescription
      throw .init(description: "\(path): cannot be written: \(reason)")
    }
  }

  /// Makes the folder at `path`, with those it stands in, unless it is there.
  package static func makeFolder(_ path: String) throws(FileFailure) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .init(description: "\(path): is no folder and cannot be made one: \(error.localizedDescription)")
    }
  }

  /// `true` iff there is something at `path` that is neither a regular file nor a folder.
  package static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// `true` iff there is a regular file at `path`, or a link to one.
  package static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Puts a file with `text` in the place of what is at `path`, with the permissions of what was there.
  private static func replace(_ path: String, with text: String) throws {
    let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).tmp"
    var status = stat()
    let isThere = stat(path, &status) == 0
    do {
      if isThere, access(path, W_OK) != 0 { throw FileFailure(description: String(cString: strerror(errno))) }
      try Data(text.utf8).write(to: URL(fileURLWithPath: temporary))
      if isThere { chmod(temporary, status.st_mode & 0o7777) }
      if rename(temporary, path) != 0 { throw FileFailure(description: String(cString: strerror(errno))) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

}
