/// Something the user should know about a model.
///
/// Every kind of diagnostic has one factory, named after it, in the module that reports it.
package struct Diagnostic: Hashable, Sendable {

  package enum Severity: String, Hashable, Sendable {
    case error
    case warning
  }

  /// A further remark, with its own place where it has one.
  package struct Note: Hashable, Sendable {

    package let message: String

    package let span: SourceSpan?

    package init(_ message: String, at span: SourceSpan? = nil) {
      self.message = message
      self.span = span
    }

  }

  /// A replacement that would mend the source.
  package struct FixIt: Hashable, Sendable {

    package let message: String

    package let span: SourceSpan

    package let replacement: String

    package init(_ message: String, replacing span: SourceSpan, with replacement: String) {
      self.message = message
      self.span = span
      self.replacement = replacement
    }

  }

  /// The stable code, as `CG0101`: 01 syntax, 02 dims and shapes, 03 effects and state, 04 gradients, 05 schedule and
  /// memory, 06 data, 07 plan file.
  package let code: String

  package let severity: Severity

  package let message: String

  /// The place, or `nil` for something said of the whole file or of a flag.
  package let span: SourceSpan?

  /// What the marker under the source line says; the message when `nil`.
  package var label: String?

  package var notes: [Note]

  package var fixIts: [FixIt]

  package init(
    _ severity: Severity, _ code: String, _ message: String, at span: SourceSpan?, label: String? = nil,
    notes: [Note] = [], fixIts: [FixIt] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.span = span
    self.label = label
    self.notes = notes
    self.fixIts = fixIts
  }

}

/// The diagnostics of one file, bounded so that a hopeless input does not drown the reader.
package struct DiagnosticSet: Sendable {

  /// The most errors kept for one file.
  package static let limit = 100

  package private(set) var elements: [Diagnostic] = []

  /// The number of diagnostics dropped because of `limit`.
  package private(set) var droppedCount = 0

  /// What tells two diagnostics apart: a block expanded twice says the same of one place but once.
  private struct Key: Hashable {
    let code: String
    let message: String
    let span: SourceSpan?
  }

  private var seen: Set<Key> = []

  package init() {}

  /// `true` iff further diagnostics are only counted, so that their details need not be found.
  package var isFull: Bool { elements.count >= Self.limit }

  package var hasErrors: Bool { elements.contains { $0.severity == .error } }

  /// Adds `d` unless the same was said of the same place before, whatever its notes.
  package mutating func report(_ d: Diagnostic) {
    guard seen.insert(.init(code: d.code, message: d.message, span: d.span)).inserted else { return }
    if elements.count < Self.limit { elements.append(d) } else { droppedCount += 1 }
  }

  /// Adds all of `ds`.
  package mutating func report(_ ds: some Sequence<Diagnostic>) { for d in ds { report(d) } }

  /// The diagnostics in order of position, those without one first.
  package var sorted: [Diagnostic] {
    elements.enumerated().sorted { (a, b) in
      let (l, r) = (a.element.span?.start ?? -1, b.element.span?.start ?? -1)
      return (l, a.offset) < (r, b.offset)
    }.map(\.element)
  }

}
