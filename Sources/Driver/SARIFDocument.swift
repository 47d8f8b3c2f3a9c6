import Support

/// What `cgadc check --format sarif` prints: one run of the Static Analysis Results Interchange Format, version 2.1.0.
///
/// - Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; the numbers in comments are its sections.
package struct SARIFDocument: Encodable, Sendable {

  struct Text: Encodable, Sendable {
    let text: String
  }

  struct Rule: Encodable, Sendable {
    let id: String
    let shortDescription: Text
    let fullDescription: Text
  }

  struct Driver: Encodable, Sendable {
    let name = "cgadc"
    let version: String
    let rules: [Rule]
  }

  struct Tool: Encodable, Sendable {
    let driver: Driver
  }

  struct ArtifactLocation: Encodable, Sendable {
    let uri: String
  }

  /// Lines and columns from 1; the end is past the last character (3.30.8).
  struct Region: Encodable, Sendable {
    let startLine: Int
    let startColumn: Int
    let endLine: Int
    let endColumn: Int
  }

  struct PhysicalLocation: Encodable, Sendable {
    let artifactLocation: ArtifactLocation
    let region: Region?
  }

  struct Location: Encodable, Sendable {
    let physicalLocation: PhysicalLocation
    let message: Text?
  }

  struct Replacement: Encodable, Sendable {
    let deletedRegion: Region
    let insertedContent: Text
  }

  struct ArtifactChange: Encodable, Sendable {
    let artifactLocation: ArtifactLocation
    let replacements: [Replacement]
  }

  struct Fix: Encodable, Sendable {
    let description: Text
    let artifactChanges: [ArtifactChange]
  }

  struct Result: Encodable, Sendable {
    let ruleId: String
    let ruleIndex: Int?
    let level: String
    let message: Text
    let locations: [Location]
    let relatedLocations: [Location]?
    let fixes: [Fix]?
  }

  struct Notification: Encodable, Sendable {
    let level = "error"
    let message: Text
    let locations: [Location]
  }

  struct Invocation: Encodable, Sendable {
    let executionSuccessful: Bool
    let toolExecutionNotifications: [Notification]
  }

  struct Properties: Encodable, Sendable {

    /// The number of diagnostics that were left out because there were too many.
    let dropped: Int

  }

  struct Run: Encodable, Sendable {
    let tool: Tool
    let columnKind = "unicodeCodePoints"
    let invocations: [Invocation]
    let results: [Result]
    let properties: Properties
  }

  let version = "2.1.0"

  let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

  let runs: [Run]

  private enum CodingKeys: String, CodingKey {
    case version, runs
    case schema = "$schema"
  }

}

extension SARIFDocument {

  /// Creates the document of all models of one check, in their order, by the program of the given version.
  package init(_ models: [CheckedModel], version: String) {
    let rules = DiagnosticCatalogue.all.map { (e) in
      Rule(id: e.code, shortDescription: .init(text: "\(e.title)."), fullDescription: .init(text: e.explanation))
    }
    let indices = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })
    let results = models.flatMap { (m) in
      m.map.map { (map) in m.diagnostics.map { Result($0, in: map, indices) } } ?? []
    }
    let notifications = models.compactMap { (m) in
      m.failure.map { Notification(message: .init(text: $0), locations: [.init(file: m.path)]) }
    }
    runs = [
      .init(
        tool: .init(driver: .init(version: version, rules: rules)),
        invocations: [
          .init(executionSuccessful: notifications.isEmpty, toolExecutionNotifications: notifications)
        ],
        results: results, properties: .init(dropped: models.reduce(0) { $0 + $1.droppedCount }))
    ]
  }

}

extension SARIFDocument.Result {

  /// Creates the result of `d`; notes without a place become part of the message.
  fileprivate init(_ d: Diagnostic, in map: SourceMap, _ ruleIndices: [String: Int]) {
    let remarks = d.notes.filter { $0.span == nil }.map { "\nnote: \($0.message)" }.joined()
    let related = d.notes.compactMap { (n) in
      n.span.map { SARIFDocument.Location($0, in: map, saying: n.message) }
    }
    let fixes = d.fixIts.map { SARIFDocument.Fix($0, in: map) }
    ruleId = d.code
    ruleIndex = ruleIndices[d.code]
    level = d.severity.rawValue
    message = .init(text: d.message + remarks)
    locations = [d.span.map { .init($0, in: map, saying: d.label) } ?? .init(file: map.root.name)]
    relatedLocations = related.isEmpty ? nil : related
    self.fixes = fixes.isEmpty ? nil : fixes
  }

}

extension SARIFDocument.Location {

  /// The place of a file as a whole.
  fileprivate init(file: String) {
    self.init(physicalLocation: .init(artifactLocation: .init(file: file), region: nil), message: nil)
  }

  fileprivate init(_ span: SourceSpan, in map: SourceMap, saying message: String?) {
    let file = map.file(at: span.start)
    self.init(
      physicalLocation: .init(artifactLocation: .init(file: file.name), region: .init(span, of: file)),
      message: message.map { .init(text: $0) })
  }

}

extension SARIFDocument.Fix {

  fileprivate init(_ fixIt: Diagnostic.FixIt, in map: SourceMap) {
    let file = map.file(at: fixIt.span.start)
    let replacement = SARIFDocument.Replacement(
      deletedRegion: .init(fixIt.span, of: file), insertedContent: .init(text: fixIt.replacement))
    self.init(
      description: .init(text: fixIt.message),
      artifactChanges: [.init(artifactLocation: .init(file: file.name), replacements: [replacement])])
  }

}

extension SARIFDocument.Region {

  fileprivate init(_ span: SourceSpan, of file: SourceFile) {
    let (start, end) = (file.scalarPosition(at: span.start), file.scalarPosition(at: max(span.start, span.end)))
    self.init(startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column)
  }

}

extension SARIFDocument.ArtifactLocation {

  /// The reference to the file at a path: relative to where the check runs, or absolute.
  ///
  /// - Source: RFC 3986, sections 2.3 and 4.2; a colon is encoded so that no name looks like a scheme.
  fileprivate init(file path: String) {
    var text = path.hasPrefix("/") ? "file://" : ""
    for b in path.utf8 {
      switch b {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "/"):
        text.unicodeScalars.append(Unicode.Scalar(b))
      case _:
        let digits = String(b, radix: 16, uppercase: true)
        text += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    uri = text
  }

}
