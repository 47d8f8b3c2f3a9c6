import IR
import Operations
import Support
import Syntax

/// A function of the language that is no function of a file: one row of the table of built-in functions.
///
/// A class, as one is handed on at every call.
final class Builtin: Sendable {

  let name: String

  /// The labels of its arguments, in order.
  let labels: [String]

  /// The number of arguments, from the first, that must be given.
  let required: Int

  /// How it is called, for messages.
  let form: String

  /// Returns its result.
  let lower: @Sendable (inout Lowering, BuiltinCall) throws(Reported) -> Meaning

  /// Creates a row; `form` shows a call, from which the labels are told: `softmax(x)`, `dropout(x, rate: 0.1)`.
  init(
    _ name: String, _ labels: [String], required: Int, form: String,
    _ lower: @escaping @Sendable (inout Lowering, BuiltinCall) throws(Reported) -> Meaning
  ) {
    self.name = name
    self.labels = labels
    self.required = required
    self.form = form
    self.lower = lower
  }

  /// Returns the built-in function called `name`, or `nil`.
  static func named(_ name: String) -> Builtin? { table[name] }

  /// All names in order of the alphabet.
  static let names = table.keys.sorted()

  private static let table: [String: Builtin] = {
    var table: [String: Builtin] = [:]
    for b in elementwise + reductions + classification + normalization + shapes + indexing + images + training {
      table[b.name] = b
    }
    return table
  }()

}

/// A call of a built-in function.
struct BuiltinCall {

  let builtin: Builtin

  /// For each label, the argument given for it.
  let arguments: [Expression?]

  /// The whole call.
  let span: SourceSpan

  /// What its result is called.
  let hint: String

  /// Returns the argument called `label`, or `nil` where it is not given.
  subscript(label: String) -> Expression? {
    guard let i = builtin.labels.firstIndex(of: label) else {
      preconditionFailure("\(builtin.name) has no argument \(label)")
    }
    return arguments[i]
  }

}

extension Lowering {

  /// Returns the result of the built-in function `name`.
  mutating func builtin(
    _ name: String, _ arguments: [Argument], calleeSpan: SourceSpan, at span: SourceSpan, hint: String
  ) throws(Reported) -> Meaning {
    guard let b = Builtin.named(name) else { throw unknownFunction(name, at: calleeSpan) }
    let bound = try bind(arguments, to: b.labels, form: b.form, at: span)
    for i in 0..<b.required where bound[i] == nil {
      throw fail(.badArguments("'\(name)' lacks the argument '\(b.labels[i])'", at: span, form: b.form))
    }
    return try b.lower(&self, .init(builtin: b, arguments: bound, span: span, hint: hint))
  }

  /// Reports the call of what is no function; a name that failed before is silent.
  private mutating func unknownFunction(_ name: String, at span: SourceSpan) -> Reported {
    if let b = lookup(name) {
      if case .poison = b.meaning { return .init() }
      return fail(.expected("a block or a function to call", found: b.meaning.kind, at: span))
    }
    let modules = (program.standardFunctions[name].map { [$0] } ?? []) + modules(with: name)
    let candidates = functionNames + Builtin.names
    return fail(.unknownFunction(name, at: span, candidates: candidates, modules: modules, start: file.base))
  }

  /// Returns the tensor that the argument called `label` is, named behind the call's result.
  mutating func tensor(_ label: String, of c: BuiltinCall) throws(Reported) -> Tensor {
    guard let e = c[label] else { throw missing(label, of: c) }
    return try tensor(try lower(e, hint: c.hint, part: label), at: e.span, hint: "\(c.hint).\(label)")
  }

  /// Reports that the argument called `label` is not given.
  mutating func missing(_ label: String, of c: BuiltinCall) -> Reported {
    fail(.badArguments("'\(c.builtin.name)' lacks the argument '\(label)'", at: c.span, form: c.builtin.form))
  }

