import Foundation
import Testing

/// What a program left when it ended.
struct Finished: Sendable, CustomStringConvertible {

  let command: String

  /// The exit code, or 128 and the signal that ended the program.
  let code: Int32

  private let output: Data

  private let errors: Data

  /// Creates an instance from the status that `waitpid` gives.
  init(command: String, status: Int32, output: Data, messages: Data) {
    self.command = command
    self.code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    self.output = output
    self.errors = messages
  }

  /// What is on standard output.
  var results: String { String(decoding: output, as: UTF8.self) }

  /// What is on standard error.
  var messages: String { String(decoding: errors, as: UTF8.self) }

  /// The one JSON document on standard output.
  var json: JSONValue {
    get throws { try JSONDecoder().decode(JSONValue.self, from: output) }
  }

  var description: String {
    "\(command): exit code \(code)\n\(results.prefix(1000))\n\(messages.prefix(2000))"
  }

  /// Fails the test unless the exit code is `expected`.
  @discardableResult
  func exits(_ expected: Int32, sourceLocation: SourceLocation = #_sourceLocation) throws -> Finished {
    try #require(code == expected, "\(self)", sourceLocation: sourceLocation)
    return self
  }

  /// Fails the test unless the program gave up with `expected`: no results, and messages with all of `parts`.
  func refuses(
    _ expected: Int32, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try exits(expected, sourceLocation: sourceLocation)
    #expect(results.isEmpty, "\(self)", sourceLocation: sourceLocation)
    for p in parts { #expect(messages.contains(p), "\(self)", sourceLocation: sourceLocation) }
    #expect(!messages.contains("Fatal error"), "\(self)", sourceLocation: sourceLocation)
  }

}
