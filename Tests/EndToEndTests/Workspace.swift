import Foundation
import Testing

/// A folder of its own for a test, which goes with the instance; programs work in it.
final class Workspace {

  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path + "/cgad-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Creates a folder in which the digits are found.
  static func withDigits() throws -> Workspace {
    let w = Workspace()
    try FileManager.default.createSymbolicLink(atPath: w.file("data"), withDestinationPath: "\(Sample.folder)/data")
    return w
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of the file `name`.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file and returns its name.
  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return name
  }

  /// Writes a file and returns its name.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  /// Makes a folder, with those it stands in.
  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
  }

  /// Makes a link to `target`, a path relative to it.
  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: file(name), withDestinationPath: target)
  }

  /// The content of the file `name`.
  func text(_ name: String, as encoding: String.Encoding = .utf8) throws -> String {
    try String(contentsOfFile: file(name), encoding: encoding)
  }

  /// The names of all files, sorted.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  /// Executes a program in this folder.
  func run(
    _ program: Program, _ arguments: [String], seconds: Int = 120, kilobytes: Int? = nil,
    interruption: (Int32, String)? = nil
  ) throws -> Finished {
    let options = ExecutionOptions(folder: path, seconds: seconds, kilobytes: kilobytes, interruption: interruption)
    var execution = try Execution(try program.path, arguments, options)
    return try execution.finish()
  }

  /// Executes the compiler in this folder.
  func cgadc(_ arguments: String...) throws -> Finished { try run(.cgadc, arguments) }

  /// Executes the virtual machine in this folder.
  func cgad(_ arguments: String...) throws -> Finished { try run(.cgad, arguments) }

  /// Compiles a model to `plan` and returns the report.
  @discardableResult
  func compile(
    _ model: String, _ flags: String..., to plan: String = "model.cgplan",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> JSONValue {
    try run(.cgadc, ["compile", model, "-o", plan, "--json"] + flags)
      .exits(0, sourceLocation: sourceLocation).json
  }

  /// Trains as `plan` says and returns the report.
  func train(
    _ plan: String = "model.cgplan", _ flags: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> JSONValue {
    try run(.cgad, ["run", plan, "--json"] + flags).exits(0, sourceLocation: sourceLocation).json
  }

}
