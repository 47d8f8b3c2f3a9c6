import Support

/// What `cgadc check --format json` prints; keys are added, never renamed.
package struct DiagnosticDocument: Encodable, Sendable {

  /// A place in a file: line and column from 1, the column in characters, and the offset in bytes from 0.
  struct Position: Encodable, Sendable {
    let line: Int
    let column: Int
    let offset: Int
  }

  struct Span: Encodable, Sendable {
    let start: Position
    let end: Position
  }

  struct Note: Encodable, Sendable {
    let file: String?
    let message: String
    let span: Span?
  }

  struct FixIt: Encodable, Sendable {
    let file: String
    let message: String
    let replacement: String
    let span: Span
  }

  struct Entry: Encodable, Sendable {
    let code: String
    let file: String
    let fixIts: [FixIt]
    let message: String
    let notes: [Note]
    let severity: String
    let span: Span?
  }

  /// A model that was not checked, for a reason other than what it says.
  struct Failure: Encodable, Sendable {
    let file: String
    let message: String
  }

  let diagnostics: [Entry]

  /// The number of diagnostics that were left out because there were too many.
  let dropped: Int

  let failures: [Failure]

  /// Creates the document of all models of one check, in their order.
  package init(_ models: [CheckedModel]) {
    diagnostics = models.flatMap { (m) in
      m.map.map { (map) in m.diagnostics.map { Entry($0, in: map) } } ?? []
    }
    dropped = models.reduce(0) { $0 + $1.droppedCount }
    failures = models.compactMap { (m) in m.failure.map { .init(file: m.path, message: $0) } }
  }

}

extension DiagnosticDocument.Entry {

  fileprivate init(_ d: Diagnostic, in map: SourceMap) {
    code = d.code
    severity = d.severity.rawValue
    message = d.message
    file = d.span.map { map.file(at: $0.start).name } ?? map.root.name
    span = d.span.map { .init($0, in: map) }
    notes = d.notes.map { (n) in
      .init(
        file: n.span.map { map.file(at: $0.start).name }, message: n.message,
        span: n.span.map { .init($0, in: map) })
    }
    fixIts = d.fixIts.map { (f) in
      .init(
        file: map.file(at: f.span.start).name, message: f.message, replacement: f.replacement,
        span: .init(f.span, in: map))
    }
  }

}

extension DiagnosticDocument.Span {

  fileprivate init(_ span: SourceSpan, in map: SourceMap) {
    let file = map.file(at: span.start)
    func position(_ offset: Int) -> DiagnosticDocument.Position {
      let p = file.position(at: offset)
      return .init(line: p.line, column: p.column, offset: min(max(offset - file.base, 0), file.bytes.count))
    }
    self.init(start: position(span.start), end: position(span.end))
  }

}
