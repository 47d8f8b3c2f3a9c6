import CStandardLibrary
import Foundation
package import Semantics
package import Support
import Syntax

/// Reads and parses a model and, depth first, the files that it imports.
///
/// `import a.b` names the file `a/b.cgm` below the folder of the model; `import std.nn` a file of the program itself.
package struct ProgramLoader {

  /// What a program may consist of.
  enum Limit {
    static let files = 256
    static let depth = 64
    static let bytes = 64 << 20
  }

  package private(set) var program: SourceProgram

  package private(set) var diagnostics: DiagnosticSet

  /// The folder that all files but those of `std` have to be in.
  private let root: URL

  /// The position of each unit, by the file it was read from.
  private var unitOfFile: [String: Int]

  /// The units whose imports are being read, outermost first.
  private var open: [Int] = []

  private var byteCount = 0

  /// Reads what `file` imports from the files in `folder`, or in its own folder.
  package init(_ file: SourceFile, folder: String? = nil) {
    let (tree, found) = parse(file)
    program = .init(file, tree, damage: .init(of: tree, in: file, found))
    diagnostics = found
    let path = folder.map { "\($0)/\(file.baseName)" } ?? file.name
    let place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    root = place.deletingLastPathComponent()
    unitOfFile = [place.path: 0]
    readImports(of: 0)
    program.standardFunctions = StandardLibrary.modulesOfFunctions
  }

  private mutating func readImports(of unit: Int) {
    open.append(unit)
    for item in program.units[unit].tree.items {
      guard case .importItem(let path, _) = item.kind else { continue }
      let span = path[0].span.joined(with: path[path.count - 1].span)
      program.units[unit].imports.append(self.unit(path.map(\.text), at: span))
    }
    open.removeLast()
  }

  /// Returns the unit of `path`, or `nil` after reporting why there is none.
  private mutating func unit(_ path: [String], at span: SourceSpan) -> Int? {
    path[0] == "std" ? standardUnit(path, at: span) : fileUnit(path, at: span)
  }

  private mutating func standardUnit(_ path: [String], at span: SourceSpan) -> Int? {
    let name = path.joined(separator: ".")
    if let known = unitOfFile[name] { return known }
    guard let bytes = StandardLibrary.bytes(of: name) else {
      diagnostics.report(.noSuchModule(name, at: span, known: StandardLibrary.names))
      return nil
    }
    return add(name, file: "\(name).cgm", bytes, identity: name, at: span)
  }

  private mutating func fileUnit(_ path: [String], at span: SourceSpan) -> Int? {
    let name = path.joined(separator: ".")
    let wanted = path.reduce(root) { $0.appendingPathComponent($1) }.appendingPathExtension("cgm")
    let place = wanted.resolvingSymlinksInPath()
    guard place.path.hasPrefix(root.path + "/") || root.path == "/" else {
      diagnostics.report(.importOutsideRoot(name, at: span))
      return nil
    }
    if let known = unitOfFile[place.path] {
      guard let start = open.firstIndex(of: known) else { return known }
      diagnostics.report(.importCycle((open[start...] + [known]).map(name(of:)), at: span))
      return nil
    }
    let shown = URL(fileURLWithPath: program.map.root.name).deletingLastPathComponent().relativePath
    let file = (shown == "." ? "" : shown + "/") + path.joined(separator: "/") + ".cgm"
    do throws(CompileFailure) {
      return add(name, file: file, try Files.bytes(place.path, limit: Limit.bytes), identity: place.path, at: span)
    } catch {
      diagnostics.report(.importUnreadable(name, file, isMissing: !Files.exists(place.path), at: span))
      return nil
    }
  }

  private func name(of unit: Int) -> String { unit == 0 ? program.map.root.baseName : program.units[unit].path }

  private mutating func add(
    _ path: String, file: String, _ bytes: [UInt8], identity: String, at span: SourceSpan
  ) -> Int? {
    byteCount += bytes.count
    if program.units.count >= Limit.files || open.count >= Limit.depth || byteCount > Limit.bytes {
      diagnostics.report(.tooManyImports(files: Limit.files, depth: Limit.depth, bytes: Limit.bytes, at: span))
      return nil
    }
    let source = program.map.add(name: file, bytes: bytes)
    let (tree, found) = parse(source)
    for d in found.elements {
      diagnostics.report(d.span == nil ? .importInvalid(path, d.message, at: span) : d)
    }
    program.units.append(
      .init(file: source, tree: tree, path: path, damage: .init(of: tree, in: source, found)))
    let index = program.units.count - 1
    unitOfFile[identity] = index
    readImports(of: index)
    return index
  }

}

/// The files that are part of the program.
package enum StandardLibrary {

  /// The paths by which they are imported.
  package static var names: [String] { (0..<cgad_standard_file_count()).map { name(of: cgad_standard_file_at($0)) } }

  /// Returns the text of the file called `name`, as `std.nn`, or `nil` if there is none.
  package static func bytes(of name: String) -> [UInt8]? {
    for i in 0..<cgad_standard_file_count() {
      let file = cgad_standard_file_at(i)
      if self.name(of: file) == name { return Array(UnsafeBufferPointer(start: file.bytes, count: file.count)) }
    }
    return nil
  }

  /// The path of the file that has a function, by the function's name.
  static let modulesOfFunctions: [String: String] = {
    var modules: [String: String] = [:]
    for name in names {
      for item in parse(SourceFile(name: name, bytes: bytes(of: name) ?? [])).tree.items {
        if case .function(let f) = item.kind { modules[f.name.text] = name }
      }
    }
    return modules
  }()

  private static func name(of file: cgad_standard_file) -> String { "std." + String(cString: file.name) }

}

/// The diagnostics of imports.
extension Diagnostic {

  /// An import of what the standard library does not have.
  static func noSuchModule(_ name: String, at span: SourceSpan, known: [String]) -> Diagnostic {
    let near = Suggestion.nearest(to: name, in: known)
    return .init(
      .error, "CG0230", "there is no module '\(name)'", at: span,
      notes: [.init(near.map { "did you mean '\($0)'?" } ?? "modules: \(known.joined(separator: ", "))")],
      fixIts: near.map { [.init("replace '\(name)' with '\($0)'", replacing: span, with: $0)] } ?? [])
  }

  /// An import of a file that cannot be read.
  static func importUnreadable(_ name: String, _ file: String, isMissing: Bool, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0231", "cannot import '\(name)': \(isMissing ? "there is no file" : "cannot read") '\(file)'",
      at: span, notes: [.init("'import a.b' names the file a/b.cgm in the folder of the model that is compiled")])
  }

  /// An import that leads back to the file it stands in.
  static func importCycle(_ names: [String], at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0232", "files import each other in a circle: \(names.joined(separator: " -> "))", at: span,
      notes: [.init("move what both need to a file of its own")])
  }

  /// An import of a file that a link leads to outside of the model's folder.
  static func importOutsideRoot(_ name: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0233", "'\(name)' leads outside the folder of the model", at: span,
      notes: [.init("all files of a model lie below the folder of the file that is compiled")])
  }

  /// More imports than a model may have.
  static func tooManyImports(files: Int, depth: Int, bytes: Int, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0234",
      "too many imports: at most \(files) files, \(ByteCount(bytes)) in all and \(depth) levels are possible", at: span)
  }

  /// An import of a file that is no text of a model.
  static func importInvalid(_ name: String, _ why: String, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0235", "cannot import '\(name)': \(why)", at: span)
  }

}
