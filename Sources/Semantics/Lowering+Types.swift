import IR
import Operations
import Support
import Syntax

/// A type that something declared has to have.
struct Demand {

  /// What has to have it.
  enum Subject: CustomStringConvertible {

    case argument(String)

    /// The result of the function of that name.
    case result(String)

    /// What messages call it: `the argument 'x'`.
    var description: String {
      switch self {
      case .argument(let name): "the argument '\(name)'"
      case .result(let name): "the result of '\(name)'"
      }
    }

  }

  let subject: Subject

  /// Where the value stands.
  let span: SourceSpan

  /// Where the type is declared.
  let declared: SourceSpan

}

extension Lowering {

  /// Returns the positive whole number that `e` stands for.
  mutating func dim(_ e: Expression) throws(Reported) -> SymbolicDim {
    try dim(try lower(e, hint: ""), at: e.span)
  }

  /// Returns the positive whole number that `m` is.
  mutating func dim(_ m: Meaning, at span: SourceSpan) throws(Reported) -> SymbolicDim {
    switch m {
    case .dim(let d) where d.size >= 1: return d
    case .number(let n) where n == n.rounded() && n >= 1 && n < 0x1p53: return .init(literal: Int(n))
    case .poison: throw Reported()
    case .dim, .number, .tensor, .boolean, .string, .tuple, .data, .layer, .elementType:
      throw fail(.notADim(m.kind, at: span))
    }
  }

  /// Returns the tensor type that `s` names; every dim must be known.
  mutating func tensorType(_ s: TypeSyntax) throws(Reported) -> SymbolicType {
    guard case .tensor(let element, let hasLeadingEllipsis, let dimensions) = s.kind else {
      throw fail(.expected("a tensor type", found: "another type", at: s.span))
    }
    var dims: [SymbolicDim] = []
    if hasLeadingEllipsis {
      guard let leadingDims else {
        throw fail(.misplaced("'..'", "a formal's type and the result type after it", at: s.span))
      }
      dims = leadingDims
    }
    for d in dimensions { dims.append(try dim(d)) }
    return .init(element: elementType(element), dims: dims)
  }

  /// Returns the element type of that name.
  func elementType(_ name: ElementTypeName) -> ElementType {
    switch name {
    case .f64: .f64
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    case .i64: .i64
    case .i32: .i32
    case .u16: .u16
    case .u8: .u8
    case .bool: .bool
    }
  }

  /// Binds the new dims of a formal's type to those of the actual one and demands that the others agree.
  mutating func unify(_ s: TypeSyntax, with actual: SymbolicType, of demand: Demand) throws(Reported) {
    guard case .tensor(let element, let hasLeadingEllipsis, let dimensions) = s.kind else {
      throw fail(.expected("a value for \(demand.subject)", found: "a tensor \(actual)", at: demand.span))
    }
    guard elementType(element) == actual.element else {
      throw fail(.wrongElement(element.rawValue, actual, demand))
    }
    let leading = actual.dims.count - dimensions.count
    guard leading == 0 || (hasLeadingEllipsis && leading > 0) else {
      throw fail(.wrongRank(dimensions.count, atLeast: hasLeadingEllipsis, actual, demand))
    }
    if hasLeadingEllipsis { try bindLeading(Array(actual.dims.prefix(leading)), actual, demand) }
    for (d, found) in zip(dimensions, actual.dims.dropFirst(leading)) { try unify(d, with: found, actual, demand) }
  }

  private mutating func unify(
    _ d: Expression, with found: SymbolicDim, _ actual: SymbolicType, _ demand: Demand
  ) throws(Reported) {
    if case .name(let n) = d.kind, meaning(of: n) == nil { return declare(.init(n, at: d.span), .dim(found)) }
    let expected = try dim(d)
    if expected != found {
      throw fail(.dimMismatch(found, expected, in: actual, demand, written: d.span, text: program.text(of: d.span)))
    }
  }

  private mutating func bindLeading(
    _ dims: [SymbolicDim], _ actual: SymbolicType, _ demand: Demand
  ) throws(Reported) {
    if let leadingDims, leadingDims != dims { throw fail(.leadingDims(leadingDims, dims, in: actual, demand)) }
    leadingDims = dims
  }

  /// Demands that `actual` is the declared type `expected`, which `s` names.
  mutating func check(
    _ actual: SymbolicType, is expected: SymbolicType, _ s: TypeSyntax, _ demand: Demand
  ) throws(Reported) {
    guard expected.element == actual.element, expected.dims.count == actual.dims.count else {
      throw fail(.wrongType(actual, expected, demand))
    }
    guard let i = expected.dims.indices.first(where: { expected.dims[$0] != actual.dims[$0] }) else { return }
    throw fail(mismatch(at: i, actual, expected, s, demand))
  }

  private func mismatch(
    at i: Int, _ actual: SymbolicType, _ expected: SymbolicType, _ s: TypeSyntax, _ demand: Demand
  ) -> Diagnostic {
    guard case .tensor(_, _, let dimensions) = s.kind, i >= expected.dims.count - dimensions.count else {
      return .leadingDims(expected.dims, actual.dims, in: actual, demand)
    }
    let written = dimensions[i - (expected.dims.count - dimensions.count)].span
    return .dimMismatch(
      actual.dims[i], expected.dims[i], in: actual, demand, written: written, text: program.text(of: written))
  }

}

extension SourceProgram {

  /// Returns the text at `span`.
  func text(of span: SourceSpan) -> String { map.file(at: span.start).text(of: span) }

}
