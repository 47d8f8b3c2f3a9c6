import Foundation
import Support

/// Applies the fix-its of a check to the files it is about.
package struct SourceMending: Sendable {

  /// The most times that files are checked and mended.
  package static let roundLimit = 10

  /// What was done, and what could not be done, for people, one line each.
  package private(set) var remarks: [String] = []

  private let options: CompileOptions

  /// The files that may be changed, in the order they were named.
  private let paths: [String]

  /// Mends the models at `paths` until no fix-it is left that could be applied.
  ///
  /// Files are checked one after the other, and each again after it was changed, at most `roundLimit` times.
  ///
  /// - Throws: if a file cannot be written; the files mended before it stay so.
  package init(_ paths: [String], options: CompileOptions) throws(FileFailure) {
    self.options = options
    self.paths = paths
    for p in paths { try mend(p) }
  }

  private mutating func mend(_ path: String) throws(FileFailure) {
    for _ in 0..<Self.roundLimit {
      let model = CheckedModel(path, options: options)
      if try !apply(model) { return }
    }
    remarks.append("\(path): stopped after \(Self.roundLimit) rounds of fix-its")
  }

  /// Applies the fix-its of `model`; returns `true` iff a file was changed.
  private mutating func apply(_ model: CheckedModel) throws(FileFailure) -> Bool {
    guard let map = model.map else { return false }
    var isChanged = false
    for file in map.files where isNamed(file) {
      let edits = edits(model.diagnostics, in: file, of: map)
      if edits.isEmpty { continue }
      try Files.write(file.text(applying: edits), to: file.name)
      isChanged = true
    }
    return isChanged
  }

  /// `true` iff `file` is one of those that may be changed, and on disk what was checked.
  private func isNamed(_ file: SourceFile) -> Bool {
    guard paths.contains(where: { $0 == file.name || Files.isSame($0, file.name) }), Files.isRegular(file.name) else {
      return false
    }
    let content = try? Files.bytes(file.name, limit: file.bytes.count + 1)
    return content == file.bytes
  }

  /// Returns the fix-its in `file` that do not overlap an earlier one, and remarks on all.
  private mutating func edits(_ diagnostics: [Diagnostic], in file: SourceFile, of map: SourceMap) -> [Diagnostic.FixIt]
  {
    var chosen: [Diagnostic.FixIt] = []
    for d in diagnostics {
      for f in d.fixIts where map.file(at: f.span.start).base == file.base {
        if chosen.contains(where: { $0.span == f.span && $0.replacement == f.replacement }) { continue }
        let p = file.position(at: f.span.start)
        let place = "\(file.name):\(p.line):\(p.column)"
        if chosen.contains(where: { $0.overlaps(f) }) {
          remarks.append("\(place): not applied, because it overlaps another fix-it: \(f.message) [\(d.code)]")
        } else {
          remarks.append("\(place): applied: \(f.message) [\(d.code)]")
          chosen.append(f)
        }
      }
    }
    return chosen.sorted { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) }
  }

}

extension Diagnostic.FixIt {

  /// `true` iff the result of applying both would depend on their order.
  fileprivate func overlaps(_ other: Self) -> Bool {
    span.start == other.span.start || (span.start < other.span.end && other.span.start < span.end)
  }

}

extension SourceFile {

  /// Returns the text after `edits`.
  ///
  /// - Requires: the spans of `edits` are in order and do not overlap.
  fileprivate func text(applying edits: [Diagnostic.FixIt]) -> String {
    var (result, end) = ("", base)
    for e in edits {
      result += text(of: .init(end, e.span.start)) + e.replacement
      end = e.span.end
    }
    return result + text(of: .init(end, span.end))
  }

}