  /// Returns the number that the argument called `label` is, or `standard` where it is not given.
  mutating func number(_ label: String, of c: BuiltinCall, default standard: Double) throws(Reported) -> Double {
    guard let e = c[label] else { return standard }
    return try scalar(try lower(e, hint: ""), at: e.span)
  }

  /// Returns the truth value that the argument called `label` is, or `standard` where it is not given.
  mutating func flag(_ label: String, of c: BuiltinCall, default standard: Bool = false) throws(Reported) -> Bool {
    guard let e = c[label] else { return standard }
    let m = try lower(e, hint: "")
    guard case .boolean(let b) = m else { throw fail(.expected("true or false", found: m.kind, at: e.span)) }
    return b
  }

  /// Returns the axes that the argument called `label` names, ascending; `nil` where it is not given.
  ///
  /// Negative ones count from the end.
  mutating func axes(_ label: String, of c: BuiltinCall, rank: Int) throws(Reported) -> [Int]? {
    guard let e = c[label] else { return nil }
    let axes = try axesInOrder(e, rank: rank)
    if Set(axes).count != axes.count { throw fail(.expected("each axis once", found: "\(axes)", at: e.span)) }
    return axes.sorted()
  }

  /// Returns the axis that the argument called `label` names, or `standard` where it is not given.
  mutating func axis(_ label: String, of c: BuiltinCall, rank: Int, default standard: Int) throws(Reported) -> Int {
    guard let e = c[label] else { return try axis(.dim(.init(literal: standard)), rank: rank, at: c.span) }
    return try axis(try lower(e, hint: ""), rank: rank, at: e.span)
  }

  /// Returns the axes that `e`, a number or a tuple of numbers, names, in their order.
  mutating func axesInOrder(_ e: Expression, rank: Int) throws(Reported) -> [Int] {
    let m = try lower(e, hint: "")
    let parts = if case .tuple(let p) = m { p } else { [m] }
    var axes: [Int] = []
    for p in parts { axes.append(try axis(p, rank: rank, at: e.span)) }
    return axes
  }

  private mutating func axis(_ m: Meaning, rank: Int, at span: SourceSpan) throws(Reported) -> Int {
    if case .poison = m { throw Reported() }
    guard case .dim(let d) = m, -rank..<rank ~= d.size else {
      let range = rank == 0 ? "no axis, as a scalar has none" : "an axis from \(-rank) to \(rank - 1)"
      throw fail(.expected(range, found: m.kind, at: span))
    }
    return d.size < 0 ? d.size + rank : d.size
  }

  /// Returns the whole numbers that the argument called `label` is: one of them for all `count`, or a tuple of `count`.
  /// None may be above `most`, so that what is computed of them and of extents fits 64 bits.
  mutating func integers(
    _ label: String, of c: BuiltinCall, count: Int, default standard: Int, from least: Int, to most: Int = 1 << 48
  ) throws(Reported) -> [Int] {
    guard let e = c[label] else { return Array(repeating: standard, count: count) }
    let m = try lower(e, hint: "")
    let parts = if case .tuple(let p) = m { p } else { Array(repeating: m, count: count) }
    guard parts.count == count else { throw fail(.expected("\(count) numbers", found: m.kind, at: e.span)) }
    var all: [Int] = []
    for p in parts {
      guard case .dim(let d) = p, d.size >= least else {
        throw fail(.expected("a whole number from \(least) for '\(label)'", found: p.kind, at: e.span))
      }
      if d.size > most {
        throw fail(.expected("a whole number up to \(most) for '\(label)'", found: p.kind, at: e.span))
      }
      all.append(d.size)
    }
    return all
  }

  /// Demands that `t` is of element type `element`.
  mutating func require(_ element: ElementType, _ t: Tensor, _ label: String, of c: BuiltinCall) throws(Reported) {
    if t.type.element == element { return }
    let span = c[label]?.span ?? c.span
    throw fail(.expected("\(element.rawValue) elements for '\(c.builtin.name)'", found: "\(t.type)", at: span))
  }

}
