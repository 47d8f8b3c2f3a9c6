import Operations
import Support
import Syntax

/// What diagnostics say of an operand.
struct OperandNote {

  let type: SymbolicType

  /// Its text, if it is short.
  let text: String?

  let span: SourceSpan

  /// Says what type the operand on the given side has.
  func note(_ side: String) -> Diagnostic.Note {
    .init("\(side)\(text.map { " '\($0)'" } ?? ""): \(type)", at: span)
  }

}

/// The diagnostics of shapes: each prints both and points at both.
extension Diagnostic {

  private static let nominal = "equal sizes under different names are different dims"

  /// A dim of a value that is not the one its declaration names.
  ///
  /// `written` is where the declaration has `expected`, and `text` what it says there.
  static func dimMismatch(
    _ found: SymbolicDim, _ expected: SymbolicDim, in actual: SymbolicType, _ demand: Demand, written: SourceSpan,
    text: String
  ) -> Diagnostic {
    var notes: [Note] = [
      .init("it is \(actual)", at: demand.span), .init("declared here with \(expected)", at: written),
    ]
    var fixIts: [FixIt] = []
    if found.size == expected.size {
      notes.append(.init(nominal))
      fixIts.append(.init("write '\(found.expression)' for '\(text)'", replacing: written, with: found.expression))
    }
    return .init(
      .error, "CG0203", "\(demand.subject): \(found) where \(expected) is expected", at: demand.span,
      label: "\(found) is not \(expected)", notes: notes, fixIts: fixIts)
  }

  /// Leading axes that differ from those of the formal that bound `..`.
  static func leadingDims(
    _ expected: [SymbolicDim], _ found: [SymbolicDim], in actual: SymbolicType, _ demand: Demand
  ) -> Diagnostic {
    let (e, f) = (expected.map(\.description), found.map(\.description))
    return .init(
      .error, "CG0203",
      "\(demand.subject): leading axes [\(f.joined(separator: ", "))] where [\(e.joined(separator: ", "))] are expected",
      at: demand.span, notes: [.init("it is \(actual)"), .init("declared here", at: demand.declared)])
  }

  /// The axes that `@` sums over, which differ.
  static func innerDims(
    _ l: OperandNote, _ r: OperandNote, _ a: SymbolicDim, _ b: SymbolicDim, at span: BinarySpan
  ) -> Diagnostic {
    var notes = [l.note("left"), r.note("right")]
    if a.size == b.size { notes.append(.init(nominal)) }
    return .init(
      .error, "CG0203", "the inner dims of '@': \(a) where \(b) is expected", at: span.sign,
      label: "\(a) is not \(b)", notes: notes)
  }

  /// Shapes that do not broadcast.
  static func cannotBroadcast(_ sign: String, _ l: OperandNote, _ r: OperandNote, at span: BinarySpan) -> Diagnostic {
    let pairs = zip(l.type.dims.reversed(), r.type.dims.reversed())
    let one = SymbolicDim(literal: 1)
    let clash = pairs.first { $0 != $1 && $0 != one && $1 != one }
    let (a, b) = clash ?? (one, one)
    var notes = [l.note("left"), r.note("right")]
    if a.size == b.size { notes.append(.init(nominal)) }
    return .init(
      .error, "CG0204", "'\(sign)' of \(l.type) and \(r.type): \(a) and \(b) do not broadcast", at: span.sign,
      label: "\(a) and \(b)", notes: notes)
  }

  /// Operands of `@` without rows and columns.
  static func notMatrices(_ l: OperandNote, _ r: OperandNote, at span: BinarySpan) -> Diagnostic {
    .init(
      .error, "CG0205", "'@' takes matrices, not \(l.type) and \(r.type)", at: span.sign,
      notes: [l.note("left"), r.note("right"), .init("a product of elements is written with '*'")])
  }

  /// Two operands whose types do not fit each other.
  static func operandTypes(_ message: String, _ l: OperandNote, _ r: OperandNote, at span: SourceSpan) -> Diagnostic {
    .init(.error, "CG0210", message, at: span, notes: [l.note("first"), r.note("second")])
  }

  /// A value of the wrong kind for what is declared.
  static func wrongArgument(
    expected: String, _ what: String, found: String, at span: SourceSpan, declared: SourceSpan
  ) -> Diagnostic {
    .init(
      .error, "CG0210", "expected \(expected) for \(what), not \(found)", at: span,
      notes: [.init("declared here", at: declared)])
  }

  /// A value of another element type than is declared.
  static func wrongElement(_ expected: String, _ actual: SymbolicType, _ demand: Demand) -> Diagnostic {
    .init(
      .error, "CG0210", "expected \(expected) elements for \(demand.subject), not \(actual)", at: demand.span,
      notes: [.init("declared here", at: demand.declared)])
  }

  /// A value with another number of axes than is declared.
  static func wrongRank(_ count: Int, atLeast: Bool, _ actual: SymbolicType, _ demand: Demand) -> Diagnostic {
    .init(
      .error, "CG0210",
      "expected \(atLeast ? "at least " : "")\(count) \(count == 1 ? "axis" : "axes") for \(demand.subject), not \(actual)",
      at: demand.span, notes: [.init("declared here", at: demand.declared)])
  }

  /// A value of another type than is declared.
  static func wrongType(_ actual: SymbolicType, _ expected: SymbolicType, _ demand: Demand) -> Diagnostic {
    .init(
      .error, "CG0210", "expected \(expected) as \(demand.subject), not \(actual)", at: demand.span,
      notes: [.init("declared here", at: demand.declared)])
  }

  /// Components of data whose batches differ in size.
  static func firstAxes(_ l: OperandNote, _ r: OperandNote, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0203", "the first axis of data: \(r.type.dims[0]) where \(l.type.dims[0]) is expected", at: span,
      label: "\(r.type.dims[0]) is not \(l.type.dims[0])", notes: [l.note("first"), r.note("here")])
  }

  /// A condition that only running the model would tell.
  static func conditionOnValues(_ found: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0226", "a condition must be known to the compiler, and this is \(found)", at: span,
      notes: [.init("choose among values with where(condition, x, y)")])
  }

}

extension Diagnostic {

  /// A pattern of `rearrange` whose sides do not fit.
  static func badPattern(_ message: String, at span: SourceSpan) -> Diagnostic {
    .init(
      .error, "CG0228", message, at: span,
      notes: [.init("a pattern names every axis once on each side, as [B, T, (H, Dh)] -> [B, H, T, Dh]")])
  }

}
