import Foundation

/// One of the two programs under test.
enum Program: String, CaseIterable, Sendable {

  /// The compiler.
  case cgadc

  /// The virtual machine.
  case cgad

  /// The folder named by `CGAD_BIN`, as that of release programs, or `nil`.
  private static let namedFolder = ProcessInfo.processInfo.environment["CGAD_BIN"]

  /// The folders that may hold the programs, in the order they are tried.
  ///
  /// Without `CGAD_BIN` the programs are those built with the tests: beside the test bundle, else in the package's debug
  /// build folder.
  private static let folders: [String] = {
    if let namedFolder { return [namedFolder] }
    let bundle = (CommandLine.arguments.first ?? "").split(separator: "/", omittingEmptySubsequences: false)
    return [bundle.dropLast().joined(separator: "/"), "\(Sample.root)/.build/debug"]
  }()

  /// The program's file.
  ///
  /// - Throws: if it is in none of the folders, naming them.
  var path: String {
    get throws {
      let candidates = Self.folders.map { "\($0)/\(rawValue)" }
      guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
        throw AbsentProgram(candidates: candidates)
      }
      return found
    }
  }

}

/// There is no program to test.
struct AbsentProgram: Error, CustomStringConvertible {

  let candidates: [String]

  var description: String {
    "no program at \(candidates.joined(separator: " or ")); build it with `swift build`, or set CGAD_BIN to its folder"
  }

}
